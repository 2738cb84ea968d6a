import type { ACTORS, EVENT_SUBJECTS } from "../../domain/event/event.ts";
import { builder } from "../builder.ts";

export const ActorEnum = builder.enumType("Actor", {
  description: "Who makes something happen.",
  values: {
    SYSTEM: { description: "Gatehouse itself." },
    FOUNDER: { description: "A person, through the API." },
    LLM: { description: "A model." },
    AGENT: { description: "An agent that works on a run." },
  } satisfies Record<(typeof ACTORS)[number], { description: string }>,
});

export const EventSubjectEnum = builder.enumType("EventSubject", {
  description: "What an event is about.",
  values: {
    STAGE: { description: "The project and its stage." },
    GATE: { description: "A decision gate." },
    MILESTONE: { description: "A stage's milestones." },
    RISK: { description: "A risk." },
    ARTIFACT: { description: "A document." },
    DISCUSSION: { description: "A discussion between models." },
    RUN: { description: "A run or one of its workstreams." },
    ESCALATION: { description: "A question of an agent to a person." },
  } satisfies Record<(typeof EVENT_SUBJECTS)[number], { description: string }>,
});

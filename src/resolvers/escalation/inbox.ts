import { builder } from "../../schema/builder.ts";
import { EventInterface } from "../../schema/event/event.ts";
import { only, toEvent } from "../event/stream.ts";

/** What an inbox tells: that there is a new question, that one is closed, that one has run out of time. */
const TOLD = ["agent.waiting_for_input", "agent.escalation_resolved", "agent.escalation_expired"];

builder.subscriptionField("escalationInbox", (t) =>
  t.field({
    type: EventInterface,
    description:
      "The questions of agents in all the viewer's projects as they are opened, closed, or run out of time: each an EscalationEvent. Live only: subscribe first, then read viewer.escalations, and nothing is missed; for one project projectEvents can be resumed.",
    subscribe: (_root, _args, { hub, viewer, signal }) =>
      only(hub.viewerStream(viewer, signal), ({ type }) => TOLD.includes(type)),
    resolve: toEvent,
  }),
);

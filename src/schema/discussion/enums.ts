import {
  type ACTIVITIES,
  type DISCUSSION_STATUSES,
  type DISCUSSION_TYPES,
  type MESSAGE_KINDS,
  type MESSAGE_STATUSES,
  MODEL_FAILURES,
  type ModelFailure,
  type ROUND_STATUSES,
  type ROUND_TYPES,
} from "../../domain/discussion/states.ts";
import { builder } from "../builder.ts";

type Values<Name extends string> = Record<Name, { description: string }>;

export const DiscussionTypeEnum = builder.enumType("DiscussionType", {
  description: "How models discuss.",
  values: {
    OPEN: { description: "Each answers once, unheard by the others: one parallel round." },
    DISCUSS: {
      description:
        "A parallel round, then sequential ones, until the planned rounds are held or the models agree.",
    },
  } satisfies Values<(typeof DISCUSSION_TYPES)[number]>,
});

export const DiscussionStatusEnum = builder.enumType("DiscussionStatus", {
  description: "Whether a discussion accepts commands.",
  values: {
    ACTIVE: { description: "Rounds and messages can be added." },
    COMPLETED: { description: "It is on record as it is." },
  } satisfies Values<(typeof DISCUSSION_STATUSES)[number]>,
});

export const DiscussionActivityEnum = builder.enumType("DiscussionActivity", {
  description: "What a discussion does now: one thing at a time. A second one is a ConflictError.",
  values: {
    IDLE: { description: "Nothing: it waits for a command." },
    ROUND: { description: "A round is being held." },
    SUMMARY: { description: "A model summarises what the models agree on." },
  } satisfies Values<(typeof ACTIVITIES)[number]>,
});

export const RoundTypeEnum = builder.enumType("RoundType", {
  description: "Who hears whom in a round.",
  values: {
    PARALLEL: { description: "All speak at once: each hears the rounds before it." },
    SEQUENTIAL: {
      description:
        "One speaks after the other: each hears everything before it. The order moves on by one with each round.",
    },
  } satisfies Values<(typeof ROUND_TYPES)[number]>,
});

export const RoundStatusEnum = builder.enumType("RoundStatus", {
  description: "Where a round stands.",
  values: {
    RUNNING: { description: "Somebody is still to speak." },
    COMPLETED: { description: "All have spoken, or failed to; at least one has spoken." },
    FAILED: { description: "No model answered." },
  } satisfies Values<(typeof ROUND_STATUSES)[number]>,
});

export const MessageKindEnum = builder.enumType("MessageKind", {
  description: "What a message is.",
  values: {
    ANSWER: { description: "What a model says when it is its turn." },
    DIRECT: { description: "What a model answers a person who has asked it by name." },
    RANKING: { description: "How a model ranks the others' answers, which it was given without names." },
    PERSON: { description: "What a person says." },
  } satisfies Values<(typeof MESSAGE_KINDS)[number]>,
});

export const MessageStatusEnum = builder.enumType("MessageStatus", {
  description: "Where a message stands.",
  values: {
    PENDING: { description: "The model has not been asked yet." },
    RUNNING: { description: "The model is speaking: follow `discussionStream`." },
    COMPLETED: { description: "It is said." },
    FAILED: { description: "It was not said to the end; `failure` tells why." },
  } satisfies Values<(typeof MESSAGE_STATUSES)[number]>,
});

export const ModelFailureEnum = builder.enumType("ModelFailureReason", {
  description: "Why a model did not say what it was asked for.",
  values: Object.fromEntries(
    Object.entries(MODEL_FAILURES).map(([reason, description]) => [reason, { description }]),
  ) as Values<ModelFailure>,
});

export const DiscussionPhaseEnum = builder.enumType("DiscussionPhase", {
  description: "What of a discussion has failed.",
  values: {
    ROUND: { description: "A round: no model answered." },
    SUMMARY: { description: "A summary: the rounds are as they were." },
  },
});

/** OPEN: every model answers once. DISCUSS: then they discuss, round by round. */
export const DISCUSSION_TYPES = ["OPEN", "DISCUSS"] as const;
export type DiscussionType = (typeof DISCUSSION_TYPES)[number];

export const DISCUSSION_STATUSES = ["ACTIVE", "COMPLETED"] as const;
export type DiscussionStatus = (typeof DISCUSSION_STATUSES)[number];

/** What a discussion does now: one thing at a time. */
export const ACTIVITIES = ["IDLE", "ROUND", "SUMMARY"] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** PARALLEL: all at once, unheard by each other. SEQUENTIAL: one after the other, each hearing all before it. */
export const ROUND_TYPES = ["PARALLEL", "SEQUENTIAL"] as const;
export type RoundType = (typeof ROUND_TYPES)[number];

export const ROUND_STATUSES = ["RUNNING", "COMPLETED", "FAILED"] as const;
export type RoundStatus = (typeof ROUND_STATUSES)[number];

export const MESSAGE_KINDS = ["ANSWER", "DIRECT", "RANKING", "PERSON"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const MESSAGE_STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** Whether a message changes no more. */
export function isSaid(status: string): boolean {
  return status === "COMPLETED" || status === "FAILED";
}

/** Why a model did not say what it was asked for. */
export const MODEL_FAILURES = {
  RATE_LIMITED: "The model's provider refused it for asking too often, several times in a row.",
  UNAVAILABLE: "The model could not be reached, broke off, or is not there any more.",
  TIMEOUT: "The model did not answer in time.",
  INVALID_OUTPUT: "What the model said does not fit what it was asked for.",
  REFUSED: "The model refused to answer.",
  QUOTA_EXCEEDED: "The plan's tokens for the day are used up.",
  ARCHIVED: "The project was archived meanwhile.",
  INTERNAL: "A fault of the server; its log has the details.",
} as const;
export type ModelFailure = keyof typeof MODEL_FAILURES;

/** A failure, in words for people. */
export interface Failed {
  readonly failure: ModelFailure;
  readonly message: string;
}

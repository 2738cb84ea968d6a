/** The kinds of work that models do in a discussion, each a job. */
export const DISCUSSION_TASKS = ["ROUND", "POST", "SUMMARY"] as const;

/** A piece of work: a round, the direct answers to a person's message, or a summary. */
export interface DiscussionTask {
  readonly task: (typeof DISCUSSION_TASKS)[number];
  /** The round's id, the person's message's, or the summary's. */
  readonly id: string;
}

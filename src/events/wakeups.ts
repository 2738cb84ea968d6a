/** Says that a project's log has grown to at least that sequence. Only a hint: the log is the truth. */
export interface Wakeup {
  readonly projectId: string;
  readonly sequence: number;
}

export interface WakeupListener {
  /** New events can be read. */
  onWakeup(wakeup: Wakeup): void;
  /** More of what is being said in a discussion can be read. */
  onDiscussion?(discussionId: string): void;
  /** What a user may see or do has changed. */
  onAccess?(userId: string): void;
  /** Wake-ups may have been lost (the connection was down): look at everything. */
  onResync(): void;
}

/**
 * Carries wake-ups from the command that appended to whoever reads the log. It may lose, repeat and reorder
 * them: a reader that also polls loses time by that and never an event.
 */
export interface Wakeups {
  /** Called after commit. Never throws and never waits for the network. */
  publish(wakeup: Wakeup): void;
  /** The same for what is being said in a discussion, of which the log tells only the end. */
  publishDiscussion(discussionId: string): void;
  /** The same for what a user may see or do: they joined or left a project, a key of theirs was revoked, they were suspended. */
  publishAccess(userId: string): void;
  /** Calls the listener until the returned function is called. */
  listen(listener: WakeupListener): () => void;
  /** Connects, where there is something to connect to. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

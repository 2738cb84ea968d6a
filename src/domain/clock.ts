/** Where the time comes from. Passed in, so that rules about days can be tested in milliseconds. */
export interface Clock {
  now(): Date;
}

/** Runs something at a moment. Passed in, so that tests wind it by hand. */
export interface Timer {
  /** Returns a function that cancels it. A moment in the past runs soon. */
  at(when: Date, run: () => void): () => void;
}

/** Where new ids come from: UUIDv7, so that ids sort by creation. */
export interface IdSource {
  next(): string;
}

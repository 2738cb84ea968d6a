/** Where the time comes from. Passed in, so that rules about days can be tested in milliseconds. */
export interface Clock {
  now(): Date;
}

/** Where new ids come from: UUIDv7, so that ids sort by creation. */
export interface IdSource {
  next(): string;
}

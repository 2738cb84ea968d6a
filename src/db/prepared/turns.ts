/** Characters of a result whose reading, and what an answer makes of it, take some milliseconds. */
const LARGE = 32 * 1024;

/**
 * Lets one large result a turn of the event loop be read. Those that have come in the same turn would otherwise be read, executed
 * and written one after the other, and everybody else, timers and new requests too, would wait for all of them.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** @returns what to wait for before a result of so many characters is read; undefined where there is no need to */
  before(characters: number): Promise<void> | undefined {
    return characters > LARGE ? this.#take() : undefined;
  }

  #take(): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#last;
  }
}

/** Counts work that has begun and not ended, so that a shutdown can wait for it. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Returns the function that ends this piece of work; calling it again does nothing. */
  begin(): () => void {
    this.#count += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#count -= 1;
      if (this.#count === 0) {
        for (const resolve of this.#waiting.splice(0)) resolve();
      }
    };
  }

  /** Resolves once nothing is in flight. */
  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Tells whoever waits that something has happened. */
export class Changes {
  #count = 0;
  #waiting = new Set<() => void>();

  /** Something has happened. */
  note(): void {
    this.#count += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting = new Set();
  }

  /** Looks from now on: `next` resolves with the first change after this call, which may have been already. */
  since(): { next(): Promise<void> } {
    const seen = this.#count;
    return {
      next: () => (this.#count > seen ? Promise.resolve() : new Promise((wake) => this.#waiting.add(wake))),
    };
  }
}

/** Lets one reader sleep until a writer has something for it. */
export class Waiter {
  #wake: (() => void) | null = null;

  /** Sleeps until the next `wake`. One caller at a time. */
  sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

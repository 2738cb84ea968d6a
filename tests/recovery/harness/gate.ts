/** Lets clients pass, or makes them wait: those that have a command to finish, and those that would begin another. */
export class Gate {
  #open = false;
  #waiting = new Set<() => void>();

  open(): void {
    this.#open = true;
    for (const pass of this.#waiting) pass();
    this.#waiting.clear();
  }

  close(): void {
    this.#open = false;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async pass(): Promise<void> {
    while (!this.#open) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}

import { randomBytes } from "node:crypto";
import type { IdSource } from "../../src/domain/clock.ts";

/** UUIDv7-shaped ids that count up, so that what is made later sorts later; unique per source. */
export class SequentialIds implements IdSource {
  readonly #tail = randomBytes(6).toString("hex");
  #count = 0;

  next(): string {
    this.#count += 1;
    const count = this.#count.toString(16).padStart(12, "0");
    return `${count.slice(0, 8)}-${count.slice(8)}-7000-8000-${this.#tail}`;
  }
}

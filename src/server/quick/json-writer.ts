/** To this depth a value is taken apart: an answer, its field, a page of it, the page's items. */
const DEPTH = 5;

/**
 * Writes a value as JSON.stringify would, as UTF-8 into a buffer, piece by piece. Strings as large as an answer get pages of
 * memory of their own each time, which took longer than making their text.
 */
export class JsonWriter {
  #buffer: Buffer;
  #length = 0;

  /** @param buffer to begin with; a larger one takes its place where it is too small */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** The buffer that was written to. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** What was written. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** @param value what JSON can hold: no functions, no undefined in arrays */
  write(value: unknown, depth = DEPTH): void {
    if (depth === 0 || typeof value !== "object" || value === null) this.#text(JSON.stringify(value));
    else if (Array.isArray(value)) this.#list(value, depth);
    else this.#object(value as Readonly<Record<string, unknown>>, depth);
  }

  /** Writes it as it is. */
  #text(text: string): void {
    // A UTF-16 unit takes at most three bytes.
    const needed = this.#length + text.length * 3;
    if (needed > this.#buffer.byteLength) this.#grow(needed);
    this.#length += this.#buffer.write(text, this.#length);
  }

  #list(list: readonly unknown[], depth: number): void {
    this.#text("[");
    for (let at = 0; at < list.length; at += 1) {
      if (at > 0) this.#text(",");
      this.write(list[at], depth - 1);
    }
    this.#text("]");
  }

  #object(object: Readonly<Record<string, unknown>>, depth: number): void {
    let separator = "{";
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined) continue;
      this.#text(`${separator}${JSON.stringify(key)}:`);
      this.write(value, depth - 1);
      separator = ",";
    }
    this.#text(separator === "{" ? "{}" : "}");
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.byteLength * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

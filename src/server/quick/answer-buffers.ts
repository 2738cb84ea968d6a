/** Answers of up to so many bytes; larger ones are rare. */
const FIRST_BYTES = 256 * 1024;
/** A buffer that has grown beyond this is not kept. */
const MAX_KEPT_BYTES = 2 * 1024 * 1024;
const MAX_KEPT = 32;

/**
 * Buffers that answers are written into, used again once an answer has been sent. Fresh memory for each answer costs more than
 * writing it: the kernel has to clear and map every page of it, and to take it back afterwards.
 */
export class AnswerBuffers {
  readonly #free: Buffer[] = [];

  /** One that is nobody else's until it is given back. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** For the next answer. Only when nothing reads it any more: what was sent must have been sent. */
  giveBack(buffer: Buffer): void {
    if (buffer.byteLength <= MAX_KEPT_BYTES && this.#free.length < MAX_KEPT) this.#free.push(buffer);
  }
}

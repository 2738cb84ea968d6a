import { onTestFinished } from "vitest";

/** A block of an event stream: a comment, or an event with its fields as they came. */
export type Block =
  | { readonly comment: string }
  | { readonly event: string | undefined; readonly data: string | undefined };

/** An HTTP response that is read as the text of an event stream, block by block, comments too. */
export class EventStream {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;
  #text = "";

  private constructor(response: Response, abort: AbortController) {
    if (!response.body) throw new Error("The response has no body.");
    this.response = response;
    this.#abort = abort;
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Sends a request, which may ask for a stream; it is aborted when the test is over. */
  static async request(url: string, init: RequestInit): Promise<EventStream> {
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    return new EventStream(await fetch(url, { ...init, signal: abort.signal }), abort);
  }

  /** The next block; null at the end of the stream. */
  async next(): Promise<Block | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await this.#reader.read();
        if (done && this.#text !== "") throw new Error(`The stream ends in the middle: ${this.#text}`);
        if (done) return null;
        this.#text += value;
        continue;
      }
      const lines = this.#text.slice(0, end).split("\n");
      this.#text = this.#text.slice(end + 2);
      const comment = lines.find((line) => line.startsWith(":"));
      if (comment !== undefined) return { comment: comment.slice(1) };
      const fieldOf = (name: string) => {
        const line = lines.find((each) => each.startsWith(`${name}:`));
        return line?.slice(name.length + 1).replace(/^ /, "");
      };
      return { event: fieldOf("event"), data: fieldOf("data") };
    }
  }

  /** The next event: its name, and its data read as JSON. Comments are passed over. */
  async nextEvent(): Promise<{ event: string | undefined; data: unknown } | null> {
    for (;;) {
      const block = await this.next();
      if (block === null) return null;
      if ("comment" in block) continue;
      return { event: block.event, data: block.data ? JSON.parse(block.data) : null };
    }
  }

  /** All events up to the end of the stream. */
  async rest(): Promise<unknown[]> {
    const events: unknown[] = [];
    for (let event = await this.nextEvent(); event; event = await this.nextEvent()) events.push(event);
    return events;
  }

  /** The client goes. */
  leave(): void {
    this.#abort.abort();
  }
}

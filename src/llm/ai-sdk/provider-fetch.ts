/** More than this of one answer is not read, whatever it holds. A long stream of single tokens is a tenth of it. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What stands for a figure that is none. It stays impossible when the SDK adds other figures to it. */
export const IMPOSSIBLE_FIGURE = -(2 ** 50);

/** An answer of a size that no model's answer has. */
export class OversizedResponseError extends Error {
  override readonly name = "OversizedResponseError";
}

export interface ProviderFetchOptions {
  /** Whether `[DONE]` ends a stream, as in OpenAI's chat completions. */
  readonly endsWithDone: boolean;
}

/**
 * A fetch whose answers the SDK can read although a server takes liberties:
 *
 * - Usage figures that are no counts (negative, fractions, text) become `IMPOSSIBLE_FIGURE`. The SDK would refuse the whole
 *   answer for their type.
 * - A stream that ends with `[DONE]` and gave no finish reason gets an empty one. One that breaks off gets none.
 * - What is larger than 32 MB is broken off with an OversizedResponseError.
 */
export function createProviderFetch({ endsWithDone }: ProviderFetchOptions): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { body, status, statusText, headers } = response;
    if (body === null) return response;
    const limited = body.pipeThrough(byteLimit());
    const type = headers.get("content-type") ?? "";
    const mended = type.includes("text/event-stream")
      ? asText(limited, new EventLines(endsWithDone))
      : type.includes("json")
        ? asText(limited, new WholeText())
        : limited;
    return new Response(mended, { status, statusText, headers });
  };
}

function byteLimit(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BYTES) controller.enqueue(chunk);
      else controller.error(new OversizedResponseError(`An answer has more than ${MAX_BYTES} bytes.`));
    },
  });
}

function asText(body: ReadableStream<Uint8Array>, transformer: Transformer<string, string>): ReadableStream {
  return body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new TransformStream(transformer))
    .pipeThrough(new TextEncoderStream());
}

class WholeText implements Transformer<string, string> {
  readonly #parts: string[] = [];

  transform(part: string): void {
    this.#parts.push(part);
  }

  flush(controller: TransformStreamDefaultController<string>): void {
    controller.enqueue(withFigures(this.#parts.join("")));
  }
}

const DATA = /^data:\s?(.*?)(\r?)$/s;
const FINISH_REASON = /"finish_reason"\s*:\s*"/;
const EMPTY_FINISH = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "" }] })}\n\n`;

class EventLines implements Transformer<string, string> {
  readonly #endsWithDone: boolean;
  #line = "";
  #hasReason = false;

  constructor(endsWithDone: boolean) {
    this.#endsWithDone = endsWithDone;
  }

  transform(part: string, controller: TransformStreamDefaultController<string>): void {
    const lines = part.split("\n");
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop() ?? "";
    for (const line of lines) controller.enqueue(`${this.#mended(line)}\n`);
  }

  flush(controller: TransformStreamDefaultController<string>): void {
    if (this.#line !== "") controller.enqueue(this.#mended(this.#line));
  }

  #mended(line: string): string {
    const [, data, lineEnd] = DATA.exec(line) ?? [];
    if (data === undefined) return line;
    this.#hasReason ||= FINISH_REASON.test(data);
    if (this.#endsWithDone && data.trim() === "[DONE]" && !this.#hasReason) return EMPTY_FINISH + line;
    const mended = withFigures(data);
    return mended === data ? line : `data: ${mended}${lineEnd}`;
  }
}

const FIGURE = /(?:_tokens|TokenCount)$/;
const DETAILS = /_details$/;
const USAGE = /^(?:usage|usageMetadata)$/;
const NO_FIGURES = { input_tokens: IMPOSSIBLE_FIGURE, output_tokens: IMPOSSIBLE_FIGURE };

/** JSON of a provider with its odd figures replaced. What is in order, or no JSON at all, stays as it is. */
function withFigures(json: string): string {
  if (!json.includes('"usage')) return json;
  let isOdd = false;
  const odd = <T>(value: T): T => {
    isOdd = true;
    return value;
  };
  try {
    const value = JSON.parse(json, (key, value: unknown) => {
      if (value === null) return value;
      if (FIGURE.test(key)) return isFigure(value) ? value : odd(IMPOSSIBLE_FIGURE);
      if (USAGE.test(key) && !isRecord(value)) return odd(NO_FIGURES);
      if (DETAILS.test(key) && typeof value !== "object") return odd(undefined);
      return value;
    });
    return isOdd ? JSON.stringify(value) : json;
  } catch {
    return json;
  }
}

/** A count, or something that only has such a name. */
function isFigure(value: unknown): boolean {
  return typeof value === "object" || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && !Array.isArray(value);
}

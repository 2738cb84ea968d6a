import { type Answer, eventOf, json } from "./stand-in.ts";

/** What a stand-in says that it used for an answer. */
export const ANSWER_USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

interface Ending {
  readonly finishReason?: string | null;
  readonly refusal?: string;
  /** What the server says that it used. */
  readonly usage?: unknown;
}

/** A chat completion of the OpenAI-compatible protocol, all at once. Objects are sent as JSON. */
export function completion(
  content: unknown,
  { finishReason = "stop", refusal, usage = ANSWER_USAGE }: Ending = {},
): Answer {
  return json({ ...completionBody(content, finishReason, refusal), usage });
}

/** The same, streamed piece by piece. */
export function streamed(
  pieces: readonly string[],
  { finishReason = "stop", usage = ANSWER_USAGE }: Ending = {},
): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of pieces) response.write(eventOf(chunk({ content })));
    response.write(eventOf(chunk({}, finishReason)));
    response.write(eventOf({ ...chunk({}), choices: [], usage }));
    response.end(eventOf("[DONE]"));
  };
}

/** A stream that ends after some pieces, as when a proxy is restarted: its connection is closed, or cut. */
export function brokenStream(pieces: readonly string[], how: "closed" | "cut"): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text = pieces.map((content) => eventOf(chunk({ content }))).join("");
    if (how === "closed") response.end(text);
    else response.write(text, () => response.destroy());
  };
}

/** A stream that says some pieces and then nothing more, with its connection open. */
export function stalledStream(pieces: readonly string[]): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of pieces) response.write(eventOf(chunk({ content })));
  };
}

/** A stream in which the server reports an error of its own. */
export function failingStream(pieces: readonly string[], message: string): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of pieces) response.write(eventOf(chunk({ content })));
    response.end(eventOf({ error: { message, type: "server_error", code: null } }));
  };
}

/** A body whose connection is cut in the middle. */
export function cutBody(content: unknown): Answer {
  return (response) => {
    const text = JSON.stringify(completionBody(content, "stop"));
    response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  };
}

/** An error as OpenAI words them. */
export function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json({ error: { message, type: "error", param: null, code: null } }, status, headers);
}

function completionBody(content: unknown, finish_reason: string | null, refusal: string | null = null) {
  const text = typeof content === "string" || content === null ? content : JSON.stringify(content);
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_767_603_600,
    model: "stand-in",
    choices: [{ index: 0, message: { role: "assistant", content: text, refusal }, finish_reason }],
    usage: ANSWER_USAGE,
  };
}

function chunk(delta: object, finish_reason: string | null = null) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_767_603_600,
    model: "stand-in",
    choices: [{ index: 0, delta, finish_reason }],
  };
}

import type { Provider } from "../../../src/config/llm.ts";
import { completion, streamed } from "./openai-server.ts";
import { type Answer, events, json, type RecordedRequest } from "./stand-in.ts";

/** How one provider is spoken to: the same answer in its own words, 100 tokens in and 20 out. */
export interface Protocol {
  readonly provider: Provider;
  readonly modelId: string;
  /** Answers all at once, with text. */
  readonly whole: (text: string) => Answer;
  /** Answers in pieces. */
  readonly pieces: (...pieces: readonly string[]) => Answer;
  /** Stops in the middle of its pieces, with the connection closed in order. */
  readonly broken: (piece: string) => Answer;
  /** Refuses, as the provider says that. */
  readonly refused: Answer;
  /** Says that it is overloaded. */
  readonly overloaded: Answer;
  readonly path: { readonly whole: string; readonly pieces: string };
  readonly keyOf: (request: RecordedRequest) => string | undefined;
  readonly limitOf: (body: RecordedRequest["body"]) => number;
  readonly schemaOf: (body: RecordedRequest["body"]) => unknown;
}

const bearer = ({ headers }: RecordedRequest) => headers.authorization?.replace("Bearer ", "");

const compatible: Protocol = {
  provider: "compatible",
  modelId: "llama3.1:8b",
  whole: (text) => completion(text),
  pieces: (...pieces) => streamed(pieces),
  broken: (piece) => events({ id: "1", choices: [{ index: 0, delta: { content: piece } }] }),
  refused: completion(null, { refusal: "No." }),
  overloaded: json({ error: { message: "busy" } }, 503),
  path: { whole: "/v1/chat/completions", pieces: "/v1/chat/completions" },
  keyOf: bearer,
  limitOf: ({ max_tokens }) => max_tokens,
  schemaOf: ({ response_format }) => response_format.json_schema.schema,
};

const response = (content: readonly object[]) => ({
  id: "resp_1",
  created_at: 1_767_603_600,
  model: "gpt-5",
  output: [{ type: "message", id: "msg_1", role: "assistant", status: "completed", content }],
  usage: { input_tokens: 100, output_tokens: 20 },
});
const responseBegins = [
  { type: "response.created", response: { id: "resp_1", created_at: 1_767_603_600, model: "gpt-5" } },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { type: "message", id: "msg_1", role: "assistant", status: "in_progress", content: [] },
  },
];
const responseDelta = (delta: string) => ({
  type: "response.output_text.delta",
  item_id: "msg_1",
  output_index: 0,
  content_index: 0,
  delta,
});

const openai: Protocol = {
  provider: "openai",
  modelId: "gpt-5",
  whole: (text) => json(response([{ type: "output_text", text, annotations: [] }])),
  pieces: (...pieces) =>
    events(
      ...responseBegins,
      ...pieces.map(responseDelta),
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [] },
      },
      { type: "response.completed", response: response([]) },
    ),
  broken: (piece) => events(...responseBegins, responseDelta(piece)),
  refused: json(response([{ type: "refusal", refusal: "No." }])),
  overloaded: json({ error: { message: "busy", type: "server_error" } }, 503),
  path: { whole: "/v1/responses", pieces: "/v1/responses" },
  keyOf: bearer,
  limitOf: ({ max_output_tokens }) => max_output_tokens,
  schemaOf: ({ text }) => text.format.schema,
};

const message = (content: readonly object[], stop_reason: string | null) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5",
  content,
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 100, output_tokens: stop_reason === null ? 1 : 20 },
});
const messageBegins = [
  { type: "message_start", message: message([], null) },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
];
const messageDelta = (text: string) => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text },
});

const anthropic: Protocol = {
  provider: "anthropic",
  modelId: "claude-sonnet-4-5",
  whole: (text) => json(message([{ type: "text", text }], "end_turn")),
  pieces: (...pieces) =>
    events(
      ...messageBegins,
      ...pieces.map(messageDelta),
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 20 },
      },
      { type: "message_stop" },
    ),
  broken: (piece) => events(...messageBegins, messageDelta(piece)),
  refused: json(message([], "refusal")),
  overloaded: json({ type: "error", error: { type: "overloaded_error", message: "busy" } }, 529),
  path: { whole: "/v1/messages", pieces: "/v1/messages" },
  keyOf: ({ headers }) => headers["x-api-key"]?.toString(),
  limitOf: ({ max_tokens }) => max_tokens,
  schemaOf: ({ output_config }) => output_config.format.schema,
};

const candidate = (parts: readonly object[], finishReason?: string) => ({
  candidates: [
    { content: { role: "model", parts }, ...(finishReason === undefined ? {} : { finishReason }), index: 0 },
  ],
  usageMetadata: {
    promptTokenCount: 100,
    candidatesTokenCount: 8,
    thoughtsTokenCount: 12,
    totalTokenCount: 120,
  },
});

const google: Protocol = {
  provider: "google",
  modelId: "gemini-2.5-pro",
  whole: (text) => json(candidate([{ text }], "STOP")),
  pieces: (...pieces) =>
    events(
      ...pieces.map((text, index) => candidate([{ text }], index === pieces.length - 1 ? "STOP" : undefined)),
    ),
  broken: (piece) => events(candidate([{ text: piece }])),
  refused: json(candidate([], "SAFETY")),
  overloaded: json({ error: { code: 503, message: "busy", status: "UNAVAILABLE" } }, 503),
  path: {
    whole: "/v1/models/gemini-2.5-pro:generateContent",
    pieces: "/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
  },
  keyOf: ({ headers }) => headers["x-goog-api-key"]?.toString(),
  limitOf: ({ generationConfig }) => generationConfig.maxOutputTokens,
  schemaOf: ({ generationConfig }) => generationConfig.responseJsonSchema ?? generationConfig.responseSchema,
};

export const PROTOCOLS = [anthropic, openai, google, compatible] as const;

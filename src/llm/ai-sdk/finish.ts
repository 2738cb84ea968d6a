import type { FinishReason } from "ai";

/** How an answer ended: whole, cut at a limit, refused by the model or its provider's filter, or failed on the way. */
export type End = "complete" | "cut" | "refused" | "failed";

/** The reasons that the SDK knows. `other` is everything that it does not. */
const KNOWN: Readonly<Record<Exclude<FinishReason, "other">, End>> = {
  stop: "complete",
  length: "cut",
  "content-filter": "refused",
  // No tools are offered: a model that calls one has not answered.
  "tool-calls": "failed",
  error: "failed",
  interrupted: "failed",
};

/**
 * What servers say besides, in lower case with underscores. Whatever stands nowhere here means that the model has ended:
 * `eos_token`, `end`, an empty string. An answer that came is not lost over an unknown word.
 */
const OTHERS: Readonly<Record<string, End>> = {
  max_tokens: "cut",
  max_new_tokens: "cut",
  max_output_tokens: "cut",
  max_length: "cut",
  model_length: "cut",
  token_limit: "cut",
  context_length: "cut",
  context_length_exceeded: "cut",
  model_context_window_exceeded: "cut",
  refusal: "refused",
  refused: "refused",
  safety: "refused",
  sensitive: "refused",
  blocked: "refused",
  blocklist: "refused",
  recitation: "refused",
  prohibited_content: "refused",
  content_filtered: "refused",
  guardrail_intervened: "refused",
  error: "failed",
  abort: "failed",
  aborted: "failed",
  cancelled: "failed",
  canceled: "failed",
  timeout: "failed",
  network_error: "failed",
  insufficient_system_resource: "failed",
  malformed_response: "failed",
  unexpected_tool_call: "failed",
};

/**
 * The end that a finish reason stands for, the same for a stream and for an answer in one piece.
 *
 * @param raw the provider's own word; undefined when it gave none, which of a stream means that it broke off
 */
export function endOf(reason: FinishReason, raw: string | undefined): End {
  if (reason !== "other") return KNOWN[reason];
  if (raw === undefined) return "failed";
  const name = raw.trim().toLowerCase().replace(/\W+/g, "_");
  return Object.hasOwn(OTHERS, name) ? (OTHERS[name] as End) : "complete";
}

import { wakeupKind } from "./wakeup-kinds.ts";

/** One wake-up on its way: the name of its kind, and what that kind carries. */
export type WakeupMessage = readonly [kind: string, payload: unknown];

/**
 * Puts as many messages into one text as fit, in order.
 * @returns the text, and how many messages are in it: at least one, also where that one is too long
 */
export function packWakeups(
  messages: readonly WakeupMessage[],
  maxBytes: number,
): { readonly text: string; readonly count: number } {
  const packed: string[] = [];
  let bytes = 2;
  for (const message of messages) {
    const text = JSON.stringify(message);
    bytes += Buffer.byteLength(text) + 1;
    if (packed.length > 0 && bytes > maxBytes) break;
    packed.push(text);
  }
  return { text: `[${packed.join(",")}]`, count: packed.length };
}

/** The messages of a text; null when it, or anything in it, is nothing that this version knows. */
export function unpackWakeups(text: string): readonly WakeupMessage[] | null {
  const messages = parseJson(text);
  return Array.isArray(messages) && messages.every(isMessage) ? messages : null;
}

function isMessage(value: unknown): value is WakeupMessage {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const kind = typeof value[0] === "string" ? wakeupKind(value[0]) : null;
  return kind?.schema.safeParse(value[1]).success ?? false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

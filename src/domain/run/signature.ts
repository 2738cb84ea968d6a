import { createHash } from "node:crypto";

// biome-ignore lint/suspicious/noControlCharactersInRegex: an ANSI code begins with one.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
// The scheme is bounded: without a bound a long word without "://" would be read again from each of its places.
const URL_LIKE = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'`<>)\]]+/gi;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const TYPE_ID = /\b[a-z]{1,20}_[0-9a-z]{26}\b/g;
const DATE_TIME =
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?\b/g;
const CLOCK_TIME = /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/g;
const ROOTED_PATH = /(?<![\w/\\])(?:~|\.{1,2}|[A-Za-z]:)?(?:[\\/][^\s\\/:"'`<>|()[\],;]+)+[\\/]?/g;
const RELATIVE_PATH = /(?<![\w/\\.])[\w@+-][\w.@+-]{0,99}(?:[\\/][\w.@+-]{1,100})+/g;
// A quotation may hold its own mark after a backslash; where it does not end so, or began so, the next mark ends it.
// An apostrophe inside a word ("can't") is none of a quotation.
const QUOTED = new RegExp(
  [
    /(?<!\\)"(?:[^"\\\n]|\\[^\n])*"|\\?"[^"\n]*"/,
    /(?<!\\)`(?:[^`\\\n]|\\[^\n])*`|\\?`[^`\n]*`/,
    /(?<![\w\\])'(?:[^'\\\n]|\\[^\n])*'(?!\w)|(?<!\w)\\?'[^'\n]*'(?!\w)/,
    /“[^“”\n]*”|(?<!\w)‘(?:[^‘’\n]|’(?=\w))*’(?!\w)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
// Letters alone are hexadecimal only where the word before says so.
const NAMED_HEX = /\b((?:commit|sha(?:-?\d{1,3})?|hash)[ \t]{0,4}[:=#]?[ \t]{0,4})[0-9a-f]{7,40}\b/gi;
const HEX = /\b(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,})\b/gi;
const NUMBER = /\d+(?:[.,]\d+)*/g;

/** How many different messages of a kind are kept as samples, and how much of each, in characters. */
export const MAX_SAMPLES = 5;
export const MAX_SAMPLE = 1_000;

/**
 * An error's message without what differs from one time to the next: ANSI codes, URLs, ids, times, paths,
 * quotations, hexadecimals and numbers give way to placeholders, white space to one space. Two messages
 * with the same result are the same error.
 */
export function normalizeMessage(message: string): string {
  return message
    .replace(ANSI, "")
    .replace(URL_LIKE, "<url>")
    .replace(UUID, "<id>")
    .replace(TYPE_ID, "<id>")
    .replace(DATE_TIME, "<time>")
    .replace(CLOCK_TIME, "<time>")
    .replace(QUOTED, "<text>")
    .replace(ROOTED_PATH, "<path>")
    .replace(RELATIVE_PATH, (found) => (isPath(found) ? "<path>" : found))
    .replace(NAMED_HEX, "$1<n>")
    .replace(HEX, "<n>")
    .replace(NUMBER, "<n>")
    .replace(/\s+/g, " ")
    .trim();
}

/** SHA-256, in hex, of a normalised message: what errors are grouped by. */
export function signatureOf(normalized: string): string {
  return createHash("sha256").update(normalized).digest("hex");
}

/** "read/write" is two words; "src/main.ts" and "a/b/c" are paths. */
function isPath(text: string): boolean {
  const segments = text.split(/[\\/]/);
  return segments.length > 2 || /\.\w+$/.test(segments.at(-1) ?? "");
}

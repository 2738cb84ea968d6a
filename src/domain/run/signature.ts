import { createHash } from "node:crypto";
import { z } from "zod";

// biome-ignore lint/suspicious/noControlCharactersInRegex: an ANSI code begins with one.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
// The scheme is bounded: without a bound a long word without "://" would be read again from each of its places.
const URL_LIKE = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'`<>)\]]+/gi;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const TYPE_ID = /\b[a-z]{1,20}_[0-9a-z]{26}\b/g;
const DATE_TIME =
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?\b/g;
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const DAY_OF_WEEK = "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?";
/** HTTP's and syslog's: "Mon, 05 Jan 2026 09:00:00 GMT", "Jan  5 09:00:00". */
const NAMED_DATE = new RegExp(
  `\\b${DAY_OF_WEEK}(?:\\d{1,2} ${MONTH} \\d{4}(?:,? \\d{1,2}:\\d{2}(?::\\d{2})?)?|${MONTH} {1,2}\\d{1,2},? (?:\\d{4},? )?\\d{1,2}:\\d{2}:\\d{2}(?: \\d{4})?)(?: (?:GMT|UTC|[+-]\\d{4}))?\\b`,
  "g",
);
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
    // German, Polish, French, Swiss, Chinese and Japanese ones.
    /„[^„“”\n]*[“”]|(?<!\w)‚[^‚‘’\n]*[‘’](?!\w)|«[^«»\n]*»|»[^«»\n]*«|‹[^‹›\n]*›|「[^「」\n]*」|『[^『』\n]*』/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
// Letters alone are hexadecimal only where the word before says so.
const NAMED_HEX = /\b((?:commit|sha(?:-?\d{1,3})?|hash)[ \t]{0,4}[:=#]?[ \t]{0,4})[0-9a-f]{7,40}\b/gi;
const HEX = /\b(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,})\b/gi;
const NUMBER = /\d+(?:[.,]\d+)*/g;

// Not from within a word: each place in a long one would be read to its end again.
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{1,}(?:\.[\w-]*)?/g;
const EMAIL = /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/g;
const MAC = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const IPV6 =
  /\[?(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4})?(?:%\w{1,16})?(?![\w:])\]?/gi;
const UNIT =
  "(?:ns|µs|μs|us|ms|s|m|h|d|nanoseconds?|microseconds?|milliseconds?|msecs?|millis|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?)";
const AMOUNT = `\\d{1,15}(?:[.,]\\d{1,9})? ?${UNIT}(?![\\w])`;
const JOINED = "(?:\\d{1,15}(?:\\.\\d{1,9})?(?:ms|[smhd])){2,6}(?!\\w)";
const DURATION = new RegExp(
  `(?<![\\w.,-])(?:${JOINED}|${AMOUNT}(?:(?:, | and | )${AMOUNT}){0,5}|P(?:\\d{1,9}D)?T(?:\\d{1,9}(?:\\.\\d{1,9})?[HMS]){1,3}(?!\\w))`,
  "g",
);
/** "req_011CSHo", "pi_3NqBZ2", "chatcmpl-9aBcD": a word, and what no word looks like. */
const PREFIXED_ID = /\b([A-Za-z][A-Za-z0-9]{0,20}[_-])([A-Za-z0-9]{6,64})\b/g;
/** ULIDs, KSUIDs, nano ids: long, and no word. */
const BARE_ID = /\b[A-Za-z0-9]{16,64}\b/g;
/** Kubernetes' suffixes have no vowels: a replica set's and a pod's, or a pod's alone with a digit. */
const POD =
  /(?<=[a-z0-9])-(?:[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}|(?=[a-z]{0,4}\d)[bcdfghjklmnpqrstvwxz2456789]{5})(?![\w-])/g;

const CODE_NAME =
  "(?:exit(?:ed|s)?(?: with)?|return(?:ed)?|status|error|response|result|reason|http|sql)?[ _-]{0,2}(?:status|code|errno|sqlstate)";
/**
 * The numbers that say what happened: HTTP statuses, exit codes, signals, error numbers. They are kept, since 404 and 500, or
 * exit codes 1 and 137, are different failures.
 */
const CODES: readonly RegExp[] = [
  new RegExp(
    `\\b(?:${CODE_NAME}|rc|returncode|signal)(?: (?:code|is|was|of))?["']?(?: {0,2}[:=([] {0,2}| )["']?-?(?:0x[0-9a-f]{1,8}|\\d{1,10}(?:[A-Z]\\d{1,3})?)(?![\\w.]?\\d|\\w)`,
    "gi",
  ),
  /\bHTTP(?:\/\d(?:\.\d)?)?(?: (?:status|error|response))?[ :=]{1,3}[1-5]\d\d(?!\d)/gi,
  /\bexit(?:ed|s)?(?: with)?[ :=(]{1,3}-?\d{1,10}(?!\d)/gi,
  /\b(?:responded|returned|answered|replied|failed|rejected|got|received|error)(?: with)?(?: an?)?(?: error)?[ :]{1,2}[1-5]\d\d(?=$|[\n.,;:)\]]| (?:from|for|on|at|\())/gim,
  /(?<![\w.])[1-5]\d\d (?=(?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Conflict|Gone|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Time-?out)\b)/gi,
];
const CODE_OF_REQUEST =
  /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (?:<url>|<path>)(?: HTTP\/\d(?:\.\d)?)?["']? {0,2}(?:-|→|->|=>|:)? {0,2}[1-5]\d\d(?!\d)/g;

/** Digits that are kept stand as these private characters until the end. */
const KEPT_ZERO = 0xe000;
const KEPT = /[\ue000-\ue009]/g;

interface Rule {
  /** What takes the place. */
  readonly placeholder: string;
  readonly pattern: RegExp;
  /** What stays of what the pattern finds, before the placeholder; null where it found nothing of the kind. */
  readonly before?: (found: string, groups: readonly string[]) => string | null;
}

/** In this order: what an earlier rule has replaced, a later one does not see. */
const RULES: readonly Rule[] = [
  { placeholder: "<token>", pattern: JWT },
  { placeholder: "<url>", pattern: URL_LIKE },
  { placeholder: "<email>", pattern: EMAIL },
  { placeholder: "<id>", pattern: UUID },
  { placeholder: "<id>", pattern: TYPE_ID },
  { placeholder: "<time>", pattern: DATE_TIME },
  { placeholder: "<time>", pattern: NAMED_DATE },
  { placeholder: "<id>", pattern: MAC },
  { placeholder: "<ip>", pattern: IPV6, before: (found) => (isAddress(found) ? "" : null) },
  { placeholder: "<time>", pattern: CLOCK_TIME },
  { placeholder: "<text>", pattern: QUOTED },
  { placeholder: "<path>", pattern: ROOTED_PATH },
  { placeholder: "<path>", pattern: RELATIVE_PATH, before: (found) => (isPath(found) ? "" : null) },
  { placeholder: "<id>", pattern: POD, before: () => "-" },
  {
    placeholder: "<id>",
    pattern: PREFIXED_ID,
    before: (_found, [prefix = "", id = ""]) => (isRandom(id) ? prefix : null),
  },
  { placeholder: "<n>", pattern: NAMED_HEX, before: (_found, [name = ""]) => name },
  { placeholder: "<n>", pattern: HEX },
  { placeholder: "<id>", pattern: BARE_ID, before: (found) => (isRandom(found) ? "" : null) },
  { placeholder: "<ip>", pattern: IPV4 },
  { placeholder: "<duration>", pattern: DURATION },
  { placeholder: "<n>", pattern: NUMBER },
];

/** How many different messages of a kind are kept as samples, and how much of each, in characters. */
export const MAX_SAMPLES = 5;
export const MAX_SAMPLE = 1_000;

/** A part of a message that differs from one time to the next, and what stands for it in the normalised message. */
export interface Replacement {
  readonly placeholder: string;
  readonly text: string;
}

/**
 * An error's message without what differs from one time to the next: ANSI codes, URLs, addresses, ids, times, durations, paths,
 * quotations, hexadecimals and numbers give way to placeholders, white space to one space. HTTP statuses, exit codes and
 * other error numbers stay. Two messages with the same result are the same error.
 *
 * @param onReplaced called for each part that gives way, by kind
 */
export function normalizeMessage(message: string, onReplaced?: (replacement: Replacement) => void): string {
  let text = message.replace(ANSI, "");
  for (const pattern of CODES) text = text.replace(pattern, keepDigits);
  for (const { placeholder, pattern, before } of RULES) {
    text = text.replace(pattern, (found: string, ...groups: string[]) => {
      const kept = before ? before(found, groups) : "";
      if (kept === null) return found;
      onReplaced?.({ placeholder, text: restoreDigits(found.slice(kept.length)) });
      return kept + placeholder;
    });
    if (pattern === RELATIVE_PATH) text = text.replace(CODE_OF_REQUEST, keepDigits);
  }
  return restoreDigits(text).replace(/\s+/g, " ").trim();
}

function keepDigits(found: string): string {
  return found.replace(/\d/g, (digit) => String.fromCharCode(KEPT_ZERO + Number(digit)));
}

function restoreDigits(text: string): string {
  return text.replace(KEPT, (kept) => String(kept.charCodeAt(0) - KEPT_ZERO));
}

const ADDRESS = z.ipv6();

function isAddress(found: string): boolean {
  const address = found.replace(/^\[|\]$|%\w+/g, "");
  // "a::b" is a name in C++ and Rust.
  return /\d/.test(address) && ADDRESS.safeParse(address).success;
}

/** What no name looks like: begins with a digit and goes on with letters, or changes between the two again and again. */
function isRandom(id: string): boolean {
  const changes = id.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
  return changes >= 3 || (changes > 0 && /^\d/.test(id));
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

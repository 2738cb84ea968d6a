import { assertNever } from "../assert-never.ts";
import type { JsonValue } from "../event/event.ts";
import { type Block, emphasis, line, type Rich, type Span } from "./outline-block.ts";

/** A section of an earlier document that says something else now: what it said, and what it says. */
export interface ChangedSource {
  readonly before: JsonValue;
  /** Undefined when the section is gone. */
  readonly after: JsonValue | undefined;
}

/** Of a longer text so many words in a row are a quotation; of a shorter one, such as a name, all of them. */
const WORDS = 5;
/** A single short word, such as "and", quotes nothing. */
const MIN_LETTERS = 4;
const MARK = "[out of date]";
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
/** A choice, such as HIGH, is no text that could be quoted. */
const CHOICE = /^[A-Z_]+$/;

/** Marks in a section's blocks what it quotes word for word of texts that say something else now. */
export function markQuotes(blocks: readonly Block[], changes: readonly ChangedSource[]): Block[] {
  const quotes = quotesOf(changes);
  if (quotes.size === 0) return [...blocks];
  const mark = (text: Rich): Rich => text.flatMap((span) => markSpan(span, quotes));
  return blocks.map((block): Block => {
    switch (block.kind) {
      case "PARAGRAPH":
        return { ...block, text: mark(block.text) };
      case "LIST":
        return { ...block, items: block.items.map(mark) };
      case "TABLE":
        return { ...block, rows: block.rows.map((row) => row.map(mark)) };
      case "SUBHEADING": {
        const text = mark([{ text: block.text }]).map((span) => span.text);
        return { ...block, text: text.join("") };
      }
      default:
        return assertNever(block);
    }
  });
}

/** The rows of words that the former texts have and the present ones do not, each by its words. */
function quotesOf(changes: readonly ChangedSource[]): ReadonlySet<string> {
  const before = changes.flatMap((change) => textsIn(change.before));
  const now = changes.flatMap(({ after }) => (after === undefined ? [] : textsIn(after)));
  const said = new Set(now.flatMap(rowsOf));
  const quotes = before.flatMap((text) => {
    const words = wordsOf(text).map(({ word }) => word);
    const length = Math.min(WORDS, words.length);
    return words.slice(length - 1).map((_, index) => words.slice(index, index + length).join(" "));
  });
  return new Set(quotes.filter((quote) => quote.length >= MIN_LETTERS && !said.has(quote)));
}

/** All rows of words in a text that could be a quotation. */
function rowsOf(text: string): string[] {
  const words = wordsOf(text).map(({ word }) => word);
  return words.flatMap((_, start) =>
    Array.from({ length: Math.min(WORDS, words.length - start) }, (_, more) =>
      words.slice(start, start + more + 1).join(" "),
    ),
  );
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return CHOICE.test(value) ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function wordsOf(text: string): { readonly word: string; readonly start: number; readonly end: number }[] {
  return [...text.matchAll(WORD)].map((match) => {
    const [word] = match;
    return { word, start: match.index, end: match.index + word.length };
  });
}

/** The span in parts, with a mark after each row of words that is quoted. */
function markSpan(span: Span, quotes: ReadonlySet<string>): Rich {
  const words = wordsOf(span.text);
  const quoted = new Array<boolean>(words.length).fill(false);
  for (let length = 1; length <= WORDS; length++) {
    for (let start = 0; start + length <= words.length; start++) {
      const row = words.slice(start, start + length);
      if (quotes.has(row.map(({ word }) => word).join(" "))) quoted.fill(true, start, start + length);
    }
  }
  const parts: Span[] = [];
  let from = 0;
  words.forEach(({ end }, index) => {
    if (!quoted[index] || quoted[index + 1]) return;
    parts.push({ ...span, text: span.text.slice(from, end) }, line(" "), emphasis(MARK));
    from = end;
  });
  const rest = span.text.slice(from);
  return rest === "" ? parts : [...parts, { ...span, text: rest }];
}

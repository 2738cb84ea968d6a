import { createHash } from "node:crypto";

/** One line of storable text: no control characters, no halves of surrogate pairs, no runs of white space. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** At most `max` UTF-16 units of a text, cut between words where there are words, never within a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const space = head.lastIndexOf(" ");
  const cut = space > max / 2 ? head.slice(0, space) : head;
  return `${withoutEnd(cut, /[\s,;:–—-]/u)}…`;
}

const NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");

/** A whole number as one writes it within a sentence. */
export function inWords(number: number): string {
  return NUMBERS[number] ?? number.toLocaleString("en");
}

/** A text's sentences, each with the mark that ends it. */
export function sentencesOf(text: string): string[] {
  // Line by line, and tidied before it is split: runs of white space would make the pattern slow.
  return text
    .split(/[\r\n]+/u)
    .flatMap((line) => tidy(line).split(/(?<=[.!?…]["”')]?) (?=[^\p{Ll}\s])|(?<=[。！？])/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** As much of a text as fits: all of it, or its first sentences, or its first words. */
export function excerpt(text: string, max: number): string {
  const whole = tidy(text);
  if (whole.length <= max) return whole;
  const [first = "", ...others] = sentencesOf(text);
  let taken = first;
  for (const sentence of others) {
    if (taken.length + 1 + sentence.length > max) break;
    taken = `${taken} ${sentence}`;
  }
  return clip(taken, max);
}

/** A quotation of the first words of a text, with the marks. It ends as the text ends: put it at the end of a sentence. */
export function quoted(text: string, max = 160): string {
  return `“${excerpt(text, max).replaceAll("“", "‘").replaceAll("”", "’")}”`;
}

/** A quotation of a text's first sentence only. */
export function quotedFirst(text: string, max = 160): string {
  return quoted(sentencesOf(text)[0] ?? text, max);
}

/** "a, b and c". */
export function joined(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** As many names as fit into `max` characters, the first one always, and how many more there are. */
export function namesWithin(names: readonly string[], max: number): string {
  for (let count = names.length; count > 1; count--) {
    const more = names.length - count;
    const text = joined([...names.slice(0, count), ...(more > 0 ? [`${more} more`] : [])]);
    if (text.length <= max) return text;
  }
  return names[0] ?? "";
}

export function upperFirst(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}

/** With a small first letter, unless the first word is an acronym, a name such as GitHub, or "I". */
export function lowerFirst(text: string): string {
  const word = /^[\p{L}\p{N}'’]+/u.exec(text)?.[0] ?? "";
  return /^I\b|\p{Lu}.*\p{Lu}|^\p{Ll}/u.test(word) ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** A sentence without the mark at its end. */
export function withoutStop(text: string): string {
  return withoutEnd(text, /[\s.!?。！？;:,]/u);
}

/** A text without the characters at its end that match. Not by one pattern, which is slow on long runs of them. */
function withoutEnd(text: string, pattern: RegExp): string {
  let end = text.length;
  while (end > 0 && pattern.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A sentence that ends as one. */
export function sentence(text: string): string {
  return /[.!?。！？…]["”'’)]?$/u.test(text) ? text : `${text}.`;
}

/** Texts as paragraphs, the empty ones left out. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Sentences in a row, the empty ones left out. */
export function flow(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(" ");
}

/** One of several, always the same one for the same seed. */
export function pickBy<T>(seed: string, options: readonly [T, ...T[]]): T {
  const number = createHash("sha256").update(seed).digest().readUInt32BE(0);
  return options[number % options.length] ?? options[0];
}

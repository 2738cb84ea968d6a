/** Tags between which models think aloud in their text. */
const TAG = /<(\/?)(?:think|thinking|reasoning)>/gi;
/** The beginning of a tag at the end of a piece. */
const PARTIAL_TAG = /<\/?[a-z]{0,9}$/i;

/**
 * A text without the reasoning in it:
 *
 * - what stands between tags, unless the opening one stands in code, as in `<think>`;
 * - what follows an opening tag that begins a line and is never closed;
 * - what comes before a closing tag that begins a line and was never opened: some servers keep the opening one to themselves.
 */
export function withoutReasoning(text: string): string {
  let kept = "";
  let from = 0;
  let openedAt: number | null = null;
  for (const { index, 0: tag, 1: slash } of text.matchAll(TAG)) {
    if (slash === "") {
      if (openedAt !== null || text[index - 1] === "`") continue;
      kept += text.slice(from, index);
      openedAt = index;
    } else if (openedAt !== null) {
      openedAt = null;
      from = index + tag.length;
    } else if (beginsLine(text, index)) {
      kept = "";
      from = index + tag.length;
    }
  }
  if (openedAt === null) kept += text.slice(from);
  else if (!beginsLine(text, openedAt)) kept += text.slice(openedAt);
  return kept === text ? text : kept.trimStart();
}

function beginsLine(text: string, index: number): boolean {
  for (let before = index - 1; before >= 0 && text[before] !== "\n"; before--) {
    if (text[before]?.trim() !== "") return false;
  }
  return true;
}

/**
 * Takes the pieces of a text as they come and passes them on without what stands between tags. It shows an answer while
 * it is being written; the whole answer is read again by `withoutReasoning`, which also knows how it ends.
 */
export class ReasoningFilter {
  #rest = "";
  #last = "";
  #isReasoning = false;
  #hasText = false;
  #hasReasoned = false;

  /** What of the pieces so far can be passed on and was not yet. */
  take(piece: string): string {
    this.#rest += piece;
    let text = "";
    for (;;) {
      const tag = this.#nextTag();
      if (tag === undefined) break;
      if (!this.#isReasoning) text += this.#pass(tag.index);
      this.#rest = this.#rest.slice(this.#isReasoning ? tag.end : tag.end - tag.index);
      this.#isReasoning = !this.#isReasoning;
      this.#hasReasoned = true;
    }
    const held = PARTIAL_TAG.exec(this.#rest)?.[0].length ?? 0;
    if (!this.#isReasoning) return text + this.#pass(this.#rest.length - held);
    this.#rest = this.#rest.slice(this.#rest.length - held);
    return text;
  }

  /** What is left when nothing more comes. */
  end(): string {
    return this.#isReasoning ? "" : this.#pass(this.#rest.length);
  }

  /** The next tag that changes between text and reasoning. */
  #nextTag(): { readonly index: number; readonly end: number } | undefined {
    for (const { index, 0: tag, 1: slash } of this.#rest.matchAll(TAG)) {
      const before = index === 0 ? this.#last : this.#rest[index - 1];
      if (!this.#isReasoning && before === "`") continue;
      if ((slash !== "") === this.#isReasoning) return { index, end: index + tag.length };
    }
    return undefined;
  }

  /** Passes on the first units of the rest; white space between reasoning and the text's beginning is left out. */
  #pass(length: number): string {
    const raw = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    this.#last = raw.at(-1) ?? this.#last;
    const text = this.#hasReasoned && !this.#hasText ? raw.trimStart() : raw;
    this.#hasText ||= text.trim() !== "";
    return text;
  }
}

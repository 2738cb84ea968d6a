import { truncate } from "./text.ts";

/** What stands where the rest of a text was left out. */
const LEFT_OUT = " […]";

/**
 * Shortens the longest of several texts until all of them together have at most `max` UTF-16 units, marks included: short
 * ones stay whole, and no text pushes another one out.
 */
export function fitTexts(texts: readonly string[], max: number): string[] {
  const level = levelOf(
    texts.map(({ length }) => length),
    max,
  );
  return texts.map((text) =>
    text.length <= level
      ? text
      : truncate(`${truncate(text, Math.max(0, level - LEFT_OUT.length))}${LEFT_OUT}`, level),
  );
}

/** The greatest length that all may have. */
function levelOf(lengths: readonly number[], max: number): number {
  const ascending = lengths.toSorted((a, b) => a - b);
  let room = max;
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(room / (ascending.length - index));
    if (length > share) return share;
    room -= length;
  }
  return Number.POSITIVE_INFINITY;
}

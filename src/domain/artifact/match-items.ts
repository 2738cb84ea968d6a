/** An item of the one list and the item of the other list that it became, by their places. */
export type Match = readonly [before: number, after: number];

/**
 * Pairs the items of two lists, each at most once: the most alike first, and among equals those that moved least.
 *
 * @param score how alike two items are, by their places
 * @param atLeast the score below which two items are no pair
 * @returns the pairs in the order of the list before
 */
export function matchItems(
  before: number,
  after: number,
  score: (before: number, after: number) => number,
  atLeast: number,
): Match[] {
  const candidates: { readonly match: Match; readonly score: number }[] = [];
  for (let i = 0; i < before; i++) {
    for (let j = 0; j < after; j++) {
      const value = score(i, j);
      if (value >= atLeast) candidates.push({ match: [i, j], score: value });
    }
  }
  // Pairs that are still level after these three cannot be in each other's way, so that swapping the lists swaps the
  // answer.
  candidates.sort(
    (a, b) => b.score - a.score || distance(a.match) - distance(b.match) || sum(a.match) - sum(b.match),
  );
  const pairs = new Pairs([]);
  for (const { match } of candidates) pairs.addIfFree(match);
  return pairs.sorted();
}

/**
 * Pairs what is left over by its place: with what follows the same item, or stands before it. Where the lists begin and
 * where they end counts as an item.
 */
export function matchByPlace(before: number, after: number, matches: readonly Match[]): Match[] {
  const pairs = new Pairs(matches);
  for (let i = 0; i < before; i++) {
    const follows = i === 0 ? -1 : pairs.after(i - 1);
    if (follows !== undefined && follows + 1 < after) pairs.addIfFree([i, follows + 1]);
  }
  for (let i = before - 1; i >= 0; i--) {
    const precedes = i === before - 1 ? after : pairs.after(i + 1);
    if (precedes !== undefined && precedes > 0) pairs.addIfFree([i, precedes - 1]);
  }
  return pairs.sorted();
}

/**
 * The pairs that kept their order: as many of them as there can be, and among those as many as possible that `count`.
 *
 * @param matches in the order of the list before
 */
export function keptOrder(matches: readonly Match[], counts: (match: Match) => boolean): Match[] {
  const best: { readonly weight: number; readonly previous: number }[] = [];
  const weightAt = (index: number) => best[index]?.weight ?? 0;
  let last = -1;
  matches.forEach((match, index) => {
    let previous = -1;
    for (let k = 0; k < index; k++) {
      if ((matches[k] as Match)[1] < match[1] && weightAt(k) > weightAt(previous)) previous = k;
    }
    best.push({ weight: weightAt(previous) + matches.length + 1 + Number(counts(match)), previous });
    if (weightAt(index) > weightAt(last)) last = index;
  });
  const kept: Match[] = [];
  for (let index = last; index >= 0; index = best[index]?.previous ?? -1)
    kept.unshift(matches[index] as Match);
  return kept;
}

const distance = ([i, j]: Match) => Math.abs(i - j);
const sum = ([i, j]: Match) => i + j;

/** Pairs in which every place occurs once. */
class Pairs {
  readonly #afterOf = new Map<number, number>();
  readonly #taken = new Set<number>();

  constructor(matches: readonly Match[]) {
    for (const match of matches) this.addIfFree(match);
  }

  addIfFree([before, after]: Match): void {
    if (this.#afterOf.has(before) || this.#taken.has(after)) return;
    this.#afterOf.set(before, after);
    this.#taken.add(after);
  }

  after(before: number): number | undefined {
    return this.#afterOf.get(before);
  }

  sorted(): Match[] {
    return [...this.#afterOf].sort(([i], [k]) => i - k);
  }
}

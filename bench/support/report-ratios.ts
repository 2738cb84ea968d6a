import { median } from "./statistics.ts";

/** Of each round, how many times theirs ours is. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}

/** The median of the rounds' ratios and how far they lie apart: "1.23 (1.18–1.29)". */
export function ratio(ours: readonly number[], theirs: readonly number[]): string {
  const each = ratios(ours, theirs);
  const [low, high] = [Math.min(...each), Math.max(...each)];
  return `${median(each).toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

import fc from "fast-check";

/** A source of chance: everything that a generator decides comes from one, so that a seed says it all. */
export interface Draw {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Up to 12 characters of any kind, also ones that cannot be stored. */
  text(): string;
}

const CHARACTERS = fc.string({ unit: "binary", maxLength: 12 });

/** fast-check prefers the ends of a range, which is right for values and wrong for choices. */
const evenly = (most: number) => fc.noBias(fc.nat(most));

/** Draws from fast-check's generator of the present run. */
export function drawFrom(generate: fc.GeneratorValue): Draw {
  const below = (count: number) => generate(evenly, Math.max(0, count - 1));
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error("There is nothing to pick from.");
      return list[below(list.length)] as T;
    },
    text: () => generate(() => CHARACTERS),
  };
}

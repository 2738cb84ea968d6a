import { expect } from "vitest";
import { Founder } from "../../api/support/founder.ts";
import { bearer } from "../../support/tokens.ts";
import type { Cluster } from "./cluster.ts";

/** The same person at both nodes. */
export interface Person {
  readonly headers: { authorization: string };
  readonly atA: Founder;
  readonly atB: Founder;
}

/** Somebody new: what others have used up of their limits does not touch them. */
export async function person({ a, b }: Cluster): Promise<Person> {
  const headers = await bearer(crypto.randomUUID());
  return { headers, atA: new Founder(a, headers), atB: new Founder(b, headers) };
}

/** Numbers that follow each other. */
export function expectGapless(sequences: readonly number[]): void {
  const first = sequences[0] ?? 0;
  expect(sequences).toEqual(sequences.map((_, index) => first + index));
}

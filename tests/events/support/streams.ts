import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "vitest";
import type { StreamItem } from "../../../src/events/hub.ts";
import type { EventRow } from "../../../src/events/log.ts";
import type { ProbedLog } from "./probed-log.ts";

type Stream = AsyncIterableIterator<StreamItem>;

/** The next event of a stream that must have one. */
export async function nextEvent(stream: Stream): Promise<EventRow> {
  const { value, done } = await stream.next();
  if (done || "lagged" in value) throw new Error(`The stream ended: ${JSON.stringify(value)}`);
  return value;
}

/** The sequences of the next events, in the order in which they come. */
export async function nextSequences(stream: Stream, count: number): Promise<number[]> {
  const sequences: number[] = [];
  while (sequences.length < count) sequences.push((await nextEvent(stream)).sequence);
  return sequences;
}

/** Whole numbers from one to another, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Checks that the stream, which has nothing to say now, says this event next: it had nothing left over. */
export async function expectNext(stream: Stream, sequence: number): Promise<void> {
  expect((await nextEvent(stream)).sequence).toBe(sequence);
}

/** A door for code that must wait until the test lets it go on. */
export function gate(): { readonly entered: Promise<void>; pass(): Promise<void>; open(): void } {
  const entered = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    pass() {
      entered.resolve();
      return opened.promise;
    },
    open: () => opened.resolve(),
  };
}

/** Two events on, a reader that took both is live for certain: the second came while it was waiting. */
export async function goLive(stream: Stream, append: () => Promise<unknown>): Promise<void> {
  for (let event = 0; event < 2; event++) {
    const next = nextEvent(stream);
    await append();
    await next;
  }
}

/**
 * Waits until an owner's stream that was asked for its first event has begun: it begins with what comes after it has read
 * where the logs end, so that whoever appends earlier may have appended before it.
 */
export async function untilBegun(log: ProbedLog): Promise<void> {
  await nextTurn();
  await log.headsRead;
}

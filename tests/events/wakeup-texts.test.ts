import { expect, test } from "vitest";
import { packWakeups, unpackWakeups, type WakeupMessage } from "../../src/events/wakeup-texts.ts";

const message = (id: string): WakeupMessage => ["discussion", id];

test("messages share a text as far as it goes, in order, and come out as they went in", () => {
  const messages = ["a", "ü".repeat(40), "c", "d"].map(message);
  const taken: WakeupMessage[] = [];
  const counts: number[] = [];
  while (taken.length < messages.length) {
    const { text, count } = packWakeups(messages.slice(taken.length), 100);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100);
    counts.push(count);
    taken.push(...(unpackWakeups(text) ?? []));
  }
  expect(taken).toEqual(messages);
  expect(counts).toEqual([1, 1, 2]);
});

test("a message that is too long goes alone: what cannot be sent must not stay in the way", () => {
  expect(packWakeups([message("x".repeat(200)), message("b")], 100).count).toBe(1);
});

test.each([
  "",
  "not JSON",
  "{}",
  '["discussion"]',
  '[["nonsense","a"]]',
  '[["toString","a"]]',
  '[["discussion",1]]',
  '[["discussion","a"],["log",{"projectId":"p"}]]',
])("what is none of ours is told from what is: %s", (text) => {
  expect(unpackWakeups(text)).toBeNull();
});

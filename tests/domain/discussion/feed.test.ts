import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FeedItem, FeedReader, type FeedState } from "../../../src/domain/discussion/feed.ts";

/** Everything that a reader is told of a state. */
function drain(reader: FeedReader, state: FeedState): FeedItem[] {
  const items: FeedItem[] = [];
  for (let item = reader.next(state); item; item = reader.next(state)) items.push(item);
  return items;
}

const state = (
  messages: FeedState["rounds"][number]["messages"],
  rest: Partial<FeedState> = {},
  failure: string | null = null,
): FeedState => ({ rounds: [{ id: "r", messages, failure }], summary: null, isOver: false, ...rest });

const message = (text: string, attempt = 1, isSaid = false) => ({ id: "m", attempt, text, isSaid });

describe("a reader", () => {
  test("who is there from the beginning is told every piece as it comes", () => {
    const reader = new FeedReader();
    expect(drain(reader, state([message("", 0)]))).toEqual([{ kind: "RoundStarted", roundId: "r" }]);
    expect(drain(reader, state([message("")]))).toEqual([
      { kind: "MessageStarted", roundId: "r", messageId: "m", attempt: 1 },
    ]);
    expect(drain(reader, state([message("We ")]))).toEqual([
      { kind: "MessageDelta", messageId: "m", attempt: 1, offset: 0, text: "We " },
    ]);
    expect(drain(reader, state([message("We agree.", 1, true)]))).toEqual([
      { kind: "MessageDelta", messageId: "m", attempt: 1, offset: 3, text: "agree." },
      { kind: "MessageCompleted", roundId: "r", messageId: "m" },
    ]);
    expect(drain(reader, state([message("We agree.", 1, true)]))).toEqual([]);
  });

  test("who comes late is told what there is in one piece", () => {
    expect(drain(new FeedReader(), state([message("We agr")])).map(({ kind }) => kind)).toEqual([
      "RoundStarted",
      "MessageStarted",
      "MessageDelta",
    ]);
  });

  test("is told when a message begins anew", () => {
    const reader = new FeedReader();
    drain(reader, state([message("We ag")]));
    expect(drain(reader, state([message("They", 2)]))).toEqual([
      { kind: "MessageStarted", roundId: "r", messageId: "m", attempt: 2 },
      { kind: "MessageDelta", messageId: "m", attempt: 2, offset: 0, text: "They" },
    ]);
  });

  test("gets a person's message whole", () => {
    expect(drain(new FeedReader(), state([message("Hello", 0, true)])).map(({ kind }) => kind)).toEqual([
      "RoundStarted",
      "MessageCompleted",
    ]);
  });

  test("is told once of a failed round and of every summary", () => {
    const reader = new FeedReader();
    const failed = state([], { summary: { id: "s1", failure: null } }, "Nobody answered.");
    expect(drain(reader, failed)).toEqual([
      { kind: "RoundStarted", roundId: "r" },
      { kind: "DiscussionFailed", during: "ROUND", roundId: "r", reason: "Nobody answered." },
      { kind: "ConsensusReached", summaryId: "s1" },
    ]);
    expect(drain(reader, { ...failed, summary: { id: "s2", failure: "It does not hold." } })).toEqual([
      { kind: "DiscussionFailed", during: "SUMMARY", roundId: null, reason: "It does not hold." },
    ]);
  });
});

test("whenever somebody joins and however slowly they read, the pieces are the text, without a gap or a duplicate", () => {
  const cut = fc.nat({ max: 20 });
  fc.assert(
    fc.property(
      fc.array(cut, { maxLength: 10 }),
      fc.string({ maxLength: 20 }),
      fc.nat(3),
      (cuts, text, pace) => {
        const reader = new FeedReader();
        const items: FeedItem[] = [];
        const lengths = cuts.map((length) => Math.min(length, text.length)).toSorted((a, b) => a - b);
        for (const length of lengths) {
          // A slow reader asks only sometimes.
          for (let asked = 0; asked < pace; asked++) {
            const item = reader.next(state([message(text.slice(0, length))]));
            if (item) items.push(item);
          }
        }
        items.push(...drain(reader, state([message(text, 1, true)])));
        const deltas = items.filter((item) => item.kind === "MessageDelta");
        expect(deltas.map((delta) => delta.text).join("")).toBe(text);
        let offset = 0;
        for (const delta of deltas) {
          expect(delta.offset).toBe(offset);
          offset += delta.text.length;
        }
        expect(items.at(-1)?.kind).toBe("MessageCompleted");
      },
    ),
  );
});

import { describe, expect, onTestFinished, test } from "vitest";
import { DiscussionHub } from "../../src/events/discussion-hub.ts";
import type { DiscussionOutline, DiscussionSource, Piece } from "../../src/events/discussion-source.ts";
import { createLocalWakeups } from "../../src/events/local-wakeups.ts";

/** So long that no test sees a poll that it has not asked for. */
const NEVER_MS = 2 ** 30;

/** A discussion of one message that the test has said, as the database would tell it. */
class Told implements DiscussionSource {
  status = "RUNNING";
  attempt = 1;
  content = "";
  isOver = false;
  isAway = false;
  reads = 0;
  pieceRows: Piece[] = [];

  async outline(): Promise<DiscussionOutline> {
    this.reads += 1;
    if (this.isAway) throw new Error("The database is away.");
    const message = { id: "m", status: this.status, attempt: this.attempt };
    return { isOver: this.isOver, summary: null, rounds: [{ id: "r", failure: null, messages: [message] }] };
  }

  async contents() {
    return new Map([["m", this.content]]);
  }

  async pieces([wanted]: Parameters<DiscussionSource["pieces"]>[0]) {
    return this.pieceRows.filter(({ offset }) => wanted !== undefined && offset >= wanted.from);
  }

  say(text: string): void {
    this.pieceRows.push({ messageId: "m", offset: this.content.length, text });
    this.content += text;
  }
}

function open() {
  const told = new Told();
  const wakeups = createLocalWakeups();
  const warnings: unknown[] = [];
  const hub = new DiscussionHub({
    source: told,
    wakeups,
    pollMs: NEVER_MS,
    warn: (error) => warnings.push(error),
  });
  onTestFinished(() => hub.close());
  return { told, wakeups, hub, warnings, stream: hub.stream("d", "p") };
}

type Stream = ReturnType<typeof open>["stream"];

async function take(stream: Stream, count: number): Promise<unknown[]> {
  const items: unknown[] = [];
  while (items.length < count) {
    const { value, done } = await stream.next();
    items.push(done ? "end" : value.kind === "MessageDelta" ? [value.offset, value.text] : value.kind);
  }
  return items;
}

describe("a stream of a discussion", () => {
  test("goes on at a wake-up, its own or its project's", async () => {
    const { told, wakeups, stream } = open();
    expect(await take(stream, 2)).toEqual(["RoundStarted", "MessageStarted"]);
    told.say("We ");
    wakeups.publishDiscussion("d");
    expect(await take(stream, 1)).toEqual([[0, "We "]]);
    told.say("agree.");
    told.status = "COMPLETED";
    told.isOver = true;
    wakeups.publish({ projectId: "p", sequence: 1 });
    expect(await take(stream, 3)).toEqual([[3, "agree."], "MessageCompleted", "end"]);
  });

  test("loses no text by a wake-up that is lost", async () => {
    const { told, hub, stream } = open();
    await take(stream, 2);
    told.say("We ");
    told.say("agree");
    hub.poll();
    expect(await take(stream, 1)).toEqual([[0, "We agree"]]);
  });

  test("waits for the whole message when a piece is missing", async () => {
    const { told, wakeups, stream } = open();
    await take(stream, 2);
    told.say("We ");
    told.say("all ");
    told.pieceRows.splice(0, 1);
    wakeups.publishDiscussion("d");
    told.status = "COMPLETED";
    told.pieceRows = [];
    wakeups.publishDiscussion("d");
    expect(await take(stream, 2)).toEqual([[0, "We all "], "MessageCompleted"]);
  });

  test("begins a message anew when another attempt is made", async () => {
    const { told, wakeups, stream } = open();
    told.say("We a");
    expect(await take(stream, 3)).toEqual(["RoundStarted", "MessageStarted", [0, "We a"]]);
    told.attempt = 2;
    told.pieceRows = [];
    told.content = "";
    told.say("They");
    wakeups.publishDiscussion("d");
    expect(await take(stream, 2)).toEqual(["MessageStarted", [0, "They"]]);
  });

  test("survives a database that is away for a while", async () => {
    const { told, wakeups, warnings, stream } = open();
    await take(stream, 2);
    told.isAway = true;
    told.say("We ");
    wakeups.publishDiscussion("d");
    await expect.poll(() => warnings.length).toBe(1);
    told.isAway = false;
    wakeups.publishDiscussion("d");
    expect(await take(stream, 1)).toEqual([[0, "We "]]);
  });

  test("shares its reads with all others of the discussion, and a slow reader holds nobody up", async () => {
    const { told, wakeups, hub, stream } = open();
    const slow = hub.stream("d", "p");
    await take(stream, 2);
    expect(await take(slow, 1)).toEqual(["RoundStarted"]);
    const before = told.reads;
    for (const word of ["We ", "all ", "agree"]) {
      told.say(word);
      wakeups.publishDiscussion("d");
      expect(await take(stream, 1)).toMatchObject([[expect.any(Number), word]]);
    }
    expect(told.reads - before).toBe(3);
    expect(await take(slow, 2)).toEqual(["MessageStarted", [0, "We all agree"]]);
  });

  test("ends with its signal, its reader and its hub, also while it waits", async () => {
    const { hub, stream } = open();
    const abort = new AbortController();
    const aborted = hub.stream("d", "p", abort.signal);
    await take(stream, 2);
    await take(aborted, 2);
    const waiting = take(aborted, 1);
    abort.abort();
    expect(await waiting).toEqual(["end"]);
    expect(hub.size).toBe(1);
    const last = take(stream, 1);
    hub.close();
    expect(await last).toEqual(["end"]);
    expect(hub.size).toBe(0);
  });
});

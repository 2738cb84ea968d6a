import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { DueRow } from "../../src/domain/due.ts";
import { createLocalWakeups } from "../../src/events/local-wakeups.ts";
import type { Sweep } from "../../src/jobs/sweep.ts";
import { createSweeper, READ_AGAIN_MS, RETRY_MS, WATCHED_ROWS } from "../../src/jobs/sweeper.ts";
import { TestClock } from "../support/clock.ts";
import { HandElapsed } from "../support/hand-elapsed.ts";
import { happenings, recordLog } from "./support.ts";

let clock: TestClock;
let elapsed: HandElapsed;
let rows: Map<string, DueRow>;
let looks: ReturnType<typeof happenings<string[]>>;
let reads: ReturnType<typeof happenings<Date>>;
let fault: Error | null;
let recorded: ReturnType<typeof recordLog>;
const wakeups = createLocalWakeups();

beforeEach(() => {
  [clock, elapsed, rows] = [new TestClock(), new HandElapsed(), new Map()];
  [looks, reads, fault, recorded] = [happenings(), happenings(), null, recordLog()];
});

/** Rows that are due in so many seconds by the clock. */
function add(...dueInSeconds: number[]): void {
  for (const seconds of dueInSeconds) {
    const dueAt = new Date(clock.now().getTime() + seconds * 1_000);
    const id = `row ${rows.size}`;
    rows.set(id, { id, dueAt });
  }
}

const sweep: Sweep = {
  name: "sweep-the-yard",
  everySeconds: 30,
  async look(due) {
    if (fault) {
      looks.add(["fault"]);
      throw fault;
    }
    const ids = new Set(due.map(({ id }) => id));
    const over = [...rows.values()].filter(({ id, dueAt }) => dueAt <= clock.now() || ids.has(id));
    for (const { id } of over) rows.delete(id);
    looks.add(over.map(({ id }) => id));
    return over.length;
  },
  async upcoming(after, limit) {
    reads.add(after);
    return [...rows.values()]
      .filter(({ dueAt }) => dueAt > after)
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
      .slice(0, limit);
  },
  tell: (found) => recorded.log.info({ found }, "swept"),
};

/** Starts it, and waits until its first look is over and the next alarm is set. */
async function start(): Promise<void> {
  const sweeper = createSweeper({
    sweeps: [sweep],
    clock,
    wakeups,
    log: recorded.log,
    onFinished: () => {},
    timer: elapsed,
  });
  onTestFinished(() => sweeper.stop());
  sweeper.start();
  elapsed.advance(0);
  await settled();
}

const settled = () => expect.poll(() => elapsed.next, { interval: 1 }).not.toBeNull();

async function pass(milliseconds: number, { clockToo = true } = {}): Promise<void> {
  if (clockToo) clock.advanceSeconds(milliseconds / 1_000);
  elapsed.advance(milliseconds);
  await settled();
}

const wake = () => wakeups.publish({ projectId: "p", sequence: 1 });

describe("a sweep", () => {
  test("looks when its next row is due, and reads nothing before", async () => {
    add(5, 12);
    await start();
    expect(elapsed.next).toBe(5_000);
    await pass(4_999);
    expect([looks.all.length, reads.all.length]).toEqual([1, 1]);
    await pass(1);
    expect(looks.all).toEqual([[], ["row 0"]]);
    expect(elapsed.next).toBe(7_000);
    await pass(7_000);
    expect(looks.all.at(-1)).toEqual(["row 1"]);
    expect(recorded.lines.map(({ detail }) => detail)).toEqual([{ found: 1 }, { found: 1 }]);
  });

  test("looks after its interval, however the clock is set meanwhile", async () => {
    await start();
    clock.advanceSeconds(-300);
    await pass(30_000, { clockToo: false });
    clock.advanceSeconds(-86_400);
    await pass(30_000, { clockToo: false });
    expect(looks.all).toHaveLength(3);
  });

  test("deals with rows on time that were written before the clock was set back", async () => {
    add(5, 10);
    await start();
    await pass(1_000);
    clock.advanceSeconds(-300);
    await pass(3_999);
    expect(looks.all).toHaveLength(1);
    await pass(1);
    expect(looks.all.at(-1)).toEqual(["row 0"]);
    await pass(5_000);
    expect(looks.all.at(-1)).toEqual(["row 1"]);
  });

  test("deals with rows on time that are written after the clock was set back", async () => {
    await start();
    clock.advanceSeconds(-300);
    add(5);
    wake();
    await pass(READ_AGAIN_MS);
    await pass(5_000 - READ_AGAIN_MS);
    expect(looks.all.at(-1)).toEqual(["row 0"]);
  });

  test("leaves a row alone that was postponed meanwhile", async () => {
    add(5);
    await start();
    rows.clear();
    add(60);
    await pass(5_000);
    expect(looks.all).toEqual([[], []]);
    expect(rows.size).toBe(1);
  });

  test("reads once for many wake-ups, and learns of new rows by it", async () => {
    await start();
    add(5);
    for (let count = 0; count < 100; count += 1) wake();
    expect(elapsed.next).toBe(READ_AGAIN_MS);
    await pass(READ_AGAIN_MS);
    expect([looks.all.length, reads.all.length]).toEqual([1, 2]);
    expect(elapsed.next).toBe(5_000 - READ_AGAIN_MS);
  });

  test("comes to every row, also past those that it watches", async () => {
    add(...Array.from({ length: 2 * WATCHED_ROWS + 1 }, (_, n) => 1 + Math.floor(n / 20)));
    await start();
    while (rows.size > 0) await pass(elapsed.next ?? 0);
    expect(looks.all.flat()).toEqual(Array.from({ length: 2 * WATCHED_ROWS + 1 }, (_, n) => `row ${n}`));
  });

  test("that fails is tried again, says so once, and goes on afterwards", async () => {
    add(5);
    await start();
    fault = new Error("away");
    await pass(5_000);
    await pass(RETRY_MS - 1);
    expect(looks.all).toEqual([[], ["fault"]]);
    await pass(1);
    expect(looks.all).toEqual([[], ["fault"], ["fault"]]);
    fault = null;
    await pass(RETRY_MS);
    expect(looks.all.at(-1)).toEqual(["row 0"]);
    expect(recorded.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  test("does not start again once it is stopped", async () => {
    const sweeper = createSweeper({
      sweeps: [sweep],
      clock,
      wakeups,
      log: recorded.log,
      onFinished: () => {},
      timer: elapsed,
    });
    sweeper.start();
    elapsed.advance(0);
    await sweeper.stop();
    expect([looks.all.length, elapsed.next]).toEqual([1, null]);
  });
});

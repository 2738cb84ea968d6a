import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import type { Order } from "./children/log.ts";

interface Line {
  readonly msg: string;
  /** Of a line that was asked for: they are counted from 0. */
  readonly number?: number;
  /** Of the line that tells of lost ones: how many. */
  readonly lines?: number;
}

/** A process with a log. Its lines are not read before that is asked for. */
function startLogging() {
  const child = fork(new URL("children/log.ts", import.meta.url), {
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    /** Has lines logged, and waits until they are. */
    async log(order: Order): Promise<void> {
      const done = once(child, "message");
      child.send(order);
      await done;
    },
    lines: () => linesOf(child),
  };
}

async function* linesOf({ stdout }: ChildProcess): AsyncGenerator<Line> {
  if (!stdout) throw new Error("The process has no output.");
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line);
}

test("a line is written although no other follows it", async () => {
  const program = startLogging();
  const lines = program.lines();
  for (const number of [0, 1, 2]) {
    await program.log({ lines: 1 });
    expect((await lines.next()).value).toMatchObject({ number });
  }
});

test.each([
  "by itself",
  "by exit",
  "by a fault",
] as const)("a process that ends %s has written all its lines, in their order", async (end) => {
  const program = startLogging();
  await program.log({ lines: 1 });
  await program.log({ lines: 1_000, end });
  const numbers: unknown[] = [];
  for await (const { number } of program.lines()) numbers.push(number);
  expect(numbers).toEqual(Array.from({ length: 1_001 }, (_, at) => at));
});

test("a reader that does not read holds nothing up; what it is too slow for is counted, and what it gets is whole", async () => {
  const program = startLogging();
  const all = 100_000;
  // Answered, though nobody has read a line.
  await program.log({ lines: all });
  const numbers: unknown[] = [];
  let lost = 0;
  for await (const { msg, number, lines = 0 } of program.lines()) {
    if (msg === "line") numbers.push(number);
    else lost += lines;
    if (numbers.length + lost >= all) break;
  }
  expect(lost).toBeGreaterThan(0);
  expect(numbers).toEqual(Array.from({ length: all - lost }, (_, at) => at));
});

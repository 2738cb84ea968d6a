import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openLogDestination } from "../../src/server/log-destination.ts";
import type { Order } from "./children/log.ts";

/** More than a pipe holds. */
const PIPE_BYTES = 1024 * 1024;
/** How long a line may wait. */
const LATEST_MS = 100;

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

/** A pipe with both ends in one, at neither of which anybody waits. */
function openPipe() {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-log-"));
  const path = join(directory, "pipe");
  execFileSync("mkfifo", [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  rmSync(directory, { recursive: true });
  onTestFinished(() => closeSync(fd));
  const buffer = Buffer.alloc(PIPE_BYTES);
  return {
    fd,
    /** What there is. */
    read(): string {
      try {
        return buffer.toString("utf8", 0, readSync(fd, buffer));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "";
        throw error;
      }
    },
  };
}

test("a line is written although no other follows it", async () => {
  const program = startLogging();
  const lines = program.lines();
  for (const number of [0, 1, 2]) {
    await program.log({ lines: 1 });
    expect((await lines.next()).value).toMatchObject({ number });
  }
});

test("a line that comes while others cannot be written is written after them", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const pipe = openPipe();
  const destination = openLogDestination(pipe.fd, () => expect.unreachable());
  destination.write(`${"x".repeat(PIPE_BYTES)}\n`);
  // One waits for the next lines, the other to try again: nobody reads.
  while (vi.getTimerCount() < 2) await turn();
  destination.write("last\n");
  vi.advanceTimersByTime(10 * LATEST_MS);
  let text = "";
  for (let turns = 0; turns < 1_000 && !text.includes("last"); turns += 1) {
    text += pipe.read();
    vi.advanceTimersByTime(LATEST_MS);
    await turn();
  }
  expect(text.length).toBe(PIPE_BYTES + "\nlast\n".length);
  expect(text.endsWith("x\nlast\n")).toBe(true);
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

import { expect, test } from "vitest";
import { Reachable } from "../../src/limits/reachable.ts";

function open() {
  const lines: string[] = [];
  const clock = { now: 0 };
  const log = {
    info: (_detail: object, message: string) => void lines.push(`info: ${message}`),
    warn: (_detail: object, message: string) => void lines.push(`warn: ${message}`),
  };
  const reachable = new Reachable({ name: "s", log, timeoutMs: 10, restMs: 1_000, now: () => clock.now });
  return { lines, clock, reachable };
}

const own = () => "own";
const shared = async () => "shared";
const down = () => Promise.reject(new Error("down"));

test("a store that is down is done without, said once, left alone for a while, and used again", async () => {
  const { lines, clock, reachable } = open();
  expect(await reachable.ask(shared, own)).toBe("shared");
  for (let asked = 0; asked < 3; asked++) {
    expect(await reachable.ask(down, own)).toBe("own");
    clock.now += 1_001;
  }
  expect(lines).toEqual([expect.stringMatching(/^warn: .*each process applies them by itself$/)]);
  await reachable.ask(down, own);
  expect(await reachable.ask(shared, own)).toBe("own");
  clock.now += 1_001;
  expect(await reachable.ask(shared, own)).toBe("shared");
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^info: .*shared between processes again$/)]);
});

test("a store that does not answer is done without", async () => {
  const { lines, reachable } = open();
  expect(await reachable.ask(() => new Promise<string>(() => {}), own)).toBe("own");
  expect(lines).toHaveLength(1);
});

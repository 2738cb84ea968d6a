import { expect, test } from "vitest";
import { createLogger, escapeTwice } from "../../src/server/logger.ts";
import { createOperationLog } from "../../src/server/operation-log.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger("info", { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

test("text in a line cannot steer the terminal that shows it, and stays what it was", () => {
  const lines: string[] = [];
  const log = createLogger("info", { write: (line) => void lines.push(line) });
  const text = "a\u001b[2J\u009b1m\u007f\u202Eb\u2066\u2028c";
  log.warn({ err: new Error(text), text }, "x");
  expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/u);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ text, err: { message: text } });
});

test("where a line is printed for people, its escapes are shown instead of obeyed", () => {
  const text = 'a\u001b[2J\b\r\u202E\n\t\\u001b"';
  const shown = JSON.parse(escapeTwice(JSON.stringify({ text }))) as { text: string };
  expect(shown.text).toBe('a\\u001b[2J\\b\\r\\u202e\n\t\\u001b"');
});

test("a line tells its time in UTC to the millisecond", () => {
  const before = Date.now();
  const { time } = logged((log) => log.info("x"));
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Date.parse(String(time))).toBeGreaterThanOrEqual(before);
  expect(Date.parse(String(time))).toBeLessThanOrEqual(Date.now());
});

test.each([
  [{ token: "secret" }],
  [{ authorization: "secret" }],
  [{ variables: { deep: "secret" } }],
  [{ headers: { authorization: "secret" } }],
  [{ anything: { headers: { authorization: "secret" } } }],
])("what is logged by mistake is no secret: %j", (line) => {
  expect(JSON.stringify(logged((log) => log.warn(line, "x")))).not.toContain("secret");
});

test("an operation's line has what it is made of and nothing else", () => {
  const line = { correlationId: "c", operation: "query node", outcome: "ok", status: 200, ms: 1.5 } as const;
  const { time, ...rest } = logged((log) => createOperationLog(log)(line));
  expect(typeof time).toBe("string");
  expect(rest).toEqual({ level: 30, ...line, msg: "operation" });
});

import { expect, test } from "vitest";
import { createLogger } from "../../src/server/logger.ts";
import { createOperationLog } from "../../src/server/operation-log.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger("info", { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

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

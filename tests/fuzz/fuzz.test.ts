import { Writable } from "node:stream";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { useApp } from "../support/app.ts";
import { fuzz } from "./support/fuzz.ts";

/** What the server has logged as an error: a fault that it masked, whatever the client was told. */
const logged: string[] = [];
const sink = new Writable({
  write(chunk, _encoding, done) {
    logged.push(String(chunk));
    done();
  },
});
const app = useApp({ log: pino({ level: "error" }, sink) });

afterAll(() => expect(logged).toEqual([]));

test.each([
  "valid",
  "mutated",
] as const)("no %s operation gets a fault, a 5xx or a look inside", async (what) => {
  const tally = await fuzz({ url: app.url, schema, seed: 1, count: 600, what });
  const answered = [...tally.values()].reduce((sum, count) => sum + count, 0);
  expect(answered).toBe(600);
  expect([...tally.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(tally.get(200)).toBeGreaterThan(what === "valid" ? 400 : 30);
});

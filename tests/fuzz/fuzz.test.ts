import { Writable } from "node:stream";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { useApp } from "../support/app.ts";
import { fuzz } from "./support/fuzz.ts";

/**
 * Two worlds of operations each, so that one that earlier commands have used up gives way to a new one. These same
 * operations show that nothing common has broken; to search further, `npm run bench:fuzz` takes other seeds and more.
 */
const COUNT = 300;

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
  const tally = await fuzz({ url: app.url, schema, seed: 1, count: COUNT, what });
  const answered = [...tally.values()].reduce((sum, count) => sum + count, 0);
  expect(answered).toBe(COUNT);
  expect([...tally.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(tally.get(200)).toBeGreaterThan(what === "valid" ? 200 : 15);
}, 120_000);

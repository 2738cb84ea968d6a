// The server without what guards and watches it: no scoping to the viewer, no complexity limit, no log line, no metrics.
// What those cost is the difference between this one and the real one (src/main.ts); it is otherwise the same program.

import { pino } from "pino";
import { Counter, Histogram } from "prom-client";
import { v7 } from "uuid";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/database.ts";
import type { PrismaClient } from "../../src/generated/prisma/client.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { builder } from "../../src/schema/builder.ts";

const { complexity } = builder.options as { complexity: { disabled?: boolean } };
complexity.disabled = true;
Counter.prototype.inc = () => {};
Histogram.prototype.observe = () => {};
// Only now: the schema is built when it is loaded.
const { createApp } = await import("../../src/app.ts");

const config = loadConfig(process.env);
const database = await openDatabase({ ...config });
const app = createApp({
  config,
  database: { ...database, reads: withoutScope(database.reads) },
  log: pino({ level: "silent" }),
  clock: systemClock,
  ids: { next: () => v7() },
  runner: createOfflineRunner({ scenario: null }),
});
await app.start();
console.log(JSON.stringify({ url: `${app.url}/graphql`, msg: "ready" }));
process.once("SIGTERM", () => void app.stop());

/** Reads of projects whose condition says nothing about whose they are. */
function withoutScope(reads: PrismaClient): PrismaClient {
  const unscoped = ({ where, ...args }: { where?: object | undefined }) => {
    const { members: _members, ...rest } = (where ?? {}) as { members?: unknown };
    return { ...args, where: rest };
  };
  // Not a client extension: that would cost what the guards do not.
  const project = new Proxy(reads.project, {
    get(target, key) {
      const read: unknown = Reflect.get(target, key);
      if (!["findMany", "findUnique", "count"].includes(String(key)) || typeof read !== "function")
        return read;
      return (args: object) => read.call(target, unscoped(args));
    },
  });
  return new Proxy(reads, { get: (target, key) => (key === "project" ? project : Reflect.get(target, key)) });
}

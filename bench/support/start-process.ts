// One start of the server, phase by phase: what `gatehouse serve` does, in its order, with the time after each. It is given
// where compiled modules are kept ("" for nowhere), tells its parent when it is ready, and ends in order.
import { enableCompileCache } from "node:module";

/** Milliseconds from the start of the process to the end of each phase. */
export type Phases = Readonly<Record<string, number>>;

const ends: Record<string, number> = {};
const done = (phase: string) => {
  ends[phase] = performance.now();
};

done("Node itself");
const [cache] = process.argv.slice(2);
if (cache) enableCompileCache(cache);
await import("../../src/schema/builder.ts");
done("modules: GraphQL, Pothos, Prisma's client");
const { schema } = await import("../../src/schema/index.ts");
done("the schema is built");
const [
  { createApp },
  { systemClock },
  { loadConfig },
  { openDatabase },
  { migrate },
  { createRunner },
  { createLogger },
  { v7 },
] = await Promise.all([
  import("../../src/app.ts"),
  import("../../src/clock.ts"),
  import("../../src/config.ts"),
  import("../../src/db/database.ts"),
  import("../../src/db/migrate.ts"),
  import("../../src/llm/models.ts"),
  import("../../src/server/logger.ts"),
  import("uuid"),
  import("../../src/cli/program.ts"),
  import("../../src/cli/serve.ts"),
]);
done("modules: everything else");
const config = loadConfig(process.env);
const database = await openDatabase(config);
done("the database is opened");
await migrate(database);
done("it is brought up to date");
const runner = await createRunner(config.llm);
const log = createLogger("silent");
const ids = { next: () => v7() };
const app = createApp({ config, database, log, clock: systemClock, ids, runner, parts: ["api", "jobs"] });
await app.start();
done("plans, demo, wake-ups, listening");
const response = await fetch(`${app.url}/graphql`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query: "{ projects(first: 5) { totalCount nodes { id name } } }" }),
});
if (response.status !== 200 || schema === undefined)
  throw new Error(`The first answer is ${response.status}.`);
await response.text();
done("the first answer");
process.send?.(ends satisfies Phases);
await app.stop();
process.disconnect();

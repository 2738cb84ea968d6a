import type { TestProject } from "vitest/node";
import { adminUrl, startRun } from "./postgres-server.ts";
import { preparedDump } from "./prepared-dump.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The file with the dump of a prepared embedded database. */
    pgliteDump: string;
    /** Names this run's databases on the PostgreSQL server; null without one. */
    postgresRun: number | null;
  }
}

/** Makes a database once per engine; every test database is a copy of the result. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dump = await preparedDump();
  const run = adminUrl === undefined ? null : await startRun();
  project.provide("pgliteDump", dump);
  project.provide("postgresRun", run?.id ?? null);
  return async () => {
    await run?.end();
  };
}

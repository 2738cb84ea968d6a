import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openInMemory } from "../../src/db/embedded.ts";
import { adminUrl, startRun } from "./postgres-server.ts";
import { prepareDatabase } from "./prepare-database.ts";

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
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-tests-"));
  const dump = join(directory, "prepared.tar");
  writeFileSync(dump, await preparedDump());
  const run = adminUrl === undefined ? null : await startRun();
  project.provide("pgliteDump", dump);
  project.provide("postgresRun", run?.id ?? null);
  return async () => {
    rmSync(directory, { recursive: true, force: true });
    await run?.end();
  };
}

async function preparedDump(): Promise<Buffer> {
  const database = await openInMemory();
  await prepareDatabase(database);
  if (database.driver.kind !== "pglite") throw new Error("An in-memory database is a PGlite.");
  const dump = await database.driver.pglite.dumpDataDir("none");
  await database.close();
  return Buffer.from(await dump.arrayBuffer());
}

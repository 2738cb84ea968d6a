import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { clusterDump } from "./cluster-dump.ts";

/**
 * The files of a database with nothing in it, for this version of PGlite: making them anew is three seconds of computing,
 * copying them a tenth of one. They are no part of the program: without them everything works, later.
 */
const PREPARED = join(
  fileURLToPath(new URL("../../node_modules/.cache/empty-database/", import.meta.url)),
  versionOfPglite(),
);

/** Makes the files of a new database in `directory`, which is not there. What is interrupted leaves some of them. */
export async function createCluster(directory: string, prepared = PREPARED): Promise<void> {
  if (!copied(prepared, directory)) await makeCluster(directory);
}

/** A dump of a database with nothing in it, for one in memory; null when none is prepared, or it may not be read. */
export function emptyDump(prepared = PREPARED): Blob | null {
  try {
    return new Blob([new Uint8Array(clusterDump(prepared))]);
  } catch {
    return null;
  }
}

/** False, and nothing there, when there is nothing to copy, or it is another user's and may not be read. */
function copied(prepared: string, directory: string): boolean {
  try {
    cpSync(prepared, directory, { recursive: true });
    return true;
  } catch {
    rmSync(directory, { recursive: true, force: true });
    return false;
  }
}

/** Prepares the files that `createCluster` copies, unless they are there. Of two that do it at once one is too late. */
export async function prepareCluster(prepared = PREPARED): Promise<void> {
  if (existsSync(prepared)) return;
  mkdirSync(dirname(prepared), { recursive: true });
  const draft = mkdtempSync(`${prepared}.`);
  await makeCluster(draft);
  try {
    renameSync(draft, prepared);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(prepared)) throw error;
  }
}

async function makeCluster(directory: string): Promise<void> {
  await (await PGlite.create(directory)).close();
}

function versionOfPglite(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@electric-sql/pglite");
  return require(join(dirname(entry), "..", "package.json")).version;
}

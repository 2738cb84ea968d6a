import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clusterDump } from "../../src/db/cluster-dump.ts";
import { openEmbedded } from "../../src/db/embedded.ts";
import { prepareDatabase } from "./prepare-database.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/prepared-database");
/** All that a dump is made of and by. What is installed, PGlite and pg-boss among it, stands in the lock file. */
const MADE_FROM = [
  "package-lock.json",
  "prisma/**/*.{prisma,sql,toml}",
  "src/db/*.ts",
  "src/jobs/*.ts",
  "tests/support/prepare*.ts",
];
const DAY_MS = 86_400_000;

/** The file with the dump of a prepared embedded database: made when it is not there, and kept for the next run. */
export async function preparedDump(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `${fingerprint()}.tar`);
  if (existsSync(file)) {
    utimesSync(file, new Date(), new Date());
  } else {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, await makeDump());
    renameSync(draft, file);
  }
  dropUnused(file);
  return file;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(MADE_FROM, { cwd: ROOT }).sort()) {
    hash.update(JSON.stringify([path, readFileSync(join(ROOT, path), "utf8")]));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Those of other sources, once no run can still be reading them. */
function dropUnused(used: string): void {
  for (const name of readdirSync(CACHE)) {
    const file = join(CACHE, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (file !== used && age > DAY_MS) rmSync(file, { force: true });
  }
}

async function makeDump(): Promise<Buffer> {
  const parent = mkdtempSync(join(tmpdir(), "gatehouse-tests-"));
  try {
    const directory = join(parent, "data");
    const database = await openEmbedded(directory);
    await prepareDatabase(database);
    // Every test file pays for what a copy holds and sets up: a third of it, and none of it is what a test is about.
    for (const statement of [
      "ALTER SYSTEM SET shared_buffers = '8MB'",
      "UPDATE pg_database SET datistemplate = false",
      "DROP DATABASE template0",
      "DROP DATABASE template1",
    ]) {
      if (database.driver.kind !== "pglite") throw new Error("An embedded database is a PGlite.");
      await database.driver.pglite.exec(statement);
    }
    await database.close();
    return clusterDump(directory);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

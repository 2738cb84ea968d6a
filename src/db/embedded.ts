import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { createPrismaClient } from "./client.ts";
import type { Database } from "./database.ts";
import { DiskFullError, DiskGuard, isDiskFull } from "./disk-guard.ts";
import { isLockFile, lockDirectory } from "./lock.ts";
import { createCluster, emptyDump } from "./new-cluster.ts";
import { once } from "./once.ts";
import { startPglite } from "./start-pglite.ts";

/** There is no embedded database where one must exist. */
export class DatabaseMissingError extends Error {
  override readonly name = "DatabaseMissingError";

  constructor(path: string) {
    super(`There is no database in ${path}. Make one with "npx gatehouse init-db", or set PIPELINE_DB_PATH.`);
  }
}

export interface EmbeddedOptions {
  /** Refuses a directory that holds no database yet, and makes nothing. */
  readonly mustExist?: boolean;
  /** What this process is, such as "server", told to those that are refused while it holds the directory. */
  readonly program?: string;
  readonly onStatement?: (sql: string) => void;
}

/**
 * Opens PostgreSQL embedded in this process, with its files in `path`. A committed write survives the end of the
 * process, however sudden; PGlite does not sync to the disk, so nothing is promised about power loss.
 * @throws DatabaseLockedError when another process has it open.
 * @throws VolumeUnsupportedError when the directory cannot be locked.
 * @throws DatabaseDamagedError when PostgreSQL cannot start on its files.
 * @throws DatabaseMissingError when it must exist and does not.
 */
export async function openEmbedded(path: string, options: EmbeddedOptions = {}): Promise<Database> {
  if (options.mustExist && !isDatabase(path)) throw new DatabaseMissingError(resolve(path));
  mkdirSync(path, { recursive: true });
  // One directory may have many names, but it must have one lock.
  const directory = realpathSync(path);
  refuseOtherFiles(directory);
  const lock = await lockDirectory(directory, options.program).catch((error: unknown) => {
    throw isDiskFull(error) ? new DiskFullError(directory, error) : error;
  });
  try {
    await initialise(directory);
    const pglite = await startPglite(directory);
    const disk = new DiskGuard(directory, pglite);
    return wrapPglite(pglite, { location: directory, release: lock.release, disk, ...options });
  } catch (error) {
    lock.release();
    throw isDiskFull(error) ? new DiskFullError(directory, error) : error;
  }
}

/**
 * Opens an embedded database that is gone when closed; `dump` (PGlite's dumpDataDir) is what it starts with, and without
 * one it is empty.
 */
export async function openInMemory(
  dump: Blob | null = emptyDump(),
  options: EmbeddedOptions = {},
): Promise<Database> {
  const start: PGliteOptions = dump === null ? {} : { loadDataDir: dump };
  return wrapPglite(await PGlite.create(start), { location: "memory", release: () => {}, ...options });
}

/** Where the files of a new database are made, inside its directory; and where they are once they are complete. */
const DRAFT = "gatehouse.draft";
const MADE = "gatehouse.made";
/** Tells that a directory is a database, so it is moved there last. */
const VERSION = "PG_VERSION";

/**
 * Makes the files of a new database aside and moves them in when they are complete: PGlite writes them one by one, and
 * one that was interrupted there would look like a database and never open again. The directory itself may be a volume,
 * so it cannot be replaced as a whole; a move that was interrupted is completed by the next start.
 */
async function initialise(directory: string): Promise<void> {
  const [draft, made] = [join(directory, DRAFT), join(directory, MADE)];
  if (!isDatabase(directory)) {
    if (!existsSync(made)) {
      rmSync(draft, { recursive: true, force: true });
      await createCluster(draft);
      renameSync(draft, made);
    }
    const rest = readdirSync(made).filter((name) => name !== VERSION);
    for (const name of [...rest, VERSION]) renameSync(join(made, name), join(directory, name));
  }
  rmSync(made, { recursive: true, force: true });
}

function refuseOtherFiles(directory: string): void {
  if (isDatabase(directory) || existsSync(join(directory, MADE))) return;
  const isOther = (name: string) => name !== DRAFT && name !== LOST_AND_FOUND && !isLockFile(name);
  if (!readdirSync(directory).some(isOther)) return;
  throw new Error(
    `${directory} holds files that are no database. Name an empty directory, or one to be made.`,
  );
}

/** What a new ext4 volume has. */
const LOST_AND_FOUND = "lost+found";

function isDatabase(directory: string): boolean {
  return existsSync(join(directory, VERSION));
}

interface PgliteOwner extends EmbeddedOptions {
  readonly location: string;
  readonly release: () => void;
  readonly disk?: DiskGuard;
}

function wrapPglite(pglite: PGlite, { location, release, disk, onStatement }: PgliteOwner): Database {
  const prisma = createPrismaClient(new PrismaPGlite(pglite), { onStatement });
  return {
    engine: "pglite",
    location,
    prisma,
    reads: prisma,
    driver: { kind: "pglite", pglite },
    ...(disk && { volume: disk }),
    async ping() {
      await pglite.query("SELECT 1");
    },
    close: once(async () => {
      try {
        await prisma.$disconnect();
        // One that is broken would never close; the next start recovers from its log.
        if (!pglite.closed && !disk?.isBroken) await pglite.close();
      } finally {
        release();
      }
    }),
  };
}

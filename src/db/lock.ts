import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { z } from "zod";
import { mayBeAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Another process holds the embedded directory: two at once would corrupt it. */
export class DatabaseLockedError extends Error {
  override readonly name = "DatabaseLockedError";
  readonly pid: number;
  /** What it is, in its own words, such as "server"; undefined when it has not said. */
  readonly program: string | undefined;
  readonly directory: string;

  constructor(directory: string, lockFile: string, holder: Holder) {
    super(
      `The database in ${directory} is in use by process ${holder.pid} on ${holder.host}. ` +
        "Only one process at a time can open it: stop that one, or set PIPELINE_DB_PATH to another directory, " +
        "or DATABASE_URL to a PostgreSQL server that many can share. " +
        `If no such process runs any more, delete ${lockFile}.`,
    );
    this.pid = holder.pid;
    this.program = holder.program;
    this.directory = directory;
  }
}

interface Holder extends ProcessIdentity {
  readonly program?: string | undefined;
}

export interface DirectoryLock {
  release(): void;
}

const recordSchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.string().nullable(),
  host: z.string(),
  token: z.string(),
  program: z.string().optional(),
});
type LockRecord = z.infer<typeof recordSchema>;

/**
 * Takes the lock of a directory: a file beside it that names its holder. The lock of a process that is gone is taken over.
 * @param program what this process is, for those that are refused meanwhile.
 * @throws DatabaseLockedError when a living process, or one that cannot be seen from here, holds it.
 */
export function lockDirectory(directory: string, program?: string): DirectoryLock {
  return acquire(directory, `${directory}.lock`, program);
}

function acquire(directory: string, path: string, program: string | undefined): DirectoryLock {
  const own: LockRecord = { ...ownIdentity(), token: randomUUID(), program };
  if (!createExclusively(path, own)) takeOver(directory, path, own);
  return {
    release() {
      if (readRecord(path)?.token === own.token) rmSync(path, { force: true });
    },
  };
}

/**
 * Between finding a dead holder and replacing it another process may do the same, and the later of the two would
 * throw out the living one. So a take-over has a lock of its own, and the holder is read again under it.
 */
function takeOver(directory: string, path: string, own: LockRecord): void {
  refuseIfHeld(directory, path);
  const guard = acquire(directory, `${path}.takeover`, own.program);
  try {
    refuseIfHeld(directory, path);
    const draft = writeDraft(path, own);
    renameSync(draft, path);
  } finally {
    guard.release();
  }
}

function refuseIfHeld(directory: string, path: string): void {
  const holder = readRecord(path);
  if (holder !== null && mayBeAlive(holder)) throw new DatabaseLockedError(directory, path, holder);
}

/** Like O_EXCL, but the file appears with its content: nobody ever reads a half-written record. */
function createExclusively(path: string, record: LockRecord): boolean {
  const draft = writeDraft(path, record);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(path: string, record: LockRecord): string {
  const draft = `${path}.${record.token}`;
  const file = openSync(draft, "wx");
  try {
    writeSync(file, `${JSON.stringify(record)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

/** Null when there is no lock, or none that a living process can have written. */
function readRecord(path: string): LockRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

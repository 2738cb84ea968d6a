import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { LockUnsupportedError, lockFile, type Unlock } from "./kernel-lock.ts";

/** Files of the lock, inside the directory: whatever name or mount the directory is reached by, they are the same. */
const LOCK = "gatehouse.lock";
const HOLDER = "gatehouse.holder";

/** Whether a file in the directory belongs to the lock and not to the database. */
export function isLockFile(name: string): boolean {
  return name === LOCK || name.startsWith(HOLDER);
}

const ALTERNATIVES =
  "set PIPELINE_DB_PATH to another directory, or DATABASE_URL to a PostgreSQL server that many can share";

/** Another process holds the embedded directory: two at once would corrupt it. */
export class DatabaseLockedError extends Error {
  override readonly name = "DatabaseLockedError";
  /** Null when the holder has not said. Counted in the holder's own PID namespace. */
  readonly pid: number | null;
  /** What it is, in its own words, such as "server"; undefined when it has not said. */
  readonly program: string | undefined;
  readonly directory: string;

  /** @param leftover the file to delete where nobody can tell from here whether the holder still runs */
  constructor(directory: string, holder: Holder | null, leftover?: string) {
    const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
    super(
      `The database in ${directory} is in use by ${who}. ` +
        `Only one process at a time can open it: stop that one, or ${ALTERNATIVES}.` +
        (leftover ? ` If no such process runs any more, delete ${leftover}.` : ""),
    );
    this.pid = holder?.pid ?? null;
    this.program = holder?.program;
    this.directory = directory;
  }
}

/** The directory is on a volume that cannot say who holds it: read-only, or without file locks. */
export class VolumeUnsupportedError extends Error {
  override readonly name = "VolumeUnsupportedError";

  constructor(directory: string, reason: string) {
    super(
      `The database directory ${directory} cannot be locked (${reason}), so two processes could corrupt it. It needs a ` +
        `writable file system with file locks, such as a local disk: ${ALTERNATIVES}.`,
    );
  }
}

export interface DirectoryLock {
  release(): void;
}

const holderSchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Which boot of which kernel it runs on; null where the system does not say. */
  bootId: z.string().nullish(),
  token: z.string(),
  program: z.string().optional(),
});
type Holder = z.infer<typeof holderSchema>;

const RETRY_MS = 10;
/** How long a holder may take between locking and saying who it is. */
const SAYS_WHO_IN_MS = 1_000;

/**
 * Takes the lock of an existing directory. The kernel holds it and releases it when the process ends. A second file names
 * the holder, for those that are refused.
 * @param program what this process is
 * @throws DatabaseLockedError when another process holds it, or may hold it on another machine.
 * @throws VolumeUnsupportedError when the directory cannot be locked.
 */
export async function lockDirectory(directory: string, program?: string): Promise<DirectoryLock> {
  const holderFile = join(directory, HOLDER);
  const own: Holder = { pid: process.pid, host: hostname(), bootId: bootId(), token: randomUUID(), program };
  const unlock = await acquire(directory, holderFile);
  try {
    refuseForeignHolder(directory, holderFile, own);
    refuseEarlierVersion(directory);
    const draft = `${holderFile}.${own.token}`;
    writeFileSync(draft, `${JSON.stringify(own)}\n`);
    renameSync(draft, holderFile);
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    release() {
      // While the lock is held: afterwards the file may be the next holder's.
      if (readHolder(holderFile)?.token === own.token) rmSync(holderFile, { force: true });
      unlock();
    },
  };
}

async function acquire(directory: string, holderFile: string): Promise<Unlock> {
  for (const giveUpAt = performance.now() + SAYS_WHO_IN_MS; ; await setTimeout(RETRY_MS)) {
    const unlock = tryLock(directory, LOCK);
    if (unlock !== null) return unlock;
    const holder = readHolder(holderFile);
    if (holder !== null) throw new DatabaseLockedError(directory, holder);
    if (performance.now() > giveUpAt) break;
  }
  // SQLite reports a volume without locks as a file that is locked. There, a file that nobody else knows is "locked" too.
  const probe = `${HOLDER}.${randomUUID()}`;
  const works = tryLock(directory, probe);
  works?.();
  rmSync(join(directory, probe), { force: true });
  if (works === null) throw new VolumeUnsupportedError(directory, "its file system has no file locks");
  throw new DatabaseLockedError(directory, null);
}

function tryLock(directory: string, name: string): Unlock | null {
  try {
    return lockFile(join(directory, name));
  } catch (error) {
    if (error instanceof LockUnsupportedError) throw new VolumeUnsupportedError(directory, error.message);
    throw error;
  }
}

/**
 * The lock is ours, but a network file system may not share locks between machines. So a holder that another machine left
 * there may still run.
 */
function refuseForeignHolder(directory: string, holderFile: string, own: Holder): void {
  const holder = readHolder(holderFile);
  if (holder === null) return;
  const isSameKernel = own.bootId === null ? holder.host === own.host : holder.bootId === own.bootId;
  if (isSameKernel || isLocal(directory)) return;
  throw new DatabaseLockedError(directory, holder, holderFile);
}

/** Version 0.1 had its lock in a file beside the directory, and no lock of the kernel's. */
function refuseEarlierVersion(directory: string): void {
  const file = `${directory}.lock`;
  const holder = readHolder(file);
  if (holder === null) return;
  const mayRun = holder.host !== hostname() || (holder.pid !== process.pid && pidExists(holder.pid));
  if (mayRun) throw new DatabaseLockedError(directory, holder, file);
  rmSync(file, { force: true });
}

function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux' numbers of file systems that only one kernel can have mounted, see statfs(2). */
const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
]);

function isLocal(directory: string): boolean {
  return process.platform === "linux" && LOCAL_FILE_SYSTEMS.has(statfsSync(directory).type);
}

/** Changes with each boot, and is the same in all containers on one kernel. */
function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

/** Null when nobody has said that they hold it, or in no form that a holder writes. */
function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

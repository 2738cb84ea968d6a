import { DatabaseSync } from "node:sqlite";

/** The file cannot be locked at all: read-only, not reachable, or on a file system without locks. */
export class LockUnsupportedError extends Error {
  override readonly name = "LockUnsupportedError";
}

/** Releases a lock that `lockFile` has taken. */
export type Unlock = () => void;

/** SQLITE_BUSY; the higher bits of a code say more. */
const BUSY = 5;

/** Node closes a database that nobody refers to any more, and the lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Locks a file for this process and makes it if necessary. The kernel keeps the lock and releases it when the process
 * ends, however it ends. It holds between PID and network namespaces, and between hosts where the file system shares locks.
 *
 * Node cannot lock files; its SQLite can, with fcntl. Nothing is ever written to the file. It must not be deleted, or
 * another process could lock a new one of that name. This process must not open it by other means: closing it then would
 * drop the lock (fcntl(2)).
 * @returns null when it is locked already, by whichever process
 * @throws LockUnsupportedError when it cannot be locked
 */
export function lockFile(path: string): Unlock | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // A journal would be a second file, which a full disk has no room for.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
  } catch (error) {
    database?.close();
    const { errcode = 0, message } = error as { errcode?: number; message: string };
    if ((errcode & 0xff) === BUSY) return null;
    throw new LockUnsupportedError(message, { cause: error });
  }
  const locked = database;
  held.add(locked);
  return () => {
    if (held.delete(locked)) locked.close();
  };
}

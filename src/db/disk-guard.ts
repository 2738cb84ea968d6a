import { statfsSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";

const MB = 1024 * 1024;
/** A segment of the write-ahead log is 16 MB and made as a whole; the rest is for what is written meanwhile. */
const WRITES_NEED = 20 * MB;
/** Below this, operators are warned: readiness is degraded, and the log says so. */
const WARN_BELOW = 128 * MB;
/** How long a measurement counts. */
const MEASURED_FOR_MS = 100;

/** PostgreSQL's disk_full: an outage, which clients are told as 503. */
const DISK_FULL = "53100";

/** What changes files. Whatever else a transaction does is allowed, so that it can be read and ended. */
const WRITES =
  /\b(insert|update|delete|merge|create|alter|drop|truncate|copy|comment|grant|revoke|vacuum|analyze|reindex|cluster|refresh|do|call)\b/i;

/** Why somebody has to free space on the volume of the embedded database. */
export interface Shortage {
  /** "broken": the engine ran out of space, and nothing can be read or written until the process is started again. */
  readonly state: "low" | "writes refused" | "broken";
  readonly reason: string;
}

/** The volume with the embedded database. */
export interface Volume {
  /** Null while there is enough space. */
  shortage(): Shortage | null;
}

/**
 * Refuses writes while the volume is nearly full, with PostgreSQL's own error, which also fails the transaction. PGlite must
 * not run out of space itself: after it could not make the next segment of its log, the next statement loops for ever and
 * blocks the process. Where it runs out all the same, because others fill the volume at that moment or one statement
 * writes too much, the engine is not asked again.
 */
export class DiskGuard implements Volume {
  readonly #directory: string;
  #free = Number.POSITIVE_INFINITY;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #isBroken = false;

  constructor(directory: string, pglite: PGlite) {
    this.#directory = directory;
    const run = pglite.execProtocolStream.bind(pglite);
    // All of PGlite's methods that take SQL send it through this one.
    pglite.execProtocolStream = async (message, options) => {
      this.#refuseIfBroken();
      const isRefused = this.#measure(MEASURED_FOR_MS) < WRITES_NEED && isWrite(message);
      try {
        return await run(isRefused ? raise(this.#nearlyFull()) : message, options);
      } catch (error) {
        if (!isRefused && isDiskFull(error)) this.#isBroken = true;
        throw error;
      }
    };
  }

  /** Whether the engine ran out of space: nothing may be asked of it, and only a new process can recover it. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  shortage(): Shortage | null {
    if (this.#isBroken) return { state: "broken", reason: BROKEN };
    const free = this.#measure(0);
    if (free < WRITES_NEED) return { state: "writes refused", reason: this.#nearlyFull() };
    if (free >= WARN_BELOW) return null;
    const reason = `${megabytes(free)} free on the volume of the embedded database: below ${megabytes(WRITES_NEED)} writes are refused`;
    return { state: "low", reason };
  }

  #nearlyFull(): string {
    return `${megabytes(this.#free)} free on the volume of the embedded database: writes need ${megabytes(WRITES_NEED)}. Free some space`;
  }

  #refuseIfBroken(): void {
    if (this.#isBroken) throw Object.assign(new Error(BROKEN), { code: DISK_FULL });
  }

  #measure(maxAgeMs: number): number {
    const now = performance.now();
    if (now - this.#measuredAt < maxAgeMs) return this.#free;
    this.#measuredAt = now;
    try {
      const { bavail, bsize } = statfsSync(this.#directory);
      this.#free = bavail * bsize;
    } catch {
      // A directory that is gone, say. PostgreSQL says what is wrong with it; this only measures.
    }
    return this.#free;
  }
}

const BROKEN =
  "the embedded database ran out of disk space in the middle of a write: free some space and restart the server";

const megabytes = (bytes: number) => `${Math.floor(bytes / MB)} MB`;

/** Whether an operation failed because there is no space left, or the user's quota is used up. */
export function isDiskFull(error: unknown): boolean {
  const { code, errno, message } = (error ?? {}) as { code?: unknown; errno?: unknown; message?: unknown };
  if (code === DISK_FULL || code === "ENOSPC" || code === "EDQUOT") return true;
  return errno === EMSCRIPTEN_ENOSPC || /No space left/.test(String(message));
}

/** What the file system inside PGlite throws is no Error and has only a number. */
const EMSCRIPTEN_ENOSPC = 51;

/** There is no space to open the embedded database. */
export class DiskFullError extends Error {
  override readonly name = "DiskFullError";

  constructor(directory: string, cause: unknown) {
    super(
      `There is no disk space left to open the database in ${directory}. Free some space and start again.`,
      { cause },
    );
  }
}

const [PARSE, QUERY] = [0x50, 0x51];

/** Whether a Parse or Query message holds SQL that changes files. */
function isWrite(message: Uint8Array): boolean {
  if (message[0] !== PARSE && message[0] !== QUERY) return false;
  const sql = Buffer.from(message).toString("latin1", 5);
  // Names may be words of the language, such as a column "comment".
  return WRITES.test(sql.replace(/"[^"]*"/g, ""));
}

/** A Query message that fails with that reason. */
function raise(reason: string): Uint8Array {
  const sql = Buffer.from(
    `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${DISK_FULL}', MESSAGE = '${reason.replaceAll("'", "''")}'; END $$\0`,
  );
  const head = Buffer.alloc(5);
  head[0] = QUERY;
  head.writeInt32BE(sql.length + 4, 1);
  return Buffer.concat([head, sql]);
}

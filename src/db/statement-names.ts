import { createHash } from "node:crypto";
import { BoundedCache } from "../bounded-cache.ts";
import type { PgConnection } from "./pg-connection.ts";

/**
 * What a prepared statement takes of a backend's memory, in bytes per character of its text: parsed, rewritten and planned.
 * Measured with `pg_backend_memory_contexts` on PostgreSQL 15: 106 to 115 from a flat read to four levels of relations.
 */
const BYTES_PER_CHARACTER = 115;
/** Bytes of each connection. What the API usually sends takes a third of it. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Milliseconds. */
const MAX_IDLE_MS = 10 * 60_000;

export interface StatementNamesOptions {
  /** What the statements that are prepared on a connection may take of its backend's memory, in bytes (estimated). */
  readonly maxBytes?: number;
  /** A statement that nobody has sent for so long is closed. In milliseconds. */
  readonly maxIdleMs?: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

interface Named {
  readonly name: string;
  usedAt: number;
}

/**
 * Names for statements, so that PostgreSQL parses and plans each one once per connection. A client chooses the shape of its
 * queries, and each prepared statement takes memory of every connection on which it was sent, so names are bounded by memory
 * and by age: those that are sent often stay, and what goes is closed on each connection the next time that it is used.
 *
 * A name is a digest of its statement's text: it cannot come to mean another statement.
 */
export class StatementNames {
  readonly #maxIdleMs: number;
  readonly #now: () => number;
  readonly #names: BoundedCache<string, Named>;
  readonly #live = new Set<string>();
  /** Counts the names that have gone. */
  #gone = 0;
  #lookedAt: number;
  /** What had gone when a connection was last rid of it. */
  readonly #closedOn = new WeakMap<PgConnection, number>();

  constructor({
    maxBytes = MAX_BYTES,
    maxIdleMs = MAX_IDLE_MS,
    now = () => performance.now(),
  }: StatementNamesOptions = {}) {
    this.#maxIdleMs = maxIdleMs;
    this.#now = now;
    this.#lookedAt = now();
    this.#names = new BoundedCache({
      capacity: maxBytes,
      weightOf: (sql) => sql.length * BYTES_PER_CHARACTER,
      onEvict: (_sql, { name }) => {
        this.#live.delete(name);
        this.#gone += 1;
      },
    });
  }

  /** @returns what the statement is to be prepared by now; undefined: it is to be sent without a name */
  nameOf(sql: string): string | undefined {
    const now = this.#now();
    this.#forgetIdle(now);
    const known = this.#names.get(sql);
    if (known) {
      known.usedAt = now;
      return known.name;
    }
    const name = digestOf(sql);
    this.#names.set(sql, { name, usedAt: now });
    if (!this.#names.has(sql)) return undefined;
    this.#live.add(name);
    return name;
  }

  /**
   * Closes the statements on a connection whose names have gone. For a connection on which nothing is under way: the messages
   * go out with whatever is sent on it next.
   */
  closeGone(connection: PgConnection): void {
    if (this.#closedOn.get(connection) === this.#gone) return;
    this.#closedOn.set(connection, this.#gone);
    const { parsedStatements, stream } = connection;
    stream.cork();
    for (const name in parsedStatements) {
      if (this.#live.has(name)) continue;
      delete parsedStatements[name];
      connection.close({ type: "S", name }, true);
    }
    stream.uncork();
  }

  /** Twice in the time that a statement may be idle. */
  #forgetIdle(now: number): void {
    if (now - this.#lookedAt < this.#maxIdleMs / 2) return;
    this.#lookedAt = now;
    for (const [sql, { usedAt }] of this.#names) if (now - usedAt > this.#maxIdleMs) this.#names.delete(sql);
  }
}

/** A few characters that no other statement has: 96 bits of SHA-256. */
export function digestOf(sql: string): string {
  return createHash("sha256").update(sql).digest("base64url").slice(0, 16);
}

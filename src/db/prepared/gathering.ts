import pg from "pg";
import { type PreparedStatement, queryRows, type Rows } from "./row-query.ts";

/** More than this would let PostgreSQL wait while the server reads, and the server while PostgreSQL does. */
const MOST_TOGETHER = 4;

interface Waiting {
  readonly statement: PreparedStatement;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Sends the statements of one turn of the event loop together, a few to a connection. To wake a connection's process and to be
 * woken by it takes longer than to find one row: four rows read together take PostgreSQL half the time, and the server four
 * fifths. Only for statements that take no time to speak of, since each waits for those with which it went.
 */
export class Gathering {
  readonly #pool: pg.Pool;
  #waiting: Waiting[] = [];

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** @throws when it fails */
  query(statement: PreparedStatement): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ statement, resolve, reject }) === 1) setImmediate(() => this.#sendAll());
    });
  }

  #sendAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += MOST_TOGETHER) {
      void this.#send(waiting.slice(at, at + MOST_TOGETHER));
    }
  }

  async #send(together: readonly Waiting[]): Promise<void> {
    try {
      const answers = await queryRows(
        this.#pool,
        together.map(({ statement }) => statement),
      );
      for (const [at, { resolve }] of together.entries()) resolve(answers[at] as Rows);
    } catch (error) {
      if (together.length > 1 && error instanceof pg.DatabaseError) {
        // One of them is wrong, and which it is only shows when each goes alone.
        for (const waiting of together) void this.#send([waiting]);
      } else {
        for (const { reject } of together) reject(error);
      }
    }
  }
}

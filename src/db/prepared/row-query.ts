import type pg from "pg";
import type { TextRow } from "./row-reader.ts";

/** What a statement gave. */
export interface Rows {
  readonly rows: readonly TextRow[];
  /** Their names; undefined unless they were asked for. */
  readonly columns: readonly string[] | undefined;
}

/** As it goes over the wire; null is NULL. */
export type Parameter = string | null;

export interface PreparedStatement {
  /** What it is prepared by. */
  readonly name: string;
  readonly sql: string;
  readonly parameters: Parameter[];
  /** Whether to tell the columns' names, which are the same each time. */
  readonly describe: boolean;
}

interface Answer {
  readonly rows: TextRow[];
  columns: readonly string[] | undefined;
}

/**
 * The rows of prepared statements as they come over the wire, through pg's door for queries of other kinds (`Submittable`, which
 * its cursors and streams use too). A query of pg's own asks for a description of the rows each time, which PostgreSQL makes and
 * pg reads into objects, and copies each row and the query's settings: a tenth of the processor time of a small read. Several go
 * in one packet and come back in one.
 */
class RowQuery implements pg.Submittable {
  callback: ((error: Error | null, answers?: readonly Rows[]) => void) | undefined;
  readonly #statements: readonly PreparedStatement[];
  readonly #answers: readonly Answer[];
  /** How many statements are complete. */
  #complete = 0;

  constructor(statements: readonly PreparedStatement[]) {
    this.#statements = statements;
    this.#answers = statements.map(() => ({ rows: [], columns: undefined }));
  }

  submit(connection: pg.Connection): void {
    const { parsedStatements } = connection as unknown as { parsedStatements: Record<string, string> };
    // Several messages, one packet.
    connection.stream.cork();
    try {
      for (const { name, sql, parameters, describe } of this.#statements) {
        if (parsedStatements[name] === undefined) {
          connection.parse({ name, text: sql, types: [] }, true);
          // Should it fail, the pool drops the connection with all that was prepared on it.
          parsedStatements[name] = sql;
        }
        connection.bind({ statement: name, values: parameters }, true);
        if (describe) connection.describe({ type: "P" }, true);
        connection.execute({}, true);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
    const answer = this.#answers[this.#complete];
    if (answer) answer.columns = fields.map(({ name }) => name);
  }

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    this.#answers[this.#complete]?.rows.push(fields);
  }

  handleCommandComplete(): void {
    this.#complete += 1;
  }

  handleReadyForQuery(): void {
    this.#settle(null, this.#answers);
  }

  handleError(error: Error): void {
    this.#settle(error);
  }

  #settle(error: Error | null, answers?: readonly Rows[]): void {
    const { callback } = this;
    this.callback = undefined;
    callback?.(error, answers);
  }
}

/**
 * Runs prepared statements on one connection, one after another.
 * @returns what each gave, in their order
 * @throws when one of them fails; the others may have been run or not
 */
export function queryRows(pool: pg.Pool, statements: readonly PreparedStatement[]): Promise<readonly Rows[]> {
  // The pool gives a promise of what the callback is given; its types know of pg's own queries only.
  return pool.query(new RowQuery(statements)) as unknown as Promise<readonly Rows[]>;
}

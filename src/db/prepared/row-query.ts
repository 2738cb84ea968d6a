import type pg from "pg";
import type { PgConnection } from "../pg-connection.ts";
import type { TextRow } from "./row-reader.ts";

/** A column of a result. */
export interface Column {
  readonly name: string;
  /** The OID of its type. */
  readonly type: number;
}

/** What a statement gave. */
export interface Rows {
  readonly rows: readonly TextRow[];
  /** Undefined where the statement was prepared on the connection before, and its columns were not asked for. */
  readonly columns: readonly Column[] | undefined;
}

/** A row that another statement has made. The connection on which it came is closed, and nobody is answered with it. */
export class ForeignRowError extends Error {
  override readonly name = "ForeignRowError";
}

/** As it goes over the wire; null is NULL. */
export type Parameter = string | null;

export interface PreparedStatement {
  /** What it is prepared by; undefined: by nothing, for this time alone. */
  readonly name: string | undefined;
  readonly sql: string;
  /** What stands in the first column of each of its rows, and of no other statement's. */
  readonly fingerprint: string;
  readonly parameters: Parameter[];
  /** Whether to tell its columns. Those of a statement that is prepared now are always told. */
  readonly describe: boolean;
}

interface Answer {
  readonly rows: TextRow[];
  columns: readonly Column[] | undefined;
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
  #foreign: ForeignRowError | null = null;

  constructor(statements: readonly PreparedStatement[]) {
    this.#statements = statements;
    this.#answers = statements.map(() => ({ rows: [], columns: undefined }));
  }

  submit(connection: pg.Connection): void {
    const { parsedStatements } = connection as PgConnection;
    // Several messages, one packet.
    connection.stream.cork();
    try {
      for (const { name, sql, parameters, describe } of this.#statements) {
        const isParsed = name !== undefined && parsedStatements[name] !== undefined;
        if (!isParsed) {
          connection.parse({ name: name ?? "", text: sql, types: [] }, true);
          // Should it fail, the pool drops the connection with all that was prepared on it.
          if (name !== undefined) parsedStatements[name] = sql;
        }
        connection.bind({ statement: name ?? "", values: parameters }, true);
        if (describe || !isParsed) connection.describe({ type: "P" }, true);
        connection.execute({}, true);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    const answer = this.#answers[this.#complete];
    if (answer) answer.columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
  }

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    const statement = this.#statements[this.#complete];
    if (statement === undefined || fields[0] !== statement.fingerprint) {
      this.#foreign ??= new ForeignRowError(`A row of another statement came for: ${statement?.sql}`);
      return;
    }
    this.#answers[this.#complete]?.rows.push(fields);
  }

  handleCommandComplete(): void {
    this.#complete += 1;
  }

  handleReadyForQuery(): void {
    this.#settle(this.#foreign, this.#answers);
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

import type pg from "pg";
import type { TextRow } from "./row-reader.ts";

/** What a statement gave. */
interface Rows {
  readonly rows: readonly TextRow[];
  /** Their names; undefined unless they were asked for. */
  readonly columns: readonly string[] | undefined;
}

/** As it goes over the wire; null is NULL. */
export type Parameter = string | null;

interface PreparedStatement {
  /** What it is prepared by. */
  readonly name: string;
  readonly sql: string;
  readonly parameters: Parameter[];
}

/**
 * A prepared statement's rows as they come over the wire, through pg's door for queries of other kinds (`Submittable`, which its
 * cursors and streams use too). A query of pg's own asks for a description of the rows each time, which PostgreSQL makes and pg
 * reads into objects, and copies each row and the query's settings: a tenth of the processor time of a small read.
 */
class RowQuery implements pg.Submittable {
  /** Where pg looks for what it prepares, and whom it tells the outcome. */
  readonly name: string;
  readonly text: string;
  callback: ((error: Error | null, rows?: Rows) => void) | undefined;
  readonly #parameters: Parameter[];
  readonly #describe: boolean;
  readonly #rows: TextRow[] = [];
  #columns: readonly string[] | undefined;

  constructor({ name, sql, parameters }: PreparedStatement, describe: boolean) {
    this.name = name;
    this.text = sql;
    this.#parameters = parameters;
    this.#describe = describe;
  }

  submit(connection: pg.Connection): void {
    const { parsedStatements } = connection as unknown as { parsedStatements: Record<string, string> };
    // Several messages, one packet.
    connection.stream.cork();
    try {
      if (parsedStatements[this.name] === undefined) {
        connection.parse({ name: this.name, text: this.text, types: [] }, true);
      }
      connection.bind({ statement: this.name, values: this.#parameters }, true);
      if (this.#describe) connection.describe({ type: "P" }, true);
      connection.execute({}, true);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#columns = fields.map(({ name }) => name);
  }

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#settle(null, { rows: this.#rows, columns: this.#columns });
  }

  handleError(error: Error): void {
    this.#settle(error);
  }

  #settle(error: Error | null, rows?: Rows): void {
    const { callback } = this;
    this.callback = undefined;
    callback?.(error, rows);
  }
}

/**
 * Runs a prepared statement.
 * @param options.describe whether to tell the columns' names, which are the same each time
 */
export function queryRows(
  pool: pg.Pool,
  statement: PreparedStatement,
  { describe }: { readonly describe: boolean },
): Promise<Rows> {
  // The pool gives a promise of what the callback is given; its types know of pg's own queries only.
  return pool.query(new RowQuery(statement, describe)) as unknown as Promise<Rows>;
}

import type pg from "pg";

/** A connection of pg's with what its types leave out. */
export interface PgConnection extends pg.Connection {
  /** The texts of the statements that are prepared on it, by their names. pg's own queries read and write it too. */
  readonly parsedStatements: Record<string, string>;
}

/** The connection of a client, which pg does not document. tests/db/statement-names.test.ts fails where it has changed. */
export function connectionOf(client: pg.PoolClient): PgConnection {
  return (client as unknown as { readonly connection: PgConnection }).connection;
}

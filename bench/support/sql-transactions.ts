import type { Database } from "../../src/db/database.ts";

/** Runs one statement. `name` names it for the server, which then parses it once per connection. */
export type Query = <Row>(name: string, sql: string, values: readonly unknown[]) => Promise<Row[]>;

export type RunTransaction = <T>(body: (query: Query) => Promise<T>) => Promise<T>;

/** Transactions over the driver that the database brings, with no Prisma in between; as many at once as it has connections. */
export function sqlTransactions({ driver }: Database): RunTransaction {
  if (driver.kind === "pglite") {
    const { pglite } = driver;
    return (body) =>
      pglite.transaction((tx) =>
        body(async <Row>(_name: string, sql: string, values: readonly unknown[]) => {
          const { rows } = await tx.query<Row>(sql, [...values]);
          return rows;
        }),
      );
  }
  const { pool } = driver;
  return async (body) => {
    const client = await pool.connect();
    let failed = true;
    try {
      await client.query("BEGIN");
      const result = await body(async (name, text, values) => {
        const { rows } = await client.query({ name, text, values: [...values] });
        return rows;
      });
      await client.query("COMMIT");
      failed = false;
      return result;
    } finally {
      // The server rolls back what a closed connection had begun.
      client.release(failed);
    }
  };
}

import type { PGlite } from "@electric-sql/pglite";
import type { Db } from "pg-boss";

const TRANSACTION = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/;

/**
 * pg-boss's statements on the embedded database.
 *
 * Not pg-boss's own `fromPglite`: where one of its `BEGIN; …; COMMIT;` blocks fails, that lets go of the one connection
 * before it rolls back, and whatever comes between, a request's query say, fails with "current transaction is aborted".
 * PGlite's own transactions roll back before they let go.
 */
export function pgliteConnection(pglite: PGlite): Db {
  return {
    async executeSql(text, values = []) {
      if (values.length > 0) return pglite.query(text, values);
      const body = TRANSACTION.exec(text)?.[1];
      const results =
        body === undefined ? await pglite.exec(text) : await pglite.transaction((tx) => tx.exec(body));
      return { rows: results.flatMap((result) => result.rows) };
    },
  };
}

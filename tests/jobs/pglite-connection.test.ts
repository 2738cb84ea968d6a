import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { pgliteConnection } from "../../src/jobs/pglite-connection.ts";

let database: Database;
beforeAll(async () => {
  database = await openInMemory();
});
afterAll(() => database.close());

test("a failing transaction of the queue's fails nobody else's queries", async () => {
  if (database.driver.kind !== "pglite") throw new Error("An in-memory database is a PGlite.");
  const connection = pgliteConnection(database.driver.pglite);
  const failing = connection.executeSql("BEGIN; SELECT 1 / 0; COMMIT;");
  const others = Promise.all([
    database.prisma.$queryRaw`SELECT 1 AS one`,
    database.prisma.$transaction((tx) => tx.$queryRaw`SELECT 1 AS one`),
  ]);
  await expect(failing).rejects.toThrow("division by zero");
  expect(await others).toEqual([[{ one: 1 }], [{ one: 1 }]]);
});

test("the rows of a transaction's statements are all returned, and its writes kept", async () => {
  if (database.driver.kind !== "pglite") throw new Error("An in-memory database is a PGlite.");
  const connection = pgliteConnection(database.driver.pglite);
  const { rows } = await connection.executeSql(
    "\n BEGIN; CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2) RETURNING n; COMMIT;\n",
  );
  expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  expect((await connection.executeSql("SELECT n FROM t WHERE n > $1", [1])).rows).toEqual([{ n: 2 }]);
});

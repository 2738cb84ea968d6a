/**
 * Writes to a new embedded database at the place of the argument until it is refused: "one" huge statement, or "many" in
 * parallel. Says with which code, then whether the database still answers, and "closed" when it is closed.
 */
import { openDatabase } from "../../../src/db/database.ts";

const [embeddedPath = "", how] = process.argv.slice(2);
const database = await openDatabase({ embeddedPath });
if (database.driver.kind !== "pglite") throw new Error("This one is embedded.");
const { pglite } = database.driver;
await pglite.exec("CREATE TABLE filler (content text)");

/** What does not compress. */
const insert = (rows: number) =>
  pglite.query(`INSERT INTO filler SELECT string_agg(md5(row::text || part || random()), '')
    FROM generate_series(1, ${rows}) AS row, generate_series(1, 50) AS part GROUP BY row`);

const refusals = await Promise.all(
  Array.from({ length: how === "one" ? 1 : 4 }, async () => {
    for (;;) {
      try {
        await insert(how === "one" ? 50_000 : 300);
      } catch (error) {
        return (error as { code?: string }).code;
      }
    }
  }),
);
console.log([...new Set(refusals)].join());
console.log(
  await pglite.query("SELECT count(*) FROM filler").then(
    () => "answers",
    (error) => error.message,
  ),
);
console.log(
  await database.ping().then(
    () => "answers",
    (error) => error.message,
  ),
);
await database.close();
console.log("closed");

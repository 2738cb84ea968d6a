import { openDatabase } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";

/** Makes a database, closes it, and says what keeps this process alive then. */
const database = await openDatabase({ embeddedPath: process.argv[2] as string });
await migrate(database);
await database.close();
console.log(JSON.stringify(process.getActiveResourcesInfo()));

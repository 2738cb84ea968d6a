/** Opens the embedded database named by the argument, says "open" and holds it until it is killed. */
import { openDatabase } from "../../../src/db/database.ts";

const [embeddedPath = ""] = process.argv.slice(2);
await openDatabase({ embeddedPath });
console.log("open");
setInterval(() => {}, 60_000);

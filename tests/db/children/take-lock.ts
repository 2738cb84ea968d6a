/** Waits for a line, then takes the lock of the directory named by the argument, says how that went and waits for another. */
import { createInterface } from "node:readline";
import { lockDirectory } from "../../../src/db/lock.ts";

const [directory = ""] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
console.log("ready");
await lines.next();
try {
  await lockDirectory(directory);
  console.log("taken");
} catch (error) {
  console.log((error as Error).name);
}
await lines.next();
process.exit();

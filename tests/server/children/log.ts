// Logs as many lines as it is told, says so, and ends as it is told.
import { createLogger } from "../../../src/server/logger.ts";

export interface Order {
  readonly lines: number;
  /** Where it does not say how, the process goes on. */
  readonly end?: "by itself" | "by exit" | "by a fault";
}

const PADDING = "x".repeat(200);
const log = createLogger("info");
let logged = 0;

process.on("message", ({ lines, end }: Order) => {
  for (let more = lines; more > 0; more -= 1) {
    log.info({ number: logged, padding: PADDING }, "line");
    logged += 1;
  }
  process.send?.({ logged });
  if (end === "by itself") process.disconnect();
  if (end === "by exit") process.exit(0);
  if (end === "by a fault") throw new Error("a fault of the program");
});

import { readFileSync, writeFileSync } from "node:fs";
import { stateMachineDocs } from "../domain/run/docs.ts";
import { run } from "./run.ts";

const FILE = new URL("../../docs/state_machine.md", import.meta.url);

/** npm run docs:machines: prints the machines of runs to docs/state_machine.md. With --check it fails when the file says otherwise. */
await run(async () => {
  const printed = stateMachineDocs();
  if (!process.argv.includes("--check")) return writeFileSync(FILE, printed);
  if (readFileSync(FILE, "utf8") !== printed) {
    throw new Error("docs/state_machine.md is not what the code says: run `npm run docs:machines`.");
  }
});

import { runProgram } from "./cli/program.ts";

/** What `npm start` runs: `gatehouse serve`. */
await runProgram(["serve", ...process.argv.slice(2)]);

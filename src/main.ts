import { keepCompiledModules } from "./cli/compile-cache.ts";

/** What `npm start` runs: `gatehouse serve`. */
keepCompiledModules();
const { runProgram } = await import("./cli/program.ts");
await runProgram(["serve", ...process.argv.slice(2)]);

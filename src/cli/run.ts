import { explain } from "./explain.ts";

/** Runs a script to its end. What it throws is told in one message and makes the exit code 1. */
export async function run(script: () => Promise<void>): Promise<void> {
  try {
    await script();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}

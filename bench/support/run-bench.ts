import { inspect } from "node:util";

/** Collects what has to be undone at the end of a benchmark, however it ends. */
export interface Scope {
  /** Runs at the end, the last one first. */
  defer(undo: () => unknown): void;
}

/** One that takes longer than this, unless it says how long it takes, hangs. */
const LIMIT_MS = 180_000;

/**
 * Runs a benchmark as a whole process: undoes what it has set up when it is done, fails, takes too long or is
 * interrupted, and then exits, with 1 unless it was done and all of it could be undone.
 */
export async function runBench(
  title: string,
  body: (scope: Scope) => Promise<void>,
  { limitMs = LIMIT_MS } = {},
): Promise<never> {
  const undos: (() => unknown)[] = [];
  let failed = false;
  const fail = (error: unknown) => {
    failed = true;
    // With what it was caused by.
    console.error(`FAILED: ${inspect(error)}`);
  };
  let interrupt: (reason: Error) => void = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = reject;
  });
  const timer = setTimeout(() => interrupt(new Error(`not done within ${limitMs / 1000} s`)), limitMs);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => interrupt(new Error(`ended by ${signal}`)));
  }
  console.log(`\n# ${title}\n`);
  try {
    await Promise.race([body({ defer: (undo) => undos.push(undo) }), interrupted]);
  } catch (error) {
    fail(error);
  }
  clearTimeout(timer);
  for (const error of await undoAll(undos)) fail(error);
  // A body that was interrupted may still be running.
  process.exit(failed ? 1 : 0);
}

/** Runs a part of a benchmark and undoes what that part has set up; where it does not end, the benchmark's own scope does that. */
export async function withScope(whole: Scope, part: (scope: Scope) => Promise<void>): Promise<void> {
  const undos: (() => unknown)[] = [];
  const undo = async () => {
    const errors = await undoAll(undos.splice(0));
    if (errors.length > 0) throw new AggregateError(errors, "Not all of a part could be undone.");
  };
  whole.defer(undo);
  await part({ defer: (each) => undos.push(each) });
  await undo();
}

/** All of it, the last one first, whatever fails. @returns what failed */
async function undoAll(undos: (() => unknown)[]): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const undo of undos.reverse()) {
    try {
      await undo();
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

/** Ends the benchmark as failed unless the condition holds. */
export function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}

import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { type ExecutionArgs, type ExecutionResult, execute as reference } from "graphql";
import { describe, expect, test } from "vitest";
import { execute } from "../../src/execution/execute.ts";
import { Random } from "../support/random.ts";
import { drawOperation } from "./support/document.ts";
import { CONTEXT, type Drawn, drawSchema } from "./support/schema.ts";

/** Schemas and operations; EXECUTION_CASES asks for another number. */
const CASES = Number(process.env.EXECUTION_CASES ?? 10_000);

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** All that can be seen of an execution: its result with the order of keys and errors, and what it called in which order. */
async function observe(execute: Execute, args: ExecutionArgs, drawn: Drawn) {
  drawn.takeLog();
  let result: unknown;
  try {
    result = await execute(args);
  } catch (error) {
    result = { threw: String(error) };
  }
  // What a result did not wait for goes on: it is part of what was called.
  await nextTurn();
  const called = drawn.takeLog();
  return { result: JSON.stringify(result), called };
}

describe("the compiled executor", () => {
  test(
    "does and answers the same as graphql-js, whatever is asked and whatever resolvers do",
    async () => {
      let withData = 0;
      let withErrors = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.integer(), async (schemaSeed, operationSeed) => {
          const drawn = drawSchema(schemaSeed);
          const { text, ...asked } = drawOperation(new Random(operationSeed));
          const args = { schema: drawn.schema, rootValue: {}, contextValue: CONTEXT, ...asked };
          const expected = await observe(reference, args, drawn);
          expect(await observe(execute, args, drawn), text).toEqual(expected);
          // The second time by the plan that is known.
          expect(await observe(execute, args, drawn), text).toEqual(expected);
          if (expected.result.includes('"data":{')) withData += 1;
          if (expected.result.includes('"path":')) withErrors += 1;
        }),
        { numRuns: CASES },
      );
      // The cases are worth something.
      expect(withData).toBeGreaterThan(CASES / 4);
      expect(withErrors).toBeGreaterThan(CASES / 10);
    },
    60 * CASES,
  );
});

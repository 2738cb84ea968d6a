import type { z } from "zod";
import { objectsIn } from "./find-object.ts";
import { withoutReasoning } from "./reasoning.ts";

/** More are not told: who has got that much wrong begins anew anyway. */
const MAX_PROBLEMS = 20;

/** What of a schema an answer is, or what is wrong with it, for the model to put right. */
export type Checked<Schema extends z.ZodType> =
  | { readonly object: z.output<Schema> }
  | { readonly problems: readonly string[] };

/**
 * Finds the JSON object in an answer and checks it. Reasoning before it, sentences and code fences around it and a byte
 * order mark are forgiven; of several objects the last one that fits counts, since models correct themselves.
 */
export function checkAnswer<Schema extends z.ZodType>(text: string, schema: Schema): Checked<Schema> {
  // Tags in the texts of an object are what they say.
  const said = objectsIn(/^\s*\{/.test(text) ? text : withoutReasoning(text));
  const found = said.length > 0 ? said : objectsIn(text);
  const checked = found.map(({ value, isInner }) => ({ isInner, ...schema.safeParse(value) }));
  const fitting = checked.findLast(({ success }) => success) ?? checked.findLast(({ isInner }) => !isInner);
  if (fitting === undefined) return { problems: ["It is not valid JSON."] };
  if (fitting.success) return { object: fitting.data };
  return {
    problems: fitting.error.issues
      .slice(0, MAX_PROBLEMS)
      .map(({ path, message }) => `${path.map(String).join(".") || "The whole"}: ${message}`),
  };
}

/** Asks for the same again, put right. */
export function repairRequest(problems: readonly string[]): string {
  return [
    "This answer cannot be used:",
    ...problems.map((problem) => `- ${problem}`),
    "",
    "Answer again with the whole JSON object, these problems solved and the rest as it is. Nothing else.",
  ].join("\n");
}

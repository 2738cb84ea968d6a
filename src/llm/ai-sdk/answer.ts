import type { z } from "zod";

/** More are not told: who has got that much wrong begins anew anyway. */
const MAX_PROBLEMS = 20;

/** What of a schema an answer is, or what is wrong with it, for the model to put right. */
export type Checked<Schema extends z.ZodType> =
  | { readonly object: z.output<Schema> }
  | { readonly problems: readonly string[] };

/** Reads an answer as JSON and checks it. A code fence around it is forgiven. */
export function checkAnswer<Schema extends z.ZodType>(text: string, schema: Schema): Checked<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch {
    return { problems: ["It is not valid JSON."] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { object: parsed.data };
  return {
    problems: parsed.error.issues
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

function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text;
}

import type { z } from "zod";

/** Environment variables, wherever they come from. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message names the variable, what is wrong, and what is expected; never its value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly variable: string;

  constructor(variable: string, problem: string, expected: string) {
    super(`${variable}: ${problem}. Expected ${expected}.`);
    this.variable = variable;
  }
}

/**
 * Reads one variable. An empty one counts as unset.
 * @throws ConfigError when its value does not fit the schema
 */
export function read<T>(
  env: Env,
  name: string,
  schema: z.ZodType<T, string>,
  expected: string,
): T | undefined {
  const value = env[name];
  if (value === undefined || value === "") return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ConfigError(name, "the value cannot be used", expected);
  return parsed.data;
}

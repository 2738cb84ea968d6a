import type { z } from "zod";
import { ValidationError } from "./errors.ts";

/**
 * Checks an input against its rules.
 *
 * @throws ValidationError with every issue and its path
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ValidationError(
    result.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message })),
  );
}

/**
 * The same for one field of an input.
 *
 * @throws ValidationError whose paths begin with the field
 */
export function parseAt<Schema extends z.ZodType>(
  field: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ValidationError(
    result.error.issues.map(({ path, message }) => ({ path: [field, ...path].join("."), message })),
  );
}

import { z } from "zod";
import { ConfigError, type Env, read } from "./read.ts";

/** In `CORS_ORIGINS`: pages of every origin may ask, without credentials. */
export const ANY_ORIGIN = "*";

/** As browsers write it in the header Origin: lower case, no path, no slash at the end, no default port. */
const isOrigin = (value: string) =>
  /^https?:/.test(value)
    ? URL.parse(value)?.origin === value && !value.includes(ANY_ORIGIN)
    : /^[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+$/.test(value);

/**
 * Reads the origins whose pages may ask.
 * @param isDevelopment without authentication every page that may ask is an administrator, so they are named one by one
 * @throws ConfigError
 */
export function readCorsOrigins(env: Env, isDevelopment: boolean): readonly string[] {
  const expected =
    "origins separated by commas, such as https://app.example.com,http://localhost:5173 (no path, no slash at the end), or * alone";
  const schema = z
    .string()
    .transform((value) => value.split(",").map((origin) => origin.trim()))
    .refine((origins) => (origins.includes(ANY_ORIGIN) ? origins.length === 1 : origins.every(isOrigin)));
  const origins = read(env, "CORS_ORIGINS", schema, expected) ?? [];
  if (isDevelopment && origins.includes(ANY_ORIGIN)) {
    const problem = "* while no authentication is configured, so any web page could act as the administrator";
    throw new ConfigError("CORS_ORIGINS", problem, "the exact origins of your own pages");
  }
  return origins;
}

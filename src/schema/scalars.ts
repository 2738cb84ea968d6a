import { GraphQLError } from "graphql";
import { z } from "zod";
import { isoTime } from "../iso-time.ts";
import { builder } from "./builder.ts";

const moment = z.iso.datetime({ offset: true });

builder.scalarType("DateTime", {
  description:
    'A moment, ISO 8601: given out in UTC with milliseconds, taken with "Z" or an offset, such as 2026-01-31T17:00:00+01:00.',
  serialize: (date) => isoTime(date),
  parseValue: (value) => {
    const { data } = moment.safeParse(value);
    if (data !== undefined) return new Date(data);
    throw new GraphQLError('A DateTime is a string in ISO 8601 with "Z" or an offset.');
  },
});

builder.scalarType("JSON", {
  description:
    "Any JSON value. Numbers that are given are at most 2^53 - 1 (9007199254740991), positive or negative: a larger one would be rounded. Give it as a string.",
  serialize: (value) => value,
  parseValue: (value) => {
    if (holdsInexactNumber(value)) {
      throw new GraphQLError("A number beyond 2^53 - 1 would be rounded: give it as a string.");
    }
    return value;
  },
});

/**
 * Whether a parsed JSON value holds a number from 2^53 on, or Infinity (from 1e999). What was written can no longer be told
 * then: 9007199254740993 has become 9007199254740992.
 */
function holdsInexactNumber(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsInexactNumber);
}

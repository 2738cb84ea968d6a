import { GraphQLError } from "graphql";
import { z } from "zod";
import { builder } from "./builder.ts";

/** What dates the database can hold and JSON can name. */
const moment = z.iso.datetime({ offset: true });

builder.scalarType("DateTime", {
  description:
    "A moment, ISO 8601 in UTC with milliseconds. An input may have another offset, which it must name, and no fraction.",
  serialize: (date) => date.toISOString(),
  parseValue: (value) => {
    const parsed = moment.safeParse(value);
    if (parsed.success) return new Date(parsed.data);
    throw new GraphQLError('A DateTime must be ISO 8601 with an offset, such as "2027-01-31T12:00:00Z".');
  },
});

builder.scalarType("JSON", {
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
});

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
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
});

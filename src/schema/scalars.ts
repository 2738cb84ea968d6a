import { GraphQLError } from "graphql";
import { builder } from "./builder.ts";

builder.scalarType("DateTime", {
  description: "A moment, ISO 8601 in UTC with milliseconds.",
  serialize: (date) => date.toISOString(),
  parseValue: () => {
    throw new GraphQLError("DateTime is not used in inputs.");
  },
});

builder.scalarType("JSON", {
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
});

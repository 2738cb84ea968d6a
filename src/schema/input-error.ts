import { GraphQLError } from "graphql";

/** An error in a query's or a subscription's arguments: mutations have ValidationError instead. */
export function inputError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
}

/** There is no such thing, or it is someone else's. */
export function notFound(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "NOT_FOUND" } });
}

import { GraphQLError } from "graphql";

/** An error in a query's or a subscription's arguments (400 over HTTP): mutations have ValidationError instead. */
export function inputError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT", http: { status: 400 } } });
}

/** There is no such thing, or it is someone else's. */
export function notFound(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "NOT_FOUND" } });
}

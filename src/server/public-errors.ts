import { PothosError, PothosValidationError } from "@pothos/core";
import { GraphQLError, Kind } from "graphql";
import { AuthenticationError, AuthenticationUnavailableError, SuspendedError } from "../auth/errors.ts";
import { RateLimitedError, TooManySubscriptionsError } from "../limits/errors.ts";
import { rateLimitHeaders } from "./request-limits.ts";

/** A class of errors whose message a client may read. */
export type PublicErrorClass = abstract new (...args: never[]) => Error;

/**
 * What a client may read of an error, or null when it is a fault that must be masked.
 * @param inputErrors further classes that say what is wrong with the input.
 */
export function publicErrorOf(error: unknown, inputErrors: readonly PublicErrorClass[]): GraphQLError | null {
  const cause = rootCauseOf(error);
  if (cause instanceof AuthenticationError) {
    return restate(error, cause, "UNAUTHENTICATED", {
      status: 401,
      headers: { "WWW-Authenticate": "Bearer" },
    });
  }
  if (cause instanceof SuspendedError) return restate(error, cause, "USER_SUSPENDED", { status: 403 });
  if (cause instanceof AuthenticationUnavailableError) {
    return restate(error, cause, "AUTHENTICATION_UNAVAILABLE", { status: 503 });
  }
  if (cause instanceof RateLimitedError) {
    const { cost, limit, windowSeconds, remaining, resetSeconds } = cause.verdict;
    // What costs more than a window has does not pass later either.
    const retry = cost <= limit;
    const headers = {
      ...rateLimitHeaders(cause.verdict),
      ...(retry && { "Retry-After": String(resetSeconds) }),
    };
    const extensions = {
      cost,
      remaining,
      limit,
      windowSeconds,
      ...(retry && { retryAfterSeconds: resetSeconds }),
    };
    return restate(error, cause, "RATE_LIMITED", { status: 429, headers }, extensions);
  }
  if (cause instanceof TooManySubscriptionsError) {
    return restate(error, cause, "TOO_MANY_SUBSCRIPTIONS", { status: 429 }, { limit: cause.limit });
  }
  const isInputError = [PothosValidationError, ...inputErrors].some((known) => cause instanceof known);
  if (isInputError && cause instanceof Error) {
    return restate(error, cause, "BAD_USER_INPUT", { status: 400 });
  }
  // What Pothos says besides is about our own code.
  if (!(error instanceof GraphQLError) || cause instanceof PothosError) return null;
  if (concernsVariables(error)) {
    return new GraphQLError(error.message, {
      nodes: error.nodes ?? null,
      // `spec`: 400 for clients that accept application/graphql-response+json, 200 for the older application/json.
      extensions: { code: "BAD_USER_INPUT", ...error.extensions, http: { spec: true, status: 400 } },
    });
  }
  return cause instanceof GraphQLError || error.extensions.code === VALIDATION_FAILED ? error : null;
}

/** What Yoga marks validation's errors with. One of a literal that its scalar refused has the scalar's Error as cause. */
const VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED";

/** A variable that its scalar refused has the scalar's Error as cause too; it points at the variable's definition. */
function concernsVariables(error: GraphQLError): boolean {
  return error.nodes?.every(({ kind }) => kind === Kind.VARIABLE_DEFINITION) ?? false;
}

/** What lies under an error that GraphQL has put a place to. */
export function rootCauseOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function restate(
  error: unknown,
  cause: Error,
  code: string,
  http?: { status: number; headers?: Record<string, string> },
  more: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  const located = error instanceof GraphQLError ? error : undefined;
  const given = cause instanceof GraphQLError ? cause.extensions : {};
  return new GraphQLError(cause.message, {
    nodes: located?.nodes ?? null,
    path: located?.path ?? null,
    extensions: { code, ...more, ...given, ...(http && { http }) },
  });
}

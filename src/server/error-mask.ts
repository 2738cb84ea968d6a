import { type ExecutionResult, GraphQLError } from "graphql";
import type { Exchange } from "./exchange.ts";
import { type OutageOf, outageError } from "./outage.ts";
import { type PublicErrorClass, publicErrorOf, rootCauseOf } from "./public-errors.ts";

/** Turns errors into what the client may see, and notes on the exchange how it went. The same for every transport. */
export interface ErrorMask {
  error(error: unknown, exchange: Exchange): GraphQLError;
  result<R extends ExecutionResult>(result: R, exchange: Exchange): R;
}

const WORST_FIRST = ["fault", "rejected", "error", "ok"] as const;

/**
 * Makes the mask. An unexpected error is logged here, once, with its stack; the client gets the correlation id only. So is
 * one for which the database was not there, of which the client is told that much.
 *
 * @param options.suggestions whether errors may name what the client could have meant: with them a schema that cannot be
 * read could still be guessed at, name by name.
 * @param options.outageOf tells the database's absence from a fault of the program
 */
export function createErrorMask(
  inputErrors: readonly PublicErrorClass[],
  options: { suggestions: boolean; outageOf: OutageOf },
): ErrorMask {
  const { outageOf } = options;
  const visible = options.suggestions ? (error: GraphQLError) => error : withoutSuggestion;
  function note(exchange: Exchange, outcome: (typeof WORST_FIRST)[number]): void {
    exchange.outcome = WORST_FIRST.find((each) => each === outcome || each === exchange.outcome) ?? outcome;
  }

  function maskError(error: unknown, exchange: Exchange): GraphQLError {
    const known = publicErrorOf(error, inputErrors);
    if (known) {
      note(exchange, exchange.operation.type === "none" ? "rejected" : "error");
      return visible(exchange.transport === "websocket" ? withoutHttp(known) : known);
    }
    note(exchange, "fault");
    const outage = outageOf(rootCauseOf(error));
    if (outage !== null) {
      exchange.log.warn({ err: rootCauseOf(error), outage }, "the database failed an operation");
      const told = outageError(outage, error, exchange);
      return exchange.transport === "websocket" ? withoutHttp(told) : told;
    }
    const located = error instanceof GraphQLError ? error : undefined;
    exchange.log.error({ err: located?.originalError ?? error, path: located?.path }, "unexpected error");
    return new GraphQLError("Unexpected error.", {
      nodes: located?.nodes ?? null,
      path: located?.path ?? null,
      extensions: { code: "INTERNAL_SERVER_ERROR", correlationId: exchange.correlationId },
    });
  }

  return {
    error: maskError,
    result(result, exchange) {
      if (!result.errors?.length) {
        note(exchange, "ok");
        return result;
      }
      return { ...result, errors: result.errors.map((error) => maskError(error, exchange)) };
    },
  };
}

/** Without what graphql-js ends a message with when a name looks like another. Whatever it comes from, it passes here. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/\s?Did you mean .+\?$/s, "");
  if (message === error.message) return error;
  const { nodes = null, path = null, originalError = null, extensions } = error;
  return new GraphQLError(message, { nodes, path, originalError, extensions });
}

/** An error without what Yoga makes a status of. A copy: Yoga keeps some errors. */
export function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _http, ...extensions } = error.extensions;
  const { message, nodes = null, path = null, originalError = null } = error;
  return new GraphQLError(message, { nodes, path, originalError, extensions });
}

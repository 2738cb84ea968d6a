import { GraphQLError } from "graphql";
import type { Exchange } from "./exchange.ts";

/** What an operation came to for which the database was not there: nothing was stored, or nobody can tell. */
export type Outage = "not stored" | "outcome unknown" | "not read";

/** Tells whether an error is the database's absence, and what the operation came to; null when it is something else. */
export type OutageOf = (error: unknown) => Outage | null;

const RETRY = { status: 503, headers: { "Retry-After": "1" } };

const UNKNOWN =
  "The database failed while this was carried out: it may be stored or not. Send it again with the same " +
  "idempotencyKey, which is safe and tells what it came to; without one, look before you send it again.";
const NOT_STORED = "The database cannot be used at the moment. Nothing was changed: try again.";
const NOT_READ = "The database cannot be used at the moment. Try again.";

/** What a client is told of an outage: 503, whether anything may have changed, and nothing of the database's own words. */
export function outageError(outage: Outage, error: unknown, exchange: Exchange): GraphQLError {
  const { nodes = null, path = null } = error instanceof GraphQLError ? error : {};
  // A mutation that cannot read what it has made has stored it all the same.
  const isUnknown =
    outage === "outcome unknown" || (outage === "not read" && exchange.operation.type === "mutation");
  const [code, message] = isUnknown
    ? ["OUTCOME_UNKNOWN", UNKNOWN]
    : ["DATABASE_UNAVAILABLE", outage === "not stored" ? NOT_STORED : NOT_READ];
  return new GraphQLError(message, {
    nodes,
    path,
    extensions: { code, correlationId: exchange.correlationId, http: RETRY },
  });
}

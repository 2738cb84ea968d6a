import { once } from "node:events";
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import type { Logger } from "pino";
import { correlationIdOf } from "./correlation-id.ts";
import type { ErrorMask } from "./error-mask.ts";
import { Exchange } from "./exchange.ts";
import type { InFlight } from "./in-flight.ts";
import type { LiveStreams } from "./live-streams.ts";
import type { Metrics } from "./metrics.ts";
import { costOf } from "./operation-cost.ts";
import type { OperationLog } from "./operation-log.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { SocketSession } from "./socket-session.ts";
import type { Turns } from "./turns.ts";
import type { Yoga } from "./yoga.ts";

export interface SocketOperationsOptions {
  readonly yoga: Yoga;
  readonly streams: LiveStreams;
  readonly operations: InFlight;
  readonly turns: Turns;
  readonly limits: RequestLimits;
  readonly isDraining: () => boolean;
  readonly mask: ErrorMask;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly operationLog: OperationLog;
  readonly newId: () => string;
}

/** How much of a document takes about as long to read as a field to answer. */
const CHARACTERS_PER_FIELD = 10;

type Perform = (args: ExecutionArgs) => ExecutionResult | AsyncIterable<ExecutionResult> | Promise<unknown>;

/** An operation that is ready to run, with the pipeline (Yoga's plugins) that it must run through. */
interface PreparedOperation extends ExecutionArgs {
  readonly exchange: Exchange;
  readonly perform: { readonly execute: Perform; readonly subscribe: Perform };
}

/** What a WebSocket's `subscribe` message goes through: the same parsing, validation, context and mask as over HTTP. */
export function createSocketOperations(options: SocketOperationsOptions) {
  const { isDraining, limits, log, mask, metrics, newId, operationLog, operations, streams, turns, yoga } =
    options;

  /** Many messages come at once, and what they ask for may need nothing that is waited for. @throws when the socket is closed */
  async function takeTurn(session: SocketSession, cost: number): Promise<void> {
    await turns.take(session, cost);
    if (session.socket.readyState !== session.socket.OPEN)
      throw badRequest("The socket is closed.", "SOCKET_CLOSED");
  }

  /** Never throws: an error here would cost the client the whole socket instead of this operation. */
  async function prepare(
    session: SocketSession,
    payload: SubscribePayload,
  ): Promise<PreparedOperation | GraphQLError[]> {
    const sent = correlationIdOf(payload.extensions?.correlationId, newId);
    const correlationId = sent ?? newId();
    const exchange = new Exchange({ correlationId, log, operationLog, transport: "websocket", metrics });
    try {
      if (sent === null) throw badRequest("extensions.correlationId must be a UUID.", "BAD_REQUEST");
      if (isDraining()) {
        // An error would end the operation for good. Unanswered, the client asks again when the socket has been closed with 1012.
        if (!session.signal.aborted) await once(session.signal, "abort");
        throw badRequest("The server is shutting down.", "SHUTTING_DOWN");
      }
      const { viewer } = session;
      if (viewer) {
        await limits.count(viewer);
        exchange.takeUnits = (units) => limits.countRest(viewer, units);
      }
      exchange.takeTurn = (complexity) => takeTurn(session, complexity);
      await takeTurn(session, payload.query.length / CHARACTERS_PER_FIELD);
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        exchange,
        viewer,
        signal: session.signal,
        // Not `request`: Yoga would take the upgrade, a GET, for what carries a mutation, and refuse it.
        req: session.request,
        params: payload,
      });
      const document = parse(payload.query);
      const invalid = validate(schema, document) as readonly GraphQLError[];
      if (invalid.length > 0) return refuse(invalid, exchange);
      if (!getOperationAST(document, payload.operationName)) {
        throw badRequest("operationName does not name one operation of the document.", "BAD_REQUEST");
      }
      exchange.wantsCost = payload.extensions?.cost === true;
      exchange.cost = costOf({
        schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
      });
      await exchange.pay();
      const contextValue = await contextFactory();
      // The socket may have been closed by one of the messages that came right after this one: then nothing is begun for it.
      if (session.socket.readyState !== session.socket.OPEN) {
        throw badRequest("The socket is closed.", "SOCKET_CLOSED");
      }
      exchange.onSettled = operations.begin();
      return {
        schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue,
        exchange,
        perform: { execute, subscribe },
      };
    } catch (error) {
      return refuse(error instanceof AggregateError ? error.errors : [error], exchange);
    }
  }

  function refuse(errors: readonly unknown[], exchange: Exchange): GraphQLError[] {
    const masked = errors.map((error) => mask.error(error, exchange));
    exchange.end();
    return masked;
  }

  async function run(
    kind: "execute" | "subscribe",
    operation: PreparedOperation,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
    const { exchange, perform } = operation;
    try {
      const result = (await perform[kind](operation)) as ExecutionResult | AsyncIterable<ExecutionResult>;
      if (Symbol.asyncIterator in result) return streams.open(result, exchange, () => exchange.end());
      const masked = exchange.withCost(mask.result(result, exchange));
      exchange.end();
      return masked;
    } catch (error) {
      return { errors: refuse([error], exchange) };
    }
  }

  return {
    prepare,
    execute: (args: ExecutionArgs) => run("execute", args as PreparedOperation),
    subscribe: (args: ExecutionArgs) => run("subscribe", args as PreparedOperation),
  };
}

function badRequest(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

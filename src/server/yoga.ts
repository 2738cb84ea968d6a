import type { Socket } from "node:net";
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
} from "graphql";
import {
  createYoga,
  type GraphQLParams,
  type Plugin,
  type YogaInitialContext,
  type YogaServerInstance,
} from "graphql-yoga";
import type { Viewer } from "../auth/viewer.ts";
import { execute } from "../execution/execute.ts";
import { accepts } from "./accept.ts";
import { createDocumentCache } from "./document-cache.ts";
import { type ErrorMask, withoutHttp } from "./error-mask.ts";
import type { Exchange } from "./exchange.ts";
import { subscribeLastingly } from "./lasting-subscription.ts";
import { limitSubscriptions } from "./limit-subscriptions.ts";
import { isLimitError, LIMITS } from "./limits.ts";
import { costOf } from "./operation-cost.ts";
import { operationNameOf } from "./operation-name.ts";
import type { OutageOf } from "./outage.ts";
import { parseDocument } from "./parse-document.ts";
import { rootCauseOf } from "./public-errors.ts";
import type { QuickEvents } from "./quick/quick-events.ts";
import type { RequestContext } from "./request-context.ts";
import type { RequestLimits } from "./request-limits.ts";
import { checkSubscriptionRoots } from "./subscription-root.ts";

export const GRAPHQL_PATH = "/graphql";
/** Characters of the documents that are kept parsed, which take some hundred times as many bytes. */
const CACHED_CHARACTERS = 500_000;

/** What our transports hand to Yoga with each operation. */
export interface ServerContext {
  readonly exchange: Exchange;
  readonly viewer: Viewer;
  /** Set by WebSockets; an HTTP request brings its own. */
  readonly signal?: AbortSignal;
  /** What an HTTP answer goes out on. */
  readonly connection?: Socket;
}

/** Builds what resolvers get. What it throws is masked like any other error. */
export type MakeContext<C extends RequestContext> = (base: RequestContext) => C | Promise<C>;

export type Yoga = YogaServerInstance<
  ServerContext & Record<string, unknown>,
  RequestContext & Record<string, unknown>
>;

/** A subscription's results over HTTP, taken over by the server so that it can end them. */
export type OpenSse = (
  source: AsyncIterable<ExecutionResult>,
  context: ServerContext,
) => AsyncIterable<ExecutionResult>;

/** What a client sent, the valid document in it, what came of it, and what it cost. */
export type OnExecuted = (
  params: GraphQLParams,
  document: DocumentNode,
  result: ExecutionResult,
  cost: Exchange["cost"],
) => void;

/** Yoga with everything off that this server does itself, or does not want. */
export function createGraphQLServer<C extends RequestContext>(options: {
  schema: GraphQLSchema;
  mask: ErrorMask;
  limits: RequestLimits;
  makeContext: MakeContext<C>;
  openSse: OpenSse;
  outageOf: OutageOf;
  /** Whether the schema may be asked for. */
  introspection: boolean;
  /** Told of every operation that was executed over HTTP. */
  onExecuted?: OnExecuted | undefined;
  /** Undefined: the events of subscriptions are executed in the ordinary way. */
  quickEvents?: QuickEvents | undefined;
}): Yoga {
  const { schema, mask, limits, makeContext, openSse, outageOf, introspection, onExecuted, quickEvents } =
    options;
  return createYoga<ServerContext & Record<string, unknown>, RequestContext & Record<string, unknown>>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    // The body has been read, within its limit, before Yoga is asked.
    maxRequestBodySize: LIMITS.bodyBytes,
    // Errors are not kept: whoever sends nonsense would fill the memory with it.
    parserAndValidationCache: {
      documentCache: createDocumentCache(CACHED_CHARACTERS),
      errorCache: { get: () => undefined, set: () => {} },
    },
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    // Yoga's own mask does not know whose request it is; `maskResults` does.
    maskedErrors: false,
    plugins: [
      parseWithinLimits(),
      ...(introspection ? [] : [refuseIntrospection()]),
      guardSubscriptionRoots(),
      requireEventStream(),
      chargeOperations(),
      nameOperations(onExecuted),
      executeByPlan(quickEvents !== undefined),
      outlastOutages(outageOf, quickEvents),
      limitSubscriptions(limits),
      maskResults(mask, openSse),
      correctStreamHeaders(),
    ],
    context: async ({ viewer, exchange, signal, request }: YogaInitialContext & ServerContext) =>
      (await makeContext({
        viewer,
        correlationId: exchange.correlationId,
        signal: signal ?? request.signal,
      })) as C & Record<string, unknown>,
  });
}

function parseWithinLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn(parseDocument);
    },
  };
}

function refuseIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

/** Before anything is subscribed to: nobody would read it. */
function requireEventStream(): Plugin<YogaInitialContext & ServerContext> {
  return {
    onSubscribe({ args: { contextValue } }) {
      const { exchange, request } = contextValue;
      if (exchange.transport !== "http" || accepts(request.headers.get("accept"), ["text/event-stream"]))
        return;
      throw new GraphQLError("Subscribe with Accept: text/event-stream, or over a WebSocket.", {
        extensions: { code: "NOT_ACCEPTABLE", http: { status: 406 } },
      });
    },
  };
}

/** Weighs every operation, has it paid for, and waits for its turn. A WebSocket's have been weighed when they come here. */
function chargeOperations(): Plugin<ServerContext> {
  const charge = async ({
    args,
  }: {
    args: Parameters<typeof costOf>[0] & { contextValue: ServerContext };
  }) => {
    const { exchange } = args.contextValue;
    if (exchange.cost === undefined) exchange.cost = costOf(args);
    await exchange.pay();
    await exchange.takeTurn(exchange.cost?.complexity ?? 0);
  };
  return { onExecute: charge, onSubscribe: charge };
}

function guardSubscriptionRoots(): Plugin {
  return {
    onValidate({ params, setResult }) {
      const errors = checkSubscriptionRoots(params.documentAST);
      if (errors.length > 0) setResult(errors);
    },
  };
}

function nameOperations(onExecuted: OnExecuted | undefined): Plugin<ServerContext & YogaInitialContext> {
  return {
    onExecute({ args }) {
      const { exchange, params } = args.contextValue;
      exchange.operation = operationNameOf(args.document, args.operationName);
      if (!onExecuted || exchange.transport !== "http") return;
      return {
        onExecuteDone({ result }) {
          if (!(Symbol.asyncIterator in result)) onExecuted(params, args.document, result, exchange.cost);
        },
      };
    },
    onSubscribe({ args }) {
      args.contextValue.exchange.operation = operationNameOf(args.document, args.operationName);
    },
  };
}

/** Executes by compiled plans; what the quick way has executed is only answered. */
function executeByPlan(isCompiled: boolean): Plugin<ServerContext> {
  return {
    onExecute({ args, setExecuteFn }) {
      const { executed } = args.contextValue.exchange;
      if (executed) setExecuteFn(() => executed);
      else if (isCompiled) setExecuteFn(execute);
    },
  };
}

function outlastOutages(outageOf: OutageOf, quickEvents: QuickEvents | undefined): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) =>
        subscribeLastingly(args, (error) => outageOf(rootCauseOf(error)) !== null, quickEvents),
      );
    },
  };
}

/**
 * What Yoga says otherwise than this server: it calls a mutation by GET a bad request, and answers whatever happens before
 * execution with 200 where the client reads application/json. That is right for a wrong document; what is over a limit is 400.
 */
function restateRefusals<R extends ExecutionResult>(result: R): R {
  return result.errors ? { ...result, errors: result.errors.map(restate) } : result;
}

function restate(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions as { http?: { status?: number } };
  const isMethod = http?.status === 405;
  if (!isMethod && !isLimitError(error)) return error;
  const { message, nodes = null } = error;
  const further = isMethod ? { code: "METHOD_NOT_ALLOWED", http } : { http: { status: 400 } };
  return new GraphQLError(message, { nodes, extensions: { ...extensions, ...further } });
}

/** Every answer over HTTP passes here, also those to requests that could not be parsed. */
function maskResults(mask: ErrorMask, openSse: OpenSse): Plugin<object, ServerContext> {
  return {
    onResultProcess({ result, setResult, resultProcessor, serverContext }) {
      const { exchange } = serverContext;
      if (Symbol.asyncIterator in result) {
        if (resultProcessor) setResult(openSse(result, serverContext));
        // Nobody will read what the client does not accept: Yoga answers 406.
        else void result[Symbol.asyncIterator]().return?.();
      } else if (!Array.isArray(result))
        setResult(withStatus(exchange.withCost(mask.result(restateRefusals(result), exchange)), exchange));
    },
  };
}

/** `none` is no content coding, and strict proxies refuse it. What keeps proxies from holding events back is said in their own way. */
function correctStreamHeaders(): Plugin {
  return {
    onResponse({ response: { headers } }) {
      if (headers.get("content-type") !== "text/event-stream") return;
      headers.delete("content-encoding");
      headers.set("x-accel-buffering", "no");
      headers.set("cache-control", "no-cache, no-transform");
    },
  };
}

/** A fault before anything was executed is a 500; one in a resolver leaves the rest of the data worth a 200. */
function withStatus(result: ExecutionResult, exchange: Exchange): ExecutionResult {
  // GraphQL over HTTP: an answer with data is a 200, whatever is wrong with parts of it.
  if (result.data && result.errors) return { ...result, errors: result.errors.map(withoutHttp) };
  if (exchange.outcome !== "fault" || "data" in result) return result;
  // An outage has a status of its own.
  if (result.errors?.some(({ extensions }) => extensions.http)) return result;
  return { ...result, extensions: { ...result.extensions, http: { status: 500 } } };
}

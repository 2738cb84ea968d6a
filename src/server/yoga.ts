import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from "graphql";
import {
  createYoga,
  type GraphQLParams,
  type Plugin,
  type YogaInitialContext,
  type YogaServerInstance,
} from "graphql-yoga";
import type { Viewer } from "../auth/viewer.ts";
import { type ErrorMask, withoutHttp } from "./error-mask.ts";
import type { Exchange } from "./exchange.ts";
import { operationNameOf } from "./operation-name.ts";
import type { RequestContext } from "./request-context.ts";
import { checkSubscriptionRoots } from "./subscription-root.ts";

export const GRAPHQL_PATH = "/graphql";
export const MAX_BODY_BYTES = 256 * 1024;
/** A document of this many tokens is some 30 KB: far above what people write, far below what hurts to parse. */
export const MAX_DOCUMENT_TOKENS = 5_000;

/** What our transports hand to Yoga with each operation. */
export interface ServerContext {
  readonly exchange: Exchange;
  readonly viewer: Viewer;
  /** Set by WebSockets; an HTTP request brings its own. */
  readonly signal?: AbortSignal;
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

/** What a client sent, the valid document in it, and what came of it. */
export type OnExecuted = (params: GraphQLParams, document: DocumentNode, result: ExecutionResult) => void;

/** Yoga with everything off that this server does itself, or does not want. */
export function createGraphQLServer<C extends RequestContext>(options: {
  schema: GraphQLSchema;
  mask: ErrorMask;
  makeContext: MakeContext<C>;
  openSse: OpenSse;
  /** Told of every operation that was executed over HTTP. */
  onExecuted?: OnExecuted | undefined;
}): Yoga {
  const { schema, mask, makeContext, openSse, onExecuted } = options;
  return createYoga<ServerContext & Record<string, unknown>, RequestContext & Record<string, unknown>>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    maxRequestBodySize: MAX_BODY_BYTES,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    // Yoga's own mask does not know whose request it is; `maskResults` does.
    maskedErrors: false,
    plugins: [
      limitTokens(),
      guardSubscriptionRoots(),
      nameOperations(onExecuted),
      maskResults(mask, openSse),
    ],
    context: async ({ viewer, exchange, signal, request }: YogaInitialContext & ServerContext) =>
      (await makeContext({
        viewer,
        correlationId: exchange.correlationId,
        log: exchange.log,
        signal: signal ?? request.signal,
      })) as C & Record<string, unknown>,
  });
}

const PARSE_FAILED = { code: "GRAPHQL_PARSE_FAILED", http: { spec: true, status: 400 } };

function limitTokens(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        try {
          return parse(source, { ...options, maxTokens: MAX_DOCUMENT_TOKENS });
        } catch (error) {
          // Yoga gives syntax errors their code and status over HTTP only.
          if (error instanceof GraphQLError) Object.assign(error.extensions, PARSE_FAILED);
          throw error;
        }
      });
    },
  };
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
          if (!(Symbol.asyncIterator in result)) onExecuted(params, args.document, result);
        },
      };
    },
    onSubscribe({ args }) {
      args.contextValue.exchange.operation = operationNameOf(args.document, args.operationName);
    },
  };
}

/** Yoga's own message does not say what the limit is. */
function nameBodyLimit<R extends ExecutionResult>(result: R): R {
  if (!result.errors?.some(isTooLarge)) return result;
  const message = `The request body may be at most ${MAX_BODY_BYTES / 1_024} KB.`;
  const errors = result.errors.map((error) =>
    isTooLarge(error) ? new GraphQLError(message, { extensions: error.extensions }) : error,
  );
  return { ...result, errors };
}

function isTooLarge({ extensions }: GraphQLError): boolean {
  return extensions.code === "REQUEST_ENTITY_TOO_LARGE";
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
        setResult(withStatus(mask.result(nameBodyLimit(result), exchange), exchange));
    },
  };
}

/** A fault before anything was executed is a 500; one in a resolver leaves the rest of the data worth a 200. */
function withStatus(result: ExecutionResult, exchange: Exchange): ExecutionResult {
  // GraphQL over HTTP: an answer with data is a 200, whatever is wrong with parts of it.
  if (result.data && result.errors) return { ...result, errors: result.errors.map(withoutHttp) };
  if (exchange.outcome !== "fault" || "data" in result) return result;
  return { ...result, extensions: { ...result.extensions, http: { status: 500 } } };
}

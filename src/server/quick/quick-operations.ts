import type { IncomingMessage, ServerResponse } from "node:http";
import type { DocumentNode, ExecutionResult, GraphQLSchema } from "graphql";
import { BoundedCache } from "../../bounded-cache.ts";
import { execute } from "../../execution/execute.ts";
import { type JsonType, jsonTypeOf } from "../accept.ts";
import type { Exchange } from "../exchange.ts";
import { costOf, type OperationCost } from "../operation-cost.ts";
import { type OperationName, operationNameOf } from "../operation-name.ts";
import { GRAPHQL_PATH } from "../yoga.ts";
import { AnswerBuffers } from "./answer-buffers.ts";
import { costsTheSame } from "./cost-in-advance.ts";
import { JsonWriter } from "./json-writer.ts";

/** How many different operations are remembered; a client has a few dozen. */
const MAX_KNOWN = 500;
/** Longer ones take the ordinary way: what is remembered stays small. */
const MAX_CHARACTERS = 8 * 1024;

interface Known {
  readonly document: DocumentNode;
  readonly name: OperationName;
  /** What it costs, where its variables do not matter. */
  readonly fixedCost: OperationCost | null;
  /** How large its last answer was. */
  bytes: number;
}

/** A small answer is written as one string. */
const SMALL_BYTES = 16 * 1024;

/** A request to execute an operation, as GraphQL over HTTP has it. */
interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown> | null | undefined;
  readonly operationName: string | null | undefined;
}

/**
 * Answers queries and mutations that have been answered before, in the ordinary way, without an error: their document is known to be
 * valid, so only what differs is done, which is executing. It answers a request or leaves it as it was: where anything is
 * unusual, the ordinary way takes the request from its beginning. What was executed and has errors is not executed again: the
 * ordinary way is handed the result, masks its errors and answers.
 */
export class QuickOperations {
  readonly #schema: GraphQLSchema;
  readonly #buffers = new AnswerBuffers();
  readonly #known = new BoundedCache<string, Known>({ capacity: MAX_KNOWN });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Remembers an operation that was executed. */
  learn(
    asked: {
      readonly query?: string | undefined;
      readonly operationName?: string | null | undefined;
    },
    document: DocumentNode,
    result: ExecutionResult,
    cost: OperationCost | null | undefined,
  ): void {
    const { query, operationName } = asked;
    if (query === undefined || query.length > MAX_CHARACTERS || result.errors || !result.data) return;
    const key = keyOf(query, operationName);
    if (this.#known.has(key)) return;
    const name = operationNameOf(document, operationName);
    const fixedCost = (costsTheSame(this.#schema, document) && cost) || null;
    this.#known.set(key, { document, name, fixedCost, bytes: Number.POSITIVE_INFINITY });
  }

  /**
   * @param params what the client sent
   * @param makeContext makes what resolvers get; called only for an operation that is known
   * @returns whether it was answered
   */
  async answer(
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
    params: object,
    makeContext: () => unknown,
  ): Promise<boolean> {
    const type = jsonTypeOf(req.headers.accept);
    if (exchange.wantsCost || !type || !isPlain(req)) return false;
    const asked = plainRequest(params);
    const key = asked && keyOf(asked.query, asked.operationName);
    const known = key && this.#known.get(key);
    if (!known) return false;
    const { document, name } = known;
    const { operationName, variables } = asked;
    let result: ExecutionResult;
    try {
      exchange.cost =
        known.fixedCost ??
        costOf({ schema: this.#schema, document, operationName, variableValues: variables });
      await exchange.pay();
      await exchange.takeTurn(exchange.cost?.complexity ?? 0);
      result = await execute({
        schema: this.#schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: await makeContext(),
      });
    } catch {
      // Before anything is executed: what is wrong is found, masked and logged in the ordinary way.
      return false;
    }
    if (result.errors) {
      exchange.executed = result;
      return false;
    }
    const { data } = result;
    exchange.operation = name;
    exchange.outcome = "ok";
    if (res.destroyed) return true;
    const isSmall = known.bytes < SMALL_BYTES;
    known.bytes = isSmall ? sendText(res, type, { data }) : this.#sendInPieces(res, type, { data });
    return true;
  }

  /** @returns how many bytes it has */
  #sendInPieces(res: ServerResponse, type: JsonType, answer: object): number {
    const writer = new JsonWriter(this.#buffers.take());
    writer.write(answer);
    const { buffer, written } = writer;
    // Where the client goes before it has all of it, the buffer is not used again.
    const headers = headersOf(type, written.byteLength);
    res.writeHead(200, headers).end(written, () => this.#buffers.giveBack(buffer));
    return written.byteLength;
  }
}

/** A string goes to the socket together with the headers. @returns how many bytes it has */
function sendText(res: ServerResponse, type: JsonType, answer: object): number {
  const text = JSON.stringify(answer);
  const bytes = Buffer.byteLength(text);
  res.writeHead(200, headersOf(type, bytes)).end(text);
  return bytes;
}

function headersOf(type: JsonType, bytes: number) {
  return { "content-type": `${type}; charset=utf-8`, "content-length": bytes };
}

/** Differs wherever the text or the name does: no name and an empty one are not the same. */
function keyOf(query: string, operationName: string | null | undefined): string {
  return operationName == null ? `\n${query}` : `${operationName.length} ${operationName}\n${query}`;
}

/** A request without parameters in its address. */
function isPlain({ method, url }: IncomingMessage): boolean {
  return method === "POST" && url === GRAPHQL_PATH;
}

/** Undefined for everything that is not just a query, its variables and its name. */
function plainRequest(params: object): Asked | undefined {
  const { query, variables, operationName, ...others } = params as Record<string, unknown>;
  if (Object.keys(others).length > 0 || typeof query !== "string") return undefined;
  if (operationName != null && typeof operationName !== "string") return undefined;
  if (variables != null && (typeof variables !== "object" || Array.isArray(variables))) return undefined;
  return { query, operationName, variables: variables as Asked["variables"] };
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { DocumentNode, ExecutionResult, GraphQLSchema } from "graphql";
import type { Exchange } from "../exchange.ts";
import { type OperationName, operationNameOf } from "../operation-name.ts";
import { GRAPHQL_PATH } from "../yoga.ts";
import { executeQuick } from "./execute.ts";
import { NotQuick } from "./not-quick.ts";
import { planQuery, type QueryPlan } from "./plan.ts";

/** How many different queries are remembered; a client has a few dozen. */
const MAX_KNOWN = 500;
/** Longer requests, and with them queries, take the ordinary way: what is remembered stays small. */
const MAX_BYTES = 16 * 1024;

interface Known {
  readonly plan: QueryPlan;
  readonly name: OperationName;
}

/** A request to execute an operation, as GraphQL over HTTP has it. */
interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName: string | null | undefined;
}

/**
 * Answers queries that have been answered before, in the ordinary way, without an error: their document is known to be
 * valid, so only what differs is done, which is reading and executing. It answers a request or leaves it as it was:
 * where anything is unusual or goes wrong, the ordinary way takes the request from its beginning. Queries change
 * nothing, so one that was given up may be asked again.
 */
export class QuickReads {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, Known>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Remembers an operation that was executed. Whatever has no plan is not remembered. */
  learn(asked: Partial<Asked>, document: DocumentNode, result: ExecutionResult): void {
    const { query, operationName } = asked;
    if (query === undefined || query.length > MAX_BYTES || result.errors || !result.data) return;
    const key = keyOf(query, operationName);
    if (this.#known.has(key) || this.#known.size >= MAX_KNOWN) return;
    try {
      const plan = planQuery(this.#schema, document, operationName);
      this.#known.set(key, { plan, name: operationNameOf(document, operationName) });
    } catch (error) {
      if (!(error instanceof NotQuick)) throw error;
    }
  }

  /**
   * @param makeContext makes what resolvers get; called only for a query that is known
   * @returns whether it was answered; where it was not, `req.body` holds what was read of the request
   */
  async answer(
    req: IncomingMessage & { body?: string },
    res: ServerResponse,
    exchange: Exchange,
    makeContext: () => unknown,
  ): Promise<boolean> {
    if (!isPlain(req)) return false;
    const text = await readBody(req);
    // Nobody waits for the answer any more.
    if (text === undefined) return true;
    req.body = text;
    const asked = parseRequest(text);
    const known = asked && this.#known.get(keyOf(asked.query, asked.operationName));
    if (!known) return false;
    let body: Buffer;
    try {
      const data = await executeQuick(known.plan, asked.variables, await makeContext());
      body = Buffer.from(JSON.stringify({ data }));
    } catch {
      // What is wrong is found, masked and logged in the ordinary way.
      return false;
    }
    exchange.operation = known.name;
    exchange.outcome = "ok";
    if (!res.destroyed) {
      res.writeHead(200, {
        "content-type": "application/json; charset=utf-8",
        "content-length": body.byteLength,
      });
      res.end(body);
    }
    return true;
  }
}

function keyOf(query: string, operationName: string | null | undefined): string {
  return `${operationName ?? ""}\n${query}`;
}

/** A request of which nothing has to be negotiated. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  const { accept, "content-encoding": encoding, "content-length": length } = headers;
  return (
    method === "POST" &&
    url === GRAPHQL_PATH &&
    encoding === undefined &&
    Number(length) <= MAX_BYTES &&
    (accept === undefined || accept === "*/*" || accept === "application/json")
  );
}

/** The whole body; undefined when the client went before it had sent it. */
function readBody(req: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.once("end", () => resolve(Buffer.concat(chunks).toString()));
    req.once("close", () => resolve(undefined));
    req.once("error", () => resolve(undefined));
  });
}

/** Undefined for everything that is not just a query, its variables and its name. */
function parseRequest(text: string): Asked | undefined {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof request !== "object" || request === null || Array.isArray(request)) return undefined;
  const { query, variables, operationName, ...others } = request as Record<string, unknown>;
  if (Object.keys(others).length > 0 || typeof query !== "string") return undefined;
  if (operationName != null && typeof operationName !== "string") return undefined;
  if (variables != null && (typeof variables !== "object" || Array.isArray(variables))) return undefined;
  return { query, operationName, variables: variables as Asked["variables"] };
}

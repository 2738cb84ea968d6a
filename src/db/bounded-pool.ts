import type { Socket } from "node:net";
import pg from "pg";
import { PoolExhaustedError } from "./outage.ts";

/** How long a PostgreSQL server may take before an operation is told that it is away. In milliseconds. */
export interface Patience {
  /** To give a connection, a new one or one from the pool. */
  readonly connectMs: number;
  /** For one statement, waiting for locks included; the server ends it. */
  readonly statementMs: number;
  /** To answer a statement; then the connection is cut. Longer than a statement may take: this is for a server that is gone. */
  readonly answerMs: number;
  /** How many operations may wait for a connection. */
  readonly maxWaiting: number;
}

export const PATIENCE: Patience = {
  connectMs: 5_000,
  statementMs: 20_000,
  answerMs: 25_000,
  maxWaiting: 1_000,
};

/** A transaction whose process has vanished keeps its locks for no longer than this. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** What a server is told of these limits when a connection begins; options of the URL may change them. */
export function serverSettings({ statementMs }: Patience): string {
  return `-c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`;
}

/**
 * A client that outlives its connection. A client whose connection ends emits an error, which ends the process where nobody
 * listens. The pool takes its own listener away before whoever gets the client can add one: in between are some microtasks.
 */
export class LastingClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // Whoever uses the client is told by the failure of what they sent.
    this.on("error", () => {});
  }
}

/** Connections on which nothing waits for ever: not for a connection, nor for a lock, nor for an answer. */
export class BoundedPool extends pg.Pool {
  readonly #maxWaiting: number;

  constructor(connection: pg.ClientConfig, max: number, patience: Patience) {
    super({
      ...connection,
      max,
      Client: LastingClient,
      keepAlive: true,
      connectionTimeoutMillis: patience.connectMs,
    });
    this.#maxWaiting = patience.maxWaiting;
    this.on("connect", (client) => cutWhenSilent(client, patience.answerMs));
    // An idle connection that the server ends would otherwise end this process; the pool replaces it by itself.
    this.on("error", () => {});
  }

  // pg.Pool's own query() comes through here too, with a callback.
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const error = this.waitingCount < this.#maxWaiting ? null : new PoolExhaustedError(this.waitingCount);
    if (callback === undefined) return error ? Promise.reject(error) : super.connect();
    if (error) callback(error, undefined, () => {});
    else super.connect(callback);
    return undefined;
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/**
 * Cuts a connection that does not answer, so that whatever waits for it fails and the pool replaces it. Not pg's own
 * `query_timeout`, which gives the statement up and leaves the connection, still waiting, to whoever comes next.
 */
function cutWhenSilent(client: pg.PoolClient, limitMs: number): void {
  const query = client.query.bind(client) as unknown as (...given: unknown[]) => unknown;
  const limited = (...given: unknown[]) => {
    const timer = setTimeout(() => socketOf(client).destroy(), limitMs);
    const settle = () => clearTimeout(timer);
    const callback = given.at(-1);
    if (typeof callback !== "function") {
      const answer = query(...given) as Promise<unknown>;
      answer.then(settle, settle);
      return answer;
    }
    return query(...given.slice(0, -1), (...outcome: unknown[]) => {
      settle();
      callback(...outcome);
    });
  };
  Object.assign(client, { query: limited });
}

function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

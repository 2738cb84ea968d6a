import pg from "pg";
import { createWakeups } from "./create-wakeups.ts";
import type { WakeupCarrier, WakeupReceiver } from "./wakeup-carrier.ts";
import type { Wakeups } from "./wakeups.ts";

const CHANNEL = "gatehouse_events";
/** NOTIFY refuses payloads of 8,000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_999;
const RECONNECT_MS = { first: 100, most: 5_000 };
/** How long the server may take to connect, and to answer LISTEN. */
const CONNECT_MS = 5_000;

export interface PostgresWakeupsOptions {
  /** How to open the connection that listens. */
  readonly connection: pg.ClientConfig;
  /** Runs one statement on the shared pool. */
  readonly query: (sql: string, values: unknown[]) => Promise<unknown>;
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void };
}

/** Wake-ups over LISTEN/NOTIFY, so that a command on one node reaches the listeners of all. */
export function createPostgresWakeups(options: PostgresWakeupsOptions): Wakeups {
  return createWakeups({ carrier: createPostgresCarrier(options), log: options.log });
}

/**
 * NOTIFY is sent after the commit, outside its transaction, because a NOTIFY inside makes all commits queue
 * behind one lock. LISTEN loses what is sent while its connection is down.
 */
function createPostgresCarrier({ connection: config, query, log }: PostgresWakeupsOptions): WakeupCarrier {
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  async function connect(receiver: WakeupReceiver): Promise<void> {
    const connection = new pg.Client({
      ...config,
      keepAlive: true,
      application_name: "gatehouse-listen",
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    });
    const lost = (error?: Error) => {
      if (client !== connection) return;
      client = null;
      log.warn({ err: error }, "the listening connection was lost: reconnecting");
      reconnect(receiver, RECONNECT_MS.first);
    };
    connection.on("error", lost);
    connection.on("end", () => lost());
    connection.on("notification", ({ payload }) => receiver.onText(payload ?? ""));
    try {
      await connection.connect();
      await connection.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await connection.end().catch(() => {});
      throw error;
    }
    if (stopped) return void (await connection.end());
    client = connection;
    receiver.onConnected();
  }

  function reconnect(receiver: WakeupReceiver, delayMs: number): void {
    if (stopped) return;
    retry = setTimeout(() => {
      connect(receiver).catch(() => reconnect(receiver, Math.min(delayMs * 2, RECONNECT_MS.most)));
    }, delayMs);
    retry.unref();
  }

  return {
    maxBytes: MAX_PAYLOAD_BYTES,
    async send(text) {
      await query("SELECT pg_notify($1, $2)", [CHANNEL, text]);
    },
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const connection = client;
      client = null;
      await connection?.end();
    },
  };
}

import pg from "pg";
import { z } from "zod";
import { type Wakeup, WakeupListeners, type Wakeups } from "./wakeups.ts";

const CHANNEL = "gatehouse_events";
const DISCUSSION_CHANNEL = "gatehouse_discussions";
const ACCESS_CHANNEL = "gatehouse_access";
/** NOTIFY refuses payloads of 8,000 bytes and more; a wake-up takes about 120, a discussion's id 40. */
const WAKEUPS_PER_NOTIFY = 50;
const RECONNECT_MS = { first: 100, most: 5_000 };

const payloadSchema = z.array(
  z.object({ projectId: z.string(), ownerId: z.string(), sequence: z.number().int() }),
);
const idsSchema = z.array(z.string());

export interface PostgresWakeupsOptions {
  /** How to open the connection that listens. */
  readonly connection: pg.ClientConfig;
  /** Runs one statement on the shared pool. */
  readonly query: (sql: string, values: unknown[]) => Promise<unknown>;
  readonly log: { warn(detail: object, message: string): void };
}

/**
 * Wake-ups over LISTEN/NOTIFY, so that a command on one node reaches the listeners of all.
 *
 * NOTIFY is sent after the commit, outside its transaction, because a NOTIFY inside makes all commits queue
 * behind one lock; what piles up while one is under way goes out together. LISTEN loses what is sent while
 * its connection is down, so every reconnection asks the listeners to look at everything.
 */
export function createPostgresWakeups({ connection: config, query, log }: PostgresWakeupsOptions): Wakeups {
  const listeners = new WakeupListeners();
  const pending = new Map<string, Wakeup>();
  const discussions = new Set<string>();
  const users = new Set<string>();
  let sending: Promise<void> | null = null;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  async function send(): Promise<void> {
    while (pending.size > 0 || discussions.size > 0 || users.size > 0) {
      // Sent first: who may not see any more waits for nobody's events.
      const changed = [...users].slice(0, WAKEUPS_PER_NOTIFY);
      for (const userId of changed) users.delete(userId);
      const batch = [...pending.values()].slice(0, WAKEUPS_PER_NOTIFY);
      for (const { projectId } of batch) pending.delete(projectId);
      const stirred = [...discussions].slice(0, WAKEUPS_PER_NOTIFY);
      for (const discussionId of stirred) discussions.delete(discussionId);
      await notify(ACCESS_CHANNEL, changed);
      await notify(CHANNEL, batch);
      await notify(DISCUSSION_CHANNEL, stirred);
    }
    sending = null;
  }

  async function notify(channel: string, batch: readonly unknown[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await query("SELECT pg_notify($1, $2)", [channel, JSON.stringify(batch)]);
    } catch (error) {
      log.warn(
        { err: error },
        "a wake-up could not be sent: other nodes will see what happened at their next poll",
      );
    }
  }

  function receive(channel: string, payload: unknown): void {
    const wakeups = channel === CHANNEL ? payloadSchema.safeParse(payload) : null;
    const stirred = channel === DISCUSSION_CHANNEL ? idsSchema.safeParse(payload) : null;
    const changed = channel === ACCESS_CHANNEL ? idsSchema.safeParse(payload) : null;
    for (const wakeup of wakeups?.data ?? []) listeners.wake(wakeup);
    for (const discussionId of stirred?.data ?? []) listeners.wakeDiscussion(discussionId);
    for (const userId of changed?.data ?? []) listeners.wakeAccess(userId);
    if (!wakeups?.success && !stirred?.success && !changed?.success) listeners.resync();
  }

  async function connect(): Promise<void> {
    const connection = new pg.Client({ ...config, keepAlive: true, application_name: "gatehouse-listen" });
    const lost = (error?: Error) => {
      if (client !== connection) return;
      client = null;
      log.warn({ err: error }, "the listening connection was lost: reconnecting");
      reconnect(RECONNECT_MS.first);
    };
    connection.on("error", lost);
    connection.on("end", () => lost());
    connection.on("notification", ({ channel, payload }) => receive(channel, parseJson(payload)));
    try {
      await connection.connect();
      await connection.query(`LISTEN ${CHANNEL}; LISTEN ${DISCUSSION_CHANNEL}; LISTEN ${ACCESS_CHANNEL}`);
    } catch (error) {
      await connection.end().catch(() => {});
      throw error;
    }
    if (stopped) return void (await connection.end());
    client = connection;
    listeners.resync();
  }

  function reconnect(delayMs: number): void {
    if (stopped) return;
    retry = setTimeout(() => {
      connect().catch(() => reconnect(Math.min(delayMs * 2, RECONNECT_MS.most)));
    }, delayMs);
    retry.unref();
  }

  return {
    publish(wakeup) {
      listeners.wake(wakeup);
      const waiting = pending.get(wakeup.projectId);
      if (waiting && waiting.sequence >= wakeup.sequence) return;
      pending.set(wakeup.projectId, wakeup);
      sending ??= send();
    },
    publishDiscussion(discussionId) {
      listeners.wakeDiscussion(discussionId);
      discussions.add(discussionId);
      sending ??= send();
    },
    publishAccess(userId) {
      listeners.wakeAccess(userId);
      users.add(userId);
      sending ??= send();
    },
    listen: (listener) => listeners.add(listener),
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await sending;
      const connection = client;
      client = null;
      await connection?.end();
    },
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

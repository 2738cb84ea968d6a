import { createClient, type RedisClientType } from "@redis/client";
import { inTime } from "../in-time.ts";

/** Redis as this program uses it: nothing that is only there, so it may go away and come back, empty too. */
export interface Redis {
  /** node-redis' own client, for libraries that want one. */
  readonly client: unknown;
  /** A name of ours in the server, which others may use as well. */
  name(...parts: readonly string[]): string;
  /** @throws when there is no connection, or no answer in time */
  publish(channel: string, text: string): Promise<void>;
  /** Runs a script with these keys and arguments. @throws when there is no connection, or no answer in time */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  /**
   * Hands over what is published on that channel, for as long as Redis is open.
   * @param onConnected called when nothing that is published from now on is missed: for the first time, and again after
   *   each connection that was lost
   */
  subscribe(channel: string, onText: (text: string) => void, onConnected: () => void): void;
  /** Begins to connect, over one connection for commands and one that listens. Waits for neither. */
  start(): void;
  /** @throws when one of the two connections does not stand, with what is wrong with it */
  ping(): Promise<void>;
  /** Writes a key that expires by itself. @throws when Redis refuses: it is a replica, full, or cannot save */
  tryWrite(): Promise<void>;
  close(): Promise<void>;
}

export interface RedisOptions {
  /** `redis://` or `rediss://` */
  readonly url: string;
  /** What every name begins with. */
  readonly prefix: string;
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void };
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 500;
/** A connection that is silent for longer than two pings is dead, whatever the operating system thinks of it. */
const PING_INTERVAL_MS = 2_000;
const SILENCE_MS = 5_000;
const CONNECTING = "not connected yet";
/** How long the key of a trial write lasts. */
const TRIAL_MS = 10_000;
const RECONNECT_MS = { first: 50, most: 1_000 };

/** A Redis that is down at the start is connected to when it comes up, and again whenever it was lost. */
export function openRedis({ url, prefix, log, timeoutMs = ANSWER_TIMEOUT_MS }: RedisOptions): Redis {
  const client = createClient({
    url,
    // What cannot be sent now fails now: every user of this has something else to do then.
    disableOfflineQueue: true,
    pingInterval: PING_INTERVAL_MS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) =>
        Math.min(RECONNECT_MS.first * 2 ** Math.min(retries, 10), RECONNECT_MS.most),
    },
  });
  const listener = client.duplicate();
  const troubles = new Map<unknown, string>();

  function connect(connection: RedisClientType, use: string): void {
    troubles.set(connection, CONNECTING);
    connection.on("error", (error: Error) => {
      const isNew = (troubles.get(connection) ?? CONNECTING) === CONNECTING;
      troubles.set(connection, reasonOf(error));
      if (isNew) log.warn({ err: error, use }, "Redis cannot be reached: trying again until it can");
    });
    connection.on("ready", () => {
      if (troubles.delete(connection)) log.info({ use }, "connected to Redis");
    });
    // It ends with the connection, and tries for as long: why it fails is said above.
    connection.connect().catch(() => {});
  }

  const answered = <T>(answer: Promise<T>) =>
    inTime(answer, timeoutMs, `Redis gave no answer within ${timeoutMs} ms`);

  return {
    client,
    start() {
      connect(client as RedisClientType, "commands");
      connect(listener as RedisClientType, "wake-ups");
    },
    name: (...parts) => [prefix, ...parts].join(":"),
    async publish(channel, text) {
      await answered(client.publish(channel, text));
    },
    run: (script, keys, args) => answered(client.eval(script, { keys: [...keys], arguments: [...args] })),
    subscribe(channel, onText, onConnected) {
      let isSubscribed = false;
      const begin = async () => {
        // Once it has subscribed, node-redis does so again by itself before it says that it is ready.
        if (!isSubscribed) await listener.subscribe(channel, onText);
        isSubscribed = true;
        onConnected();
      };
      const attempt = () => {
        begin().catch((err: unknown) => {
          // A connection that broke meanwhile comes back, and with it the next attempt.
          if (listener.isReady) log.warn({ err }, "Redis refuses the subscription to wake-ups");
        });
      };
      listener.on("ready", attempt);
      if (listener.isReady) attempt();
    },
    async ping() {
      const [trouble] = troubles.values();
      if (trouble !== undefined) throw new Error(trouble);
      await answered(client.ping());
    },
    async tryWrite() {
      await answered(client.set([prefix, "health"].join(":"), "", { PX: TRIAL_MS }));
    },
    async close() {
      for (const connection of [client, listener]) if (connection.isOpen) connection.destroy();
    },
  };
}

/** An AggregateError, which a name with several addresses gives, has no message of its own. */
function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return error.message || (first instanceof Error ? first.message : "no connection");
}

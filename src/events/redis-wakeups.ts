import { createWakeups } from "./create-wakeups.ts";
import type { WakeupCarrier } from "./wakeup-carrier.ts";
import type { Wakeups } from "./wakeups.ts";

/** What is needed of Redis. */
export interface PubSub {
  name(...parts: readonly string[]): string;
  publish(channel: string, text: string): Promise<void>;
  subscribe(channel: string, onText: (text: string) => void, onConnected: () => void): void;
}

export interface RedisWakeupsOptions {
  readonly redis: PubSub;
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void };
}

/** Far less than Redis takes: a text should not keep others waiting. */
const MAX_TEXT_BYTES = 64 * 1024;

/**
 * Wake-ups over Redis' publish and subscribe, which keep nothing for whoever is not connected; so every connection
 * that comes back has the listeners look at everything.
 */
export function createRedisWakeups({ redis, log }: RedisWakeupsOptions): Wakeups {
  const channel = redis.name("wakeups");
  const carrier: WakeupCarrier = {
    maxBytes: MAX_TEXT_BYTES,
    send: (text) => redis.publish(channel, text),
    // Nobody waits for Redis: until it is there, the poll of the log stands in.
    start: async ({ onText, onConnected }) => redis.subscribe(channel, onText, onConnected),
    stop: async () => {},
  };
  return createWakeups({ carrier, log });
}

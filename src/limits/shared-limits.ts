import { memorySlots } from "./memory-slots.ts";
import { postgresSlots, type Query } from "./postgres-slots.ts";
import { RateLimit } from "./rate-limit.ts";
import { Reachable, type ReachableOptions } from "./reachable.ts";
import { redisSlots, type ScriptRunner } from "./redis-slots.ts";
import type { SlotStore } from "./slot-store.ts";
import { SubscriptionSlots } from "./subscription-slots.ts";
import {
  memoryTokens,
  postgresTokens,
  redisTokens,
  type TokenStore,
  type TokenWindow,
} from "./token-store.ts";

/** Where what has been used is counted. */
export type LimitsBackend =
  | { readonly kind: "memory" }
  | { readonly kind: "postgres"; readonly pool: object & { query: Query } }
  | { readonly kind: "redis"; readonly redis: ScriptRunner & { readonly client: unknown } };

export interface SharedLimitsOptions {
  readonly backend: LimitsBackend;
  /** Null: no limit. */
  readonly requestsPerMinute: number | null;
  readonly failuresPerMinute: number | null;
  readonly subscriptionsPerUser: number | null;
  /** What no other node has. */
  readonly nodeId: string;
  readonly log: ReachableOptions["log"];
}

/** The limits that hold over all nodes; what is absent is not limited. */
export interface NodeLimits {
  readonly requests?: RateLimit;
  readonly failures?: RateLimit;
  readonly subscriptions?: SubscriptionSlots;
}

const MINUTE_SECONDS = 60;

/** Makes this node's part of the limits. Where the store does not answer, the node applies them by itself meanwhile. */
export function createSharedLimits(options: SharedLimitsOptions): NodeLimits {
  const { backend, log, nodeId } = options;
  const reachable = new Reachable({ name: backend.kind, log });

  function rate(name: string, limit: number | null): RateLimit | undefined {
    if (limit === null) return undefined;
    const window = { name, seconds: MINUTE_SECONDS };
    const own = memoryTokens(window);
    const shared = tokens(backend, window);
    const store: TokenStore = {
      consume: (key, count) =>
        reachable.ask(
          () => shared.consume(key, count),
          () => own.consume(key, count),
        ),
    };
    return new RateLimit({ store, limit, windowSeconds: MINUTE_SECONDS });
  }

  const requests = rate("requests", options.requestsPerMinute);
  const failures = rate("failures", options.failuresPerMinute);
  const limit = options.subscriptionsPerUser;
  return {
    ...(requests && { requests }),
    ...(failures && { failures }),
    ...(limit !== null && {
      subscriptions: new SubscriptionSlots({ store: slots(backend, nodeId), reachable, limit }),
    }),
  };
}

function tokens(backend: LimitsBackend, window: TokenWindow): TokenStore {
  if (backend.kind === "memory") return memoryTokens(window);
  if (backend.kind === "postgres") return postgresTokens(window, backend.pool);
  return redisTokens({ ...window, name: backend.redis.name(window.name) }, backend.redis.client);
}

function slots(backend: LimitsBackend, nodeId: string): SlotStore {
  if (backend.kind === "memory") return memorySlots();
  if (backend.kind === "postgres") {
    return postgresSlots({ query: (sql, values) => backend.pool.query(sql, values), nodeId });
  }
  return redisSlots({ redis: backend.redis, nodeId });
}

import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";

/** How much of a key's window is used. */
export interface Consumed {
  /** Tokens taken in this window, those of this call included; more than there are once it is overdrawn. */
  readonly consumed: number;
  /** Until the window ends. */
  readonly msBeforeNext: number;
}

/** Counts tokens per key in windows of a fixed length, which begin with their first token. */
export interface TokenStore {
  /** @throws when the store does not answer */
  consume(key: string, tokens: number): Promise<Consumed>;
}

/** Which counter, of how many seconds. Stores of the same name count together. */
export interface TokenWindow {
  readonly name: string;
  readonly seconds: number;
}

/** Part of rate-limiter-flexible's limiters. */
interface Limiter {
  consume(key: string, points: number): Promise<RateLimiterRes>;
}

/** What a window holds is not the store's affair: RateLimit decides, and takes what is left of an overdrawn block. */
const NO_LIMIT = 2 ** 31 - 1;

/** Counts in this process. */
export function memoryTokens({ name, seconds }: TokenWindow): TokenStore {
  return storeOf(new RateLimiterMemory({ keyPrefix: name, points: NO_LIMIT, duration: seconds }));
}

/** Counts in the table `rate_limit`, in one statement. @param pool a pg pool */
export function postgresTokens({ name, seconds }: TokenWindow, pool: object): TokenStore {
  return storeOf(
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: "pool",
      tableName: "rate_limit",
      tableCreated: true,
      keyPrefix: name,
      points: NO_LIMIT,
      duration: seconds,
    }),
  );
}

/** Counts in Redis, in one script. @param client a node-redis client */
export function redisTokens({ name, seconds }: TokenWindow, client: unknown): TokenStore {
  return storeOf(
    new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: name,
      points: NO_LIMIT,
      duration: seconds,
    }),
  );
}

function storeOf(limiter: Limiter): TokenStore {
  return {
    async consume(key, tokens) {
      const { consumedPoints, msBeforeNext } = await limiter.consume(key, tokens).catch((thrown: unknown) => {
        // What is over its limit is thrown, and no error.
        if (thrown instanceof RateLimiterRes) return thrown;
        throw thrown;
      });
      return { consumed: consumedPoints, msBeforeNext };
    },
  };
}

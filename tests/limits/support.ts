import { onTestFinished } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openRedis, type Redis } from "../../src/redis/redis.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { redisAvailable, startRedis } from "../support/redis-server.ts";

/** Where limits are counted, and what is missing on this machine for a test of it. */
export const BACKENDS = [
  { kind: "postgres", isMissing: !postgresAvailable },
  { kind: "redis", isMissing: !redisAvailable },
] as const;

export const quiet = { info: () => {}, warn: () => {} };

/** An empty Redis of the test's own, and a way for more nodes to reach it. */
export async function ownRedis() {
  const server = await startRedis();
  onTestFinished(() => server.kill());
  return { server, connect: () => connectRedis(server.url) };
}

/** A connected Redis client, closed when the test is over. */
export async function connectRedis(url: string, log: typeof quiet = quiet): Promise<Redis> {
  const redis = openRedis({ url, prefix: "test", log });
  const connected = new Promise<void>((resolve) => redis.subscribe("connected", () => {}, resolve));
  redis.start();
  onTestFinished(() => redis.close());
  await connected;
  await whenAnswering(redis);
  return redis;
}

/** The connection for commands comes up by itself, at a time of its own. */
export async function whenAnswering(redis: Redis): Promise<void> {
  for (;;) {
    const failed = await redis.ping().then(
      () => false,
      () => true,
    );
    if (!failed) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A PostgreSQL database of the test's own. */
export async function ownPool() {
  const database = await createPostgresTestDatabase();
  onTestFinished(() => database.close());
  return poolOf(database);
}

export function poolOf({ driver }: Database) {
  if (driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
  return driver.pool;
}

import { z } from "zod";
import { type Env, read } from "./read.ts";

/** Where wake-ups and shared limits go instead of through PostgreSQL. */
export interface RedisConfig {
  /** `redis://` or `rediss://`; may hold a password. */
  readonly url: string;
  /** What the names of this deployment begin with in a Redis that others use too. */
  readonly prefix: string;
}

/** @returns null when no Redis is configured. @throws ConfigError */
export function readRedis(env: Env): RedisConfig | null {
  const url = read(env, "REDIS_URL", urlSchema, "a URL like redis://user:password@host:6379/0");
  const prefix = read(env, "REDIS_PREFIX", prefixSchema, "1 to 64 letters, digits, '-', '_' or '.'");
  return url === undefined ? null : { url, prefix: prefix ?? "gatehouse" };
}

const prefixSchema = z.string().regex(/^[\w.-]{1,64}$/);

const urlSchema = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && (url.protocol === "redis:" || url.protocol === "rediss:") && url.hostname !== "";
});

import { z } from "zod";
import { type Env, read } from "./read.ts";

/** What one user, and one address, may do over all connections and nodes. Null: as much as they like. */
export interface LimitsConfig {
  /** Operations and exports of one user. */
  readonly requestsPerMinute: number | null;
  /** Attempts of one address that prove nobody. */
  readonly failuresPerMinute: number | null;
  /** Subscriptions that one user has open at once. */
  readonly subscriptionsPerUser: number | null;
  /** How many proxies of one's own stand before the server. */
  readonly trustedProxies: number;
}

/** Fifty agents that each do two things a second, with ten subscriptions each. */
const DEFAULTS = { requests: 6_000, failures: 300, subscriptions: 500 };
const MOST = 1_000_000;

/**
 * Reads the limits that are shared between nodes.
 * @param isDevelopment without authentication there is one user, on this machine: no limits then but those that are set
 * @throws ConfigError
 */
export function readLimits(env: Env, isDevelopment: boolean): LimitsConfig {
  const limit = (name: string, usual: number): number | null => {
    const value = read(env, name, countSchema(MOST), `a whole number from 0 (no limit) to ${MOST}`);
    return (value ?? (isDevelopment ? 0 : usual)) || null;
  };
  return {
    requestsPerMinute: limit("RATE_LIMIT_PER_MINUTE", DEFAULTS.requests),
    failuresPerMinute: limit("AUTH_FAILURES_PER_MINUTE", DEFAULTS.failures),
    subscriptionsPerUser: limit("MAX_SUBSCRIPTIONS_PER_USER", DEFAULTS.subscriptions),
    trustedProxies: read(env, "TRUSTED_PROXIES", countSchema(10), "a whole number from 0 to 10") ?? 0,
  };
}

function countSchema(most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .refine((count) => count <= most);
}

import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import type { Clock } from "../domain/clock.ts";

const FETCH_TIMEOUT_MS = 5_000;
/** Tokens that no known key has signed cause at most this many fetches within the window, however many arrive. */
export const EXTRA_FETCHES = { most: 2, windowMs: 30_000 } as const;

export interface PublishedKeysOptions {
  /** The JWKS document. */
  readonly url: URL;
  /** How long a fetched document is used: a withdrawn key verifies tokens for that long. In milliseconds. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
}

/**
 * Makes what verifies tokens with the keys that a key server publishes.
 *
 * A token without `kid` is tried with every key that fits its algorithm. A token that no known key has signed may have
 * been signed with a key that is newer than the document here: the document is then fetched again and the token tried
 * once more, within `EXTRA_FETCHES`.
 *
 * @returns a function that throws jose's errors, and what the fetch failed with
 */
export function createPublishedKeys({ url, maxAgeMs, clock }: PublishedKeysOptions) {
  // When to fetch is decided here, by our clock; jose's own rules would refuse a new key for 30 seconds.
  const never = Number.POSITIVE_INFINITY;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: never,
    cacheMaxAge: never,
  });
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetches = 0;
  let fetching: Promise<void> | null = null;
  /** When the last extra fetches began, oldest first. */
  let extras: readonly number[] = [];

  // Absolute: a clock that was set back must not keep a document in use for longer.
  const isWithin = (time: number, ms: number) => Math.abs(clock.now().getTime() - time) < ms;

  function fetchKeys(): Promise<void> {
    const startedAt = clock.now().getTime();
    fetching ??= keys
      .reload()
      .then(() => {
        fetchedAt = startedAt;
        fetches += 1;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  }

  /** @param seen the number of fetches that were over when the token was tried */
  async function hasNewerKeys(seen: number): Promise<boolean> {
    if (fetches > seen) return true;
    if (fetching === null) {
      const recent = extras.filter((time) => isWithin(time, EXTRA_FETCHES.windowMs));
      if (recent.length >= EXTRA_FETCHES.most) return false;
      extras = [...recent, clock.now().getTime()];
    }
    await fetchKeys();
    return true;
  }

  async function verifyWithAny(token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, keys, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      for await (const key of error) {
        try {
          return (await jwtVerify(token, key, options)).payload;
        } catch (cause) {
          if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw cause;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }

  return async (token: string, options: JWTVerifyOptions): Promise<JWTPayload> => {
    if (!isWithin(fetchedAt, maxAgeMs)) await fetchKeys();
    const seen = fetches;
    try {
      return await verifyWithAny(token, options);
    } catch (error) {
      const mayBeNew =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
      if (!mayBeNew || !(await hasNewerKeys(seen))) throw error;
      return verifyWithAny(token, options);
    }
  };
}

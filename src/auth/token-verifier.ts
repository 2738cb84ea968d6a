import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import type { AuthConfig } from "../config.ts";
import type { Clock } from "../domain/clock.ts";
import { AuthenticationError, AuthenticationUnavailableError } from "./errors.ts";
import { createPublishedKeys } from "./published-keys.ts";

/** Returns the claims of a token that holds. Throws AuthenticationError or AuthenticationUnavailableError otherwise. */
export type TokenVerifier = (token: string) => Promise<JWTPayload>;

/** What issuers' and our clocks may differ by, in seconds. */
const CLOCK_TOLERANCE_S = 5;

/**
 * Public-key algorithms only. Were HS256 accepted here, anyone could sign a token with the published key as the secret.
 */
const ASYMMETRIC_ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** What jose throws when the token is at fault; anything else is the key server's fault or ours. */
const TOKEN_FAULTS = [
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
];

/** Makes the verifier of signature, issuer, audience and expiry (`exp` and `sub` are required). */
export function createTokenVerifier(
  auth: Exclude<AuthConfig, { kind: "development" }>,
  clock: Clock,
): TokenVerifier {
  const options = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    issuer: auth.issuer,
    audience: auth.audience,
    clockTolerance: CLOCK_TOLERANCE_S,
    currentDate: clock.now(),
    requiredClaims: ["exp", "sub"],
  });
  if (auth.kind === "secret") {
    const key = new TextEncoder().encode(auth.secret);
    return (token) => explain(async () => (await jwtVerify(token, key, options(["HS256"]))).payload);
  }
  const verify = createPublishedKeys({ url: auth.url, maxAgeMs: auth.maxAgeSeconds * 1000, clock });
  return (token) => explain(() => verify(token, options(ASYMMETRIC_ALGORITHMS)));
}

async function explain(verify: () => Promise<JWTPayload>): Promise<JWTPayload> {
  try {
    return await verify();
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw new AuthenticationError("Token expired.", { cause });
    if (TOKEN_FAULTS.some((fault) => cause instanceof fault)) {
      throw new AuthenticationError("Token is not valid.", { cause });
    }
    throw new AuthenticationUnavailableError("The token's signing keys could not be fetched. Try again.", {
      cause,
    });
  }
}

import { SignJWT } from "jose";
import type { AuthConfig } from "../../../src/config.ts";

export const SECRET = "0123456789abcdef0123456789abcdef";
export const SECRET_AUTH: AuthConfig = {
  kind: "secret",
  secret: SECRET,
  issuer: "https://id.test",
  audience: "gatehouse",
};

/** A valid token, except for what the test changes. `exp` and `sub` can be left out with undefined. */
export function token(
  changes: Record<string, unknown> = {},
  secret = SECRET,
  alg = "HS256",
): Promise<string> {
  const claims = {
    iss: "https://id.test",
    aud: "gatehouse",
    sub: "ada",
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...changes,
  };
  return new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret));
}

import { SignJWT } from "jose";
import type { AuthConfig } from "../../src/config.ts";

const SECRET = "a secret of the tests, long enough for HS256";

/** Authentication by a shared secret, for tests with several users. */
export const SECRET_AUTH = {
  kind: "secret",
  secret: SECRET,
  issuer: "https://issuer.test",
  audience: "gatehouse",
} as const satisfies AuthConfig;

/** The header of a request by that subject. Unless told, its token does not expire while the tests run. */
export async function bearer(
  subject: string,
  expiresAt = new Date("2100-01-01"),
): Promise<{ authorization: string }> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setIssuer(SECRET_AUTH.issuer)
    .setAudience(SECRET_AUTH.audience)
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(SECRET));
  return { authorization: `Bearer ${token}` };
}

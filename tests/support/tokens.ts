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

/** The header of a request by that subject, whose token never expires while the tests run. */
export async function bearer(subject: string): Promise<{ authorization: string }> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setIssuer(SECRET_AUTH.issuer)
    .setAudience(SECRET_AUTH.audience)
    .setExpirationTime(new Date("2100-01-01"))
    .sign(new TextEncoder().encode(SECRET));
  return { authorization: `Bearer ${token}` };
}

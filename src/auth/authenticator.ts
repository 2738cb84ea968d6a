import type { JWTPayload } from "jose";
import type { AuthConfig } from "../config.ts";
import type { Clock } from "../domain/clock.ts";
import { isStorable } from "../domain/text.ts";
import { AuthenticationError } from "./errors.ts";
import { createTokenVerifier } from "./token-verifier.ts";
import type { Viewer } from "./viewer.ts";

/** What a token says about its bearer. `issuer` and `subject` together are who this is. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string | null;
}

export interface UserDirectory {
  /** The id of this identity's user, made on first sight. */
  idOf(identity: Identity): Promise<string>;
}

export interface Authenticator {
  /**
   * Tells who presents this token (null: none was presented).
   * @throws AuthenticationError when that proves nobody, AuthenticationUnavailableError when it cannot be told now.
   */
  authenticate(token: string | null): Promise<Viewer>;
}

/** The one user of a server without authentication, which listens on loopback only. */
export const DEVELOPER: Identity = {
  issuer: "gatehouse:development",
  subject: "developer",
  displayName: "Developer",
};

const MAX_NAME_LENGTH = 255;

/** Makes the authenticator that the configuration asks for. */
export function createAuthenticator(
  auth: AuthConfig,
  adminSubjects: readonly string[],
  users: UserDirectory,
  clock: Clock,
): Authenticator {
  if (auth.kind === "development") {
    return {
      authenticate: async () => ({ userId: await users.idOf(DEVELOPER), isAdmin: true, expiresAt: null }),
    };
  }
  const verify = createTokenVerifier(auth, clock);
  const admins = new Set(adminSubjects);
  return {
    async authenticate(token) {
      if (token === null) throw new AuthenticationError("A bearer token is required.");
      const claims = await verify(token);
      const identity = identityOf(claims, auth.issuer);
      return {
        userId: await users.idOf(identity),
        isAdmin: admins.has(identity.subject),
        expiresAt: new Date((claims.exp as number) * 1000),
      };
    },
  };
}

function identityOf(claims: JWTPayload, issuer: string): Identity {
  const subject = claims.sub;
  if (!isName(subject)) {
    throw new AuthenticationError(
      `The token's "sub" claim must have 1 to ${MAX_NAME_LENGTH} characters that can be stored.`,
    );
  }
  return { issuer, subject, displayName: isName(claims.name) ? claims.name : null };
}

/** What cannot be stored is refused: two subjects that the database cannot tell apart would be one user. */
function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_NAME_LENGTH && isStorable(value);
}

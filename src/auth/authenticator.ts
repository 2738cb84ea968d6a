import type { JWTPayload } from "jose";
import type { AuthConfig } from "../config.ts";
import { DEVELOPER, type Identity } from "../domain/account/identity.ts";
import { SECRET_PREFIXES } from "../domain/account/secret.ts";
import type { Clock } from "../domain/clock.ts";
import { isStorable } from "../domain/text.ts";
import type { KeyDirectory } from "./api-keys.ts";
import { AuthenticationError, SuspendedError } from "./errors.ts";
import type { Standing } from "./standing.ts";
import { createTokenVerifier } from "./token-verifier.ts";
import type { Viewer } from "./viewer.ts";

export interface UserDirectory {
  /** The id of this identity's user, made on first sight. */
  idOf(identity: Identity): Promise<string>;
}

export interface Authenticator {
  /**
   * Tells who presents this token or API key (null: none was presented).
   * @throws AuthenticationError when that proves nobody, SuspendedError when it proves somebody who is suspended,
   *   AuthenticationUnavailableError when it cannot be told now.
   */
  authenticate(token: string | null): Promise<Viewer>;
}

const MAX_NAME_LENGTH = 255;

export interface AuthenticatorOptions {
  readonly auth: AuthConfig;
  readonly adminSubjects: readonly string[];
  readonly users: UserDirectory;
  readonly standing: Standing;
  readonly keys: KeyDirectory;
  readonly clock: Clock;
}

/** Makes the authenticator that the configuration asks for. An API key decides who asks in every configuration. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { keys } = options;
  const people = createPeopleAuthenticator(options);
  return {
    authenticate: (token) =>
      token?.startsWith(SECRET_PREFIXES.apiKey) ? keys(token) : people.authenticate(token),
  };
}

function createPeopleAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { auth, adminSubjects, users, standing, clock } = options;
  if (auth.kind === "development") {
    return {
      // Nobody can suspend them: the only administrator there is cannot suspend themselves.
      authenticate: async () => ({
        userId: await users.idOf(DEVELOPER),
        isAdmin: true,
        expiresAt: null,
        key: null,
      }),
    };
  }
  const verify = createTokenVerifier(auth, clock);
  const admins = new Set(adminSubjects);
  return {
    async authenticate(token) {
      if (token === null) throw new AuthenticationError("A bearer token is required.");
      const claims = await verify(token);
      const identity = identityOf(claims, auth.issuer);
      const userId = await users.idOf(identity);
      if (await standing.isSuspended(userId)) throw new SuspendedError();
      return {
        userId,
        isAdmin: admins.has(identity.subject),
        expiresAt: expiryOf(claims),
        key: null,
      };
    },
  };
}

/** The last moment that a Date can hold. `exp` may be later: a Date of it would be invalid, and no timer waits for that. */
const LAST_MOMENT_MS = 8.64e15;

function expiryOf({ exp = 0 }: JWTPayload): Date {
  return new Date(Math.min(exp * 1000, LAST_MOMENT_MS));
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

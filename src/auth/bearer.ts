import { AuthenticationError } from "./errors.ts";

/**
 * The token of an `Authorization` value, or null where there is none.
 * @throws AuthenticationError when the value is not `Bearer <token>`.
 */
export function bearerToken(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) throw new AuthenticationError('Authorization must be "Bearer <token>".');
  return token;
}

/**
 * The token in the payload of graphql-ws's connection_init: `{Authorization: "Bearer …"}`, `{authorization: "Bearer …"}`
 * or `{token: "…"}`; null where there is none.
 * @throws AuthenticationError when it is there and not usable.
 */
export function connectionToken(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const authorization = params?.Authorization ?? params?.authorization;
  if (typeof authorization === "string") return bearerToken(authorization);
  const token = params?.token;
  if (typeof token === "string") return token;
  if (authorization == null && token == null) return null;
  throw new AuthenticationError("The token in connection_init must be a string.");
}

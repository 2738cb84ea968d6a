/** The caller did not prove who they are: HTTP 401, WebSocket 4403. The message is safe to show. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";
}

/** The caller is who they say and may do nothing, until an administrator reinstates them: HTTP 403, WebSocket 4403. */
export class SuspendedError extends Error {
  override readonly name = "SuspendedError";

  constructor() {
    super("This user is suspended.");
  }
}

/** Whether a token is valid cannot be told now (the key server does not answer): HTTP 503. Trying again is sensible. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = "AuthenticationUnavailableError";
}

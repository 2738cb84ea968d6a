import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Authenticator } from "../auth/authenticator.ts";
import { connectionToken } from "../auth/bearer.ts";
import { AuthenticationError, AuthenticationUnavailableError, SuspendedError } from "../auth/errors.ts";
import type { Viewer } from "../auth/viewer.ts";
import { RateLimitedError } from "../limits/errors.ts";
import type { OutageOf } from "./outage.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { Timer } from "./timer.ts";
import type { WatchAccess } from "./watch-access.ts";

/** graphql-ws's "Forbidden". */
const FORBIDDEN = 4403;
/** graphql-ws's "Connection initialisation timeout". */
const INIT_TIMEOUT = 4408;
const TRY_AGAIN_LATER = 1013;

/** One WebSocket: who is at its other end, and until when. */
export class SocketSession {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Set by a successful connection_init; graphql-ws lets nothing else pass before that. */
  viewer: Viewer | undefined;
  readonly #gone = new AbortController();
  #cancelExpiry: () => void = () => {};
  #stopWatching: () => void = () => {};
  #cancelInitTimeout: () => void = () => {};

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
    socket.once("close", () => {
      this.#cancelInitTimeout();
      this.#cancelExpiry();
      this.#stopWatching();
      this.#gone.abort();
    });
  }

  /** Aborts when the socket is closed. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Closes the socket unless `admit` is called by then. */
  expectInitBy(deadline: Date, timer: Timer): void {
    this.#cancelInitTimeout = timer.at(deadline, () =>
      this.socket.close(INIT_TIMEOUT, "Connection initialisation timeout"),
    );
  }

  /** Whether the payload of connection_init proves somebody. If not, the socket is closed with the reason. */
  async admit(
    params: Readonly<Record<string, unknown>> | undefined,
    authenticator: Authenticator,
    limits: RequestLimits,
    timer: Timer,
    watchAccess: WatchAccess,
    outageOf: OutageOf,
  ): Promise<boolean> {
    this.#cancelInitTimeout();
    try {
      this.viewer = await limits.authenticate(this.request, async () =>
        authenticator.authenticate(connectionToken(params)),
      );
    } catch (error) {
      if (
        error instanceof AuthenticationError ||
        error instanceof SuspendedError ||
        error instanceof RateLimitedError
      )
        this.socket.close(FORBIDDEN, error.message);
      else if (error instanceof AuthenticationUnavailableError)
        this.socket.close(TRY_AGAIN_LATER, error.message);
      else if (outageOf(error) !== null) this.socket.close(TRY_AGAIN_LATER, "The database cannot be used.");
      else throw error;
      return false;
    }
    const { expiresAt } = this.viewer;
    if (this.signal.aborted) return true;
    this.#stopWatching = watchAccess(this.viewer, ({ message }) => this.socket.close(FORBIDDEN, message));
    if (expiresAt) {
      this.#cancelExpiry = timer.at(expiresAt, () => this.socket.close(FORBIDDEN, "Token expired."));
    }
    return true;
  }
}

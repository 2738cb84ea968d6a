/** What bounds a connection, whatever is sent on it. Times in milliseconds. */
export interface ConnectionLimits {
  /** Bytes of a request's line and headers together; more is 431. */
  readonly maxHeaderBytes: number;
  /** How long the headers of a request may take to arrive; longer is 408. */
  readonly headersTimeoutMs: number;
  /** How long a whole request may take to arrive; longer is 408. */
  readonly requestTimeoutMs: number;
  /** How long a connection may wait for its next request before it is closed (`KEEP_ALIVE_SECONDS`); the answer's Keep-Alive tells it. */
  readonly keepAliveTimeoutMs: number;
  /** How long nothing may move on a connection that has an answer to get, before it is cut: nobody reads it. */
  readonly idleTimeoutMs: number;
  /** How often arriving requests are looked at, so by how much the two of them may be exceeded. */
  readonly checkIntervalMs: number;
  /** Connections at once, WebSockets included; more are closed as they come. */
  readonly maxConnections: number;
}

/** What is no setting. */
export const CONNECTION_LIMITS: Omit<ConnectionLimits, "keepAliveTimeoutMs"> = {
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  checkIntervalMs: 5_000,
  maxConnections: 10_000,
};

/** The database failed before a transaction was told to commit: nothing of it is stored, and it may be tried again. */
export class NotStoredError extends Error {
  override readonly name = "NotStoredError";
}

/** The database failed after a transaction was told to commit, and before it said that it has: it may be stored or not. */
export class OutcomeUnknownError extends Error {
  override readonly name = "OutcomeUnknownError";
}

/** A transaction had no connection in time, or took longer than it may: it is undone. */
export class TransactionTimeoutError extends Error {
  override readonly name = "TransactionTimeoutError";
}

/** More operations wait for a connection than can be served in time. */
export class PoolExhaustedError extends Error {
  override readonly name = "PoolExhaustedError";

  constructor(waiting: number) {
    super(`${waiting} operations wait for a connection to the database already`);
  }
}

/** Prisma's own: not reachable, timed out, closed, too many connections, no transaction in time or one that took too long. */
const PRISMA_CODES: ReadonlySet<string> = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
  "P2037",
]);

/** The network's, as Node names them. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/**
 * PostgreSQL's: connection exceptions, lack of resources, shutdown and start-up, statements and transactions that took
 * longer than they may.
 */
const SQLSTATES = /^(08...|53...|57P0[1-5]|57014|55P03|25P0[34])$/;

/** What the adapter for pg makes of some of these. */
const ADAPTER_KINDS: ReadonlySet<string> = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

/** What pg and its pool say in errors that have no code. */
const PG_MESSAGES: ReadonlySet<string> = new Set([
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Query read timeout",
]);

/** PostgreSQL's: a transaction at a high level of isolation met another one, and a deadlock. */
const WRITE_CONFLICTS: ReadonlySet<string> = new Set(["40001", "40P01"]);

/**
 * Whether a transaction failed only because of what others did at the same moment: PostgreSQL has undone it, and the same once more
 * is likely to succeed.
 */
export function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const {
    code = "",
    meta,
    cause,
  } = error as Error & {
    code?: unknown;
    meta?: { driverAdapterError?: { cause?: unknown } };
  };
  // Prisma's own, PostgreSQL's by way of pg, and what the adapter makes of it.
  if (code === "P2034" || (typeof code === "string" && WRITE_CONFLICTS.has(code))) return true;
  const { kind, originalCode = "" } = ((meta?.driverAdapterError ?? error).cause ?? {}) as {
    kind?: string;
    originalCode?: string;
  };
  if (kind === "TransactionWriteConflict" || WRITE_CONFLICTS.has(originalCode)) return true;
  return cause instanceof Error && isWriteConflict(cause);
}

/** Whether an operation failed because the database is away or overloaded: not for anything that it asked. */
export function isOutage(error: unknown): boolean {
  if (error instanceof NotStoredError || error instanceof OutcomeUnknownError) return true;
  if (error instanceof PoolExhaustedError || error instanceof TransactionTimeoutError) return true;
  if (!(error instanceof Error)) return false;
  if (isWriteConflict(error)) return true;
  const { code = "", meta } = error as { code?: unknown; meta?: { driverAdapterError?: unknown } };
  if (typeof code !== "string") return false;
  const { cause } = (meta?.driverAdapterError ?? error) as { cause?: unknown };
  return (
    PRISMA_CODES.has(code) ||
    NETWORK_CODES.has(code) ||
    SQLSTATES.test(code) ||
    PG_MESSAGES.has(error.message) ||
    isAdapterOutage(cause)
  );
}

/** What the adapter for pg reports is no Error, but says what kind it is, and PostgreSQL's own code. */
function isAdapterOutage(cause: unknown): boolean {
  if (cause instanceof Error) return isOutage(cause);
  const { kind = "", originalCode = "" } = (cause ?? {}) as { kind?: string; originalCode?: string };
  return ADAPTER_KINDS.has(kind) || SQLSTATES.test(originalCode);
}

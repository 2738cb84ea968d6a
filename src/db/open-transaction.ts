import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from "@prisma/driver-adapter-utils";
import { TransactionTimeoutError } from "./outage.ts";

/** How long a transaction may wait for its connection, and then take. In milliseconds. */
export interface TransactionLimits {
  readonly maxWait: number;
  readonly timeout: number;
}

const COMMIT: SqlQuery = { sql: "COMMIT", args: [], argTypes: [] };
const ROLLBACK: SqlQuery = { sql: "ROLLBACK", args: [], argTypes: [] };

/** A transaction of the driver's that ends once: by its commit, its rollback, or because it took too long. */
export class OpenTransaction {
  readonly #driver: Transaction;
  readonly #timer: NodeJS.Timeout;
  /** Called once when it ends, whether that is known to be a success or not. */
  onEnd: () => void = () => {};
  /** Why nothing more is run in it: its connection belongs to somebody else by then. */
  #ended: Error | null = null;
  #undone: Promise<void> | undefined;

  constructor(driver: Transaction, timeout: number) {
    this.#driver = driver;
    this.#timer = setTimeout(() => {
      const tooLong = new TransactionTimeoutError(`a transaction took more than ${timeout} ms`);
      this.rollback(tooLong).catch(() => {});
    }, timeout);
    this.#timer.unref();
  }

  /** As the adapter's. @throws TransactionTimeoutError when it has taken too long */
  async queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    if (this.#ended) throw this.#ended;
    return this.#driver.queryRaw(query);
  }

  /** As the adapter's. @throws TransactionTimeoutError when it has taken too long */
  async executeRaw(query: SqlQuery): Promise<number> {
    if (this.#ended) throw this.#ended;
    return this.#driver.executeRaw(query);
  }

  /** From here on it can only be committed. @throws TransactionTimeoutError when it has taken too long */
  close(): void {
    if (this.#ended) throw this.#ended;
    this.#end(new Error("the transaction is over"));
  }

  /** To be called after close(). Whatever it throws, the outcome is unknown. */
  async commit(): Promise<void> {
    if (this.#driver.options.usePhantomQuery) return this.#driver.commit();
    try {
      await this.#driver.executeRaw(COMMIT);
    } catch (error) {
      await this.#driver.rollback().catch(() => {});
      throw error;
    }
    return this.#driver.commit();
  }

  /** Undoes it, once. @param reason what whoever still runs a statement in it is told */
  rollback(reason: Error): Promise<void> {
    this.#end(reason);
    this.#undone ??= this.#undo();
    return this.#undone;
  }

  async #undo(): Promise<void> {
    if (this.#driver.options.usePhantomQuery) return this.#driver.rollback();
    try {
      await this.#driver.executeRaw(ROLLBACK);
    } finally {
      // This only gives the connection back.
      await this.#driver.rollback();
    }
  }

  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    clearTimeout(this.#timer);
    this.onEnd();
  }
}

/** Begins one. @throws TransactionTimeoutError when there is no connection in time; then one that comes late is given back */
export async function beginTransaction(
  adapter: SqlDriverAdapter,
  { maxWait, timeout }: TransactionLimits,
  level?: IsolationLevel,
): Promise<OpenTransaction> {
  const starting = adapter.startTransaction(level);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new TransactionTimeoutError(`there was no connection within ${maxWait} ms`));
    starting
      .then((driver) => new OpenTransaction(driver, timeout).rollback(new Error("nobody waits for it")))
      .catch(() => {});
  }, maxWait);
  timer.unref();
  try {
    return new OpenTransaction(await Promise.race([starting, late.promise]), timeout);
  } finally {
    clearTimeout(timer);
  }
}

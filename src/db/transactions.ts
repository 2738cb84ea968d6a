import type { IsolationLevel, SqlDriverAdapter, SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { Prisma, PrismaClient } from "../generated/prisma/client.ts";
import { lazyClient } from "./lazy-client.ts";
import { beginTransaction, type OpenTransaction, type TransactionLimits } from "./open-transaction.ts";
import { isOutage, isWriteConflict, NotStoredError, OutcomeUnknownError } from "./outage.ts";
import { joinable, Participation } from "./participation.ts";

/** Prisma's own, for those who say nothing. */
const LIMITS: TransactionLimits = { maxWait: 2_000, timeout: 5_000 };

/** How often a transaction is tried that meets others in a way that PostgreSQL ends. */
const MAX_TRIES = 5;

type Transact = PrismaClient["$transaction"];
type Work = (tx: Prisma.TransactionClient) => Promise<unknown>;
type Options = Partial<TransactionLimits> & { readonly isolationLevel?: Prisma.TransactionIsolationLevel };

/**
 * The interactive transactions of a Prisma client, on the adapter that they share: begun, limited and ended here. Their raw
 * statements go straight to the driver; Prisma, whose own way there costs most of a command, joins a transaction
 * when one of its models is asked for.
 */
export class Transactions {
  readonly #factory: SqlDriverAdapterFactory;
  readonly #onStatement: ((sql: string) => void) | undefined;
  readonly #running = new Set<OpenTransaction>();
  #adapter: Promise<SqlDriverAdapter> | undefined;

  constructor(factory: SqlDriverAdapterFactory, onStatement?: (sql: string) => void) {
    this.#factory = factory;
    this.#onStatement = onStatement;
  }

  /** What the Prisma client has to be made with. */
  get factory(): SqlDriverAdapterFactory {
    const { provider, adapterName } = this.#factory;
    return { provider, adapterName, connect: () => this.#connect() };
  }

  /**
   * Has the client's interactive transactions run here. Where the database fails they tell what has become of them:
   * NotStoredError when that was before the COMMIT, OutcomeUnknownError from then on. PostgreSQL undoes what it was not told
   * to commit; whether a COMMIT without an answer was heard only the database knows.
   *
   * A deadlock and a failure to serialize end one of the transactions that met: it is tried again, so the work of a transaction
   * must leave nothing behind but its statements.
   */
  runFor(client: PrismaClient): PrismaClient {
    const transact = client.$transaction.bind(client);
    const run = (work: Work | Prisma.PrismaPromise<unknown>[], options?: Options): Promise<unknown> =>
      typeof work === "function" ? this.#runAgain(transact, work, options) : transact(work, options);
    return Object.assign(client, { $transaction: run });
  }

  async #runAgain(transact: Transact, work: Work, options?: Options): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#run(transact, work, options);
      } catch (error) {
        const isConflict = error instanceof NotStoredError && isWriteConflict(error.cause);
        if (!isConflict || tries === MAX_TRIES) throw error;
      }
    }
  }

  async #run(transact: Transact, work: Work, options: Options = {}): Promise<unknown> {
    const limits = { ...LIMITS, ...options };
    const open = await this.#begin(limits).catch(rethrow);
    const prisma = new Participation(transact, open, limits);
    let result: unknown;
    try {
      result = await work(lazyClient(open, () => prisma.client(), this.#onStatement));
      await prisma.end();
      open.close();
    } catch (error) {
      await prisma.end().catch(() => {});
      await open.rollback(new Error("the transaction is over")).catch(() => {});
      return rethrow(error);
    }
    try {
      await open.commit();
    } catch (error) {
      if (isWriteConflict(error)) return rethrow(error);
      // Whatever else a COMMIT fails with, its outcome is unknown.
      throw new OutcomeUnknownError("the COMMIT failed", { cause: error });
    }
    return result;
  }

  async #begin({ isolationLevel, ...limits }: TransactionLimits & Options): Promise<OpenTransaction> {
    const adapter = await this.#connect();
    const open = await beginTransaction(adapter, limits, isolationLevel && levelOf(isolationLevel));
    this.#running.add(open);
    open.onEnd = () => this.#running.delete(open);
    return open;
  }

  #connect(): Promise<SqlDriverAdapter> {
    this.#adapter ??= this.#factory.connect().then(
      (adapter) => this.#prepare(adapter),
      (error: unknown) => {
        this.#adapter = undefined;
        throw error;
      },
    );
    return this.#adapter;
  }

  #prepare(adapter: SqlDriverAdapter): SqlDriverAdapter {
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      this.#adapter = undefined;
      const closed = new NotStoredError("the database is being closed");
      await Promise.allSettled([...this.#running].map((open) => open.rollback(closed)));
      return dispose();
    };
    return joinable(adapter);
  }
}

/** Prisma's name of a level as SQL has it. */
function levelOf(level: Prisma.TransactionIsolationLevel): IsolationLevel {
  return level.replace(/(?<=[a-z])(?=[A-Z])/, " ").toUpperCase() as IsolationLevel;
}

function rethrow(error: unknown): never {
  if (isOutage(error)) throw new NotStoredError("the transaction failed before its COMMIT", { cause: error });
  throw error;
}

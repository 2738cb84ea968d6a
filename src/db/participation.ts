import { AsyncLocalStorage } from "node:async_hooks";
import type { SqlDriverAdapter, Transaction } from "@prisma/driver-adapter-utils";
import type { Prisma, PrismaClient } from "../generated/prisma/client.ts";
import type { OpenTransaction, TransactionLimits } from "./open-transaction.ts";

/** What Prisma is to find when it begins a transaction: one that has begun already. */
const joined = new AsyncLocalStorage<OpenTransaction>();

/** Has an adapter hand out, to a Prisma that joins a transaction, that transaction and no other. */
export function joinable(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const start = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level) => {
    const open = joined.getStore();
    return open ? asGuest(adapter, open) : start(level);
  };
  return adapter;
}

/** The transaction as Prisma may use it: it runs statements, and ends nothing. */
function asGuest({ provider, adapterName }: SqlDriverAdapter, open: OpenTransaction): Transaction {
  return {
    provider,
    adapterName,
    options: { usePhantomQuery: true },
    queryRaw: (query) => open.queryRaw(query),
    executeRaw: (query) => open.executeRaw(query),
    async commit() {},
    async rollback() {},
  };
}

type Transact = PrismaClient["$transaction"];

/** Prisma's part in a transaction, which begins when it is asked for one of its models and never otherwise. */
export class Participation {
  readonly #transact: Transact;
  readonly #open: OpenTransaction;
  readonly #limits: TransactionLimits;
  readonly #over = Promise.withResolvers<void>();
  #client: Promise<Prisma.TransactionClient> | undefined;
  #done: Promise<void> | undefined;

  constructor(transact: Transact, open: OpenTransaction, limits: TransactionLimits) {
    this.#transact = transact;
    this.#open = open;
    this.#limits = limits;
  }

  /** The client that Prisma gives to its own transactions, on this one. */
  client(): Promise<Prisma.TransactionClient> {
    this.#client ??= this.#join();
    return this.#client;
  }

  /** Waits until Prisma is done with it. */
  async end(): Promise<void> {
    this.#over.resolve();
    await this.#done;
  }

  #join(): Promise<Prisma.TransactionClient> {
    const client = Promise.withResolvers<Prisma.TransactionClient>();
    const done = joined.run(this.#open, () =>
      this.#transact(async (given) => {
        client.resolve(given);
        await this.#over.promise;
      }, this.#limits),
    );
    // Whoever waits for the client is told; at the end it is told again.
    done.catch(client.reject);
    this.#done = done;
    return client.promise;
  }
}

import { PrismaPg } from "@prisma/adapter-pg";
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { createPrismaClient } from "../../../src/db/client.ts";
import type { Database } from "../../../src/db/database.ts";

/** Where the connection can be lost, in the order in which a command comes by. */
export const POINTS = [
  "before BEGIN",
  "at the claim of the key",
  "at the lock",
  "at the write",
  "before COMMIT is sent",
  "after COMMIT is sent",
  "when the result is read",
] as const;
export type Point = (typeof POINTS)[number];

/** The statements that are a point of their own; the first that fits counts. */
const STATEMENTS: readonly (readonly [Point, RegExp])[] = [
  ["at the claim of the key", /INSERT INTO idempotency_record/],
  ["at the lock", /FOR (NO KEY )?UPDATE/],
  ["at the write", /INSERT INTO event/],
];

/** Loses the connection of one transaction at one point. What lies below is a real database that is told no lie. */
export class Faults {
  #point: Point | null = null;
  #error: () => Error = () => new Error();
  #lasts = false;
  #isCommitted = false;
  #unreadable: RegExp | null = null;
  /** How many statements outside transactions have failed because they read what cannot be read. */
  unread = 0;
  /** Whether the fault that was armed has happened. */
  happened = false;

  /**
   * The next time that a transaction comes by there, its connection is lost with that error.
   * @param lasts whether it is lost again, each time, until that is disarmed
   */
  arm(point: Point, error: () => Error, lasts: boolean): void {
    this.#point = point;
    this.#error = error;
    this.#lasts = lasts;
    this.#isCommitted = false;
    this.happened = false;
  }

  /** What was armed will not happen. */
  disarm(): void {
    this.#point = null;
  }

  /** The error to fail with where this is the armed point. */
  at(point: Point): Error | null {
    if (this.#point !== point || (point === "when the result is read" && !this.#isCommitted)) return null;
    if (!this.#lasts) this.#point = null;
    this.happened = true;
    return this.#error();
  }

  /** Statements outside transactions that are like that fail from now on; null: none does. */
  cannotRead(like: RegExp | null): void {
    this.#unreadable = like;
    this.unread = 0;
  }

  /** The error to fail with where a statement reads what cannot be read. */
  reading({ sql }: SqlQuery): Error | null {
    if (!this.#unreadable?.test(sql)) return null;
    this.unread += 1;
    return new Error("Connection terminated unexpectedly");
  }

  committed(): void {
    this.#isCommitted = true;
  }
}

/** The same database, over connections that are lost as `faults` say. */
export function faultyDatabase(database: Database, faults: Faults): Database {
  const { driver } = database;
  const factory = driver.kind === "postgres" ? new PrismaPg(driver.pool) : new PrismaPGlite(driver.pglite);
  const prisma = createPrismaClient(withFaults(factory, faults));
  return {
    ...database,
    prisma,
    reads: prisma,
    async close() {
      await prisma.$disconnect();
      await database.close();
    },
  };
}

/** The adapter of a real database whose connections are lost as `faults` say. */
function withFaults(factory: SqlDriverAdapterFactory, faults: Faults): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => faultyAdapter(await factory.connect(), faults),
  };
}

function faultyAdapter(adapter: SqlDriverAdapter, faults: Faults): SqlDriverAdapter {
  const query = (method: "queryRaw" | "executeRaw") => async (statement: SqlQuery) => {
    throwIf(faults.at("when the result is read"));
    throwIf(faults.reading(statement));
    return adapter[method](statement);
  };
  return overlay(adapter, {
    queryRaw: query("queryRaw"),
    executeRaw: query("executeRaw"),
    async startTransaction(level?: Parameters<SqlDriverAdapter["startTransaction"]>[0]) {
      throwIf(faults.at("before BEGIN"));
      return faultyTransaction(await adapter.startTransaction(level), faults);
    },
  });
}

/**
 * A transaction over a connection that may be lost. With it the database undoes what was not committed, and nothing more can
 * be asked of it. Adapters end transactions in one of two ways: with a COMMIT like any statement, or by a call.
 */
function faultyTransaction(tx: Transaction, faults: Faults): Transaction {
  let lost: Error | null = null;
  const isByCall = tx.options.usePhantomQuery;

  async function lose(error: Error | null, undo: boolean): Promise<void> {
    if (!error) return;
    lost = error;
    if (undo && !isByCall) await tx.executeRaw({ sql: "ROLLBACK", args: [], argTypes: [] });
    throw error;
  }

  async function run<T>(statement: SqlQuery, execute: () => Promise<T>): Promise<T> {
    throwIf(lost);
    if (statement.sql === "COMMIT") return commit(execute);
    const point = STATEMENTS.find(([, pattern]) => pattern.test(statement.sql))?.[0];
    if (point) await lose(faults.at(point), true);
    return execute();
  }

  async function commit<T>(execute: () => Promise<T>): Promise<T> {
    await lose(faults.at("before COMMIT is sent"), true);
    const result = await execute();
    faults.committed();
    await lose(faults.at("after COMMIT is sent"), false);
    return result;
  }

  return overlay(tx, {
    queryRaw: (statement: SqlQuery) => run(statement, () => tx.queryRaw(statement)),
    executeRaw: (statement: SqlQuery) => run(statement, () => tx.executeRaw(statement)),
    async commit() {
      if (!isByCall) return tx.commit();
      const unsent = faults.at("before COMMIT is sent");
      if (unsent) await tx.rollback();
      throwIf(unsent);
      return commit(() => tx.commit());
    },
  });
}

function throwIf(error: Error | null): void {
  if (error) throw error;
}

/** The same object but for those methods; its others run on itself, as they use private fields. */
function overlay<T extends object>(object: T, methods: object): T {
  const own: Record<PropertyKey, unknown> = { ...methods };
  return new Proxy(object, {
    get(target, name) {
      if (name in own) return own[name];
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
    // What lies above may replace a method: it lies over this one then, and not below it.
    set(_target, name, value) {
      own[name] = value;
      return true;
    },
  });
}

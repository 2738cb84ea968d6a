import type { SqlQuery } from "@prisma/driver-adapter-utils";
import type { Prisma } from "../generated/prisma/client.ts";
import type { OpenTransaction } from "./open-transaction.ts";
import { type RawArguments, toRows, toStatement, toStatementOf } from "./raw-statement.ts";

/**
 * What a transaction's body is given: a Prisma client whose raw statements go straight to the driver, and whose models are
 * those of a client that is only asked for when one of them is used.
 */
export function lazyClient(
  open: OpenTransaction,
  models: () => Promise<Prisma.TransactionClient>,
  onStatement?: (sql: string) => void,
): Prisma.TransactionClient {
  const query = async (statement: SqlQuery) => {
    const result = await open.queryRaw(statement);
    onStatement?.(statement.sql);
    return toRows(result);
  };
  const execute = async (statement: SqlQuery) => {
    const count = await open.executeRaw(statement);
    onStatement?.(statement.sql);
    return count;
  };
  const raw: Readonly<Record<string, unknown>> = {
    $queryRaw: (...given: RawArguments) => query(toStatement(given)),
    $executeRaw: (...given: RawArguments) => execute(toStatement(given)),
    $queryRawUnsafe: (sql: string, ...values: unknown[]) => query(toStatementOf(sql, values)),
    $executeRawUnsafe: (sql: string, ...values: unknown[]) => execute(toStatementOf(sql, values)),
  };
  return new Proxy(raw, {
    get: (_, name) => (isNoModel(name) ? undefined : (raw[name] ?? lazyModel(name, models))),
  }) as unknown as Prisma.TransactionClient;
}

type Models = Readonly<Record<string, Readonly<Record<string, (given: unknown) => unknown>>>>;

function lazyModel(model: string, models: () => Promise<Prisma.TransactionClient>): object {
  return new Proxy(
    {},
    {
      get: (_, action) =>
        isNoModel(action)
          ? undefined
          : async (given: unknown) => ((await models()) as unknown as Models)[model]?.[action]?.(given),
    },
  );
}

/** Whoever awaits a client, or prints it, asks for these. */
function isNoModel(name: string | symbol): name is symbol {
  return typeof name === "symbol" || name === "then" || name === "toJSON";
}

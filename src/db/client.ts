import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaClient } from "../generated/prisma/client.ts";
import { withJsonAgg } from "./json-agg.ts";
import { isRecorded } from "./prepared/recorder.ts";
import { Transactions } from "./transactions.ts";

export interface ClientOptions {
  /** Called with each SQL statement that it has run. */
  readonly onStatement?: ((sql: string) => void) | undefined;
  /** Whether nested rows come as json; true unless told. The rows are the same. */
  readonly jsonAgg?: boolean;
}

/** A Prisma client that logs nothing, and tells what a transaction that failed came to. */
export function createPrismaClient(
  factory: SqlDriverAdapterFactory,
  { onStatement, jsonAgg = true }: ClientOptions = {},
): PrismaClient {
  const transactions = new Transactions(jsonAgg ? withJsonAgg(factory) : factory, onStatement);
  const adapter = transactions.factory;
  if (onStatement === undefined) return transactions.runFor(new PrismaClient({ adapter }));
  const client = new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] });
  client.$on("query", ({ query, params }) => {
    if (!isRecorded(params)) onStatement(query);
  });
  return transactions.runFor(client);
}

import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaClient } from "../generated/prisma/client.ts";
import { tellOutcomes } from "./known-outcome.ts";

/**
 * A Prisma client that logs nothing, and tells what a transaction that failed came to.
 * @param onStatement is called with each SQL statement that it has run
 */
export function createPrismaClient(
  adapter: SqlDriverAdapterFactory,
  onStatement: ((sql: string) => void) | undefined,
): PrismaClient {
  if (onStatement === undefined) return tellOutcomes(new PrismaClient({ adapter }));
  const client = new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] });
  client.$on("query", (event) => onStatement(event.query));
  return tellOutcomes(client);
}

import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaClient } from "../generated/prisma/client.ts";
import { withJsonAgg } from "./json-agg.ts";

/** A Prisma client that logs nothing; `onStatement` is called with each SQL statement that it has run. */
export function createPrismaClient(
  factory: SqlDriverAdapterFactory,
  onStatement: ((sql: string) => void) | undefined,
  jsonAgg = true,
): PrismaClient {
  const adapter = jsonAgg ? withJsonAgg(factory) : factory;
  if (onStatement === undefined) return new PrismaClient({ adapter });
  const client = new PrismaClient({ adapter, log: [{ emit: "event", level: "query" }] });
  client.$on("query", (event) => onStatement(event.query));
  return client;
}

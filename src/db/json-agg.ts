import type { SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";

/**
 * A driver adapter whose reads build nested rows as json where Prisma would build jsonb. The text that arrives says the same
 * thing; json is written down as it is built, while jsonb is sorted into a tree and printed again at every level, which was
 * nearly half of PostgreSQL's time in a nested read.
 *
 * It changes the two functions of Prisma's own join statements and nothing else: those that do not have the column name that
 * only Prisma uses stay as they are, and Prisma sends all values as parameters, so no text of a client is in them.
 */
export function withJsonAgg(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = (query) => queryRaw({ ...query, sql: jsonAgg(query.sql) });
      return adapter;
    },
  };
}

/** A statement with json in the place of jsonb, if it is one of Prisma's joins. */
export function jsonAgg(sql: string): string {
  if (!sql.includes('"__prisma_data__"')) return sql;
  return sql.replaceAll("JSONB_AGG(", "JSON_AGG(").replaceAll("JSONB_BUILD_OBJECT(", "JSON_BUILD_OBJECT(");
}

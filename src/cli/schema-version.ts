import type { Database } from "../db/database.ts";

/**
 * The version of the schema that the database has, as its migrations wrote it down.
 * @throws when it has none: it is not ours, or its migrations were not applied.
 */
export async function schemaVersion({ prisma, location }: Database): Promise<string> {
  const rows = await prisma.$queryRaw<{ value: string }[]>`
    SELECT value FROM schema_meta WHERE key = 'schema_version'`;
  if (!rows[0])
    throw new Error(`${location} does not say which schema it has: schema_meta has no schema_version.`);
  return rows[0].value;
}

import pg from "pg";

/** Runs one statement on a connection of its own. CREATE and DROP DATABASE take no parameters and no transaction. */
export async function adminStatement(adminUrl: string | undefined, sql: string): Promise<void> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

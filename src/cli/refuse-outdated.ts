import type { Database } from "../db/database.ts";
import { pendingMigrations } from "../db/migrate.ts";

/**
 * For commands that only read: they leave it to others to change the database.
 * @throws when migrations are pending.
 */
export async function refuseOutdated(database: Database): Promise<void> {
  const pending = await pendingMigrations(database);
  if (pending.length === 0) return;
  throw new Error(
    `${database.location} is behind this program: not applied: ${pending.join(", ")}. Run: npx gatehouse migrate`,
  );
}

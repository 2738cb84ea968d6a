import { newMigration } from "../db/new-migration.ts";
import { run } from "./run.ts";

/** npm run migrate:new -- NAME: writes the migration that prisma/schema is ahead of the existing ones. */
await run(async () => {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || rest.length > 0) throw new Error("Usage: npm run migrate:new -- NAME");
  const directory = await newMigration(name, new Date());
  console.log(`wrote prisma/migrations/${directory}/migration.sql`);
});

import { missingMigration } from "../db/drift.ts";
import { run } from "./run.ts";

/** Fails when prisma/schema describes something that the migrations do not build, and prints the SQL in between. */
await run(async () => {
  const sql = await missingMigration();
  if (sql === null) return;
  throw new Error(`prisma/schema is ahead of prisma/migrations; run: npm run migrate:new -- NAME\n\n${sql}`);
});

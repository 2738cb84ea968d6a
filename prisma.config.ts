import { defineConfig } from "prisma/config";

// `prisma generate` would download the schema engine, which nothing here uses: migrations run on the
// WebAssembly engine (src/db/migrator.ts). Naming any existing file keeps the command offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema",
  migrations: { path: "prisma/migrations" },
});

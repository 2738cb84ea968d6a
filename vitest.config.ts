import { defineConfig } from "vitest/config";

export default defineConfig({
  // graphql has no `exports`: without this our sources would load its ES modules and Yoga its CommonJS ones,
  // and the two copies refuse each other's schemas. Plain node loads one.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // A process per file: an embedded database's WebAssembly memory is given back only when its process ends.
    pool: "forks",
    maxWorkers: 2,
    globalSetup: "tests/support/global-setup.ts",
    // Loading a copy of the database takes half a second, several of them at once on a busy machine more.
    hookTimeout: 30_000,
    testTimeout: 30_000,
    reporters: ["default", "./tests/support/skipped-reporter.ts"],
  },
});

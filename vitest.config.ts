import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { SAME_ON_BOTH_ENGINES } from "./tests/support/same-on-both-engines.ts";

// What Node makes of each module is kept for the next process, as in src/cli/compile-cache.ts.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("./node_modules/.cache/compiled", import.meta.url));

const onPostgres = process.env.TEST_ENGINE === "postgres";
const leftOut = onPostgres ? SAME_ON_BOTH_ENGINES.map((folder) => `${folder}/**`) : [];

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...leftOut],
    environment: "node",
    // Node runs the tests and the sources as it runs the product: it strips the types, and nothing is bundled.
    experimental: { viteModuleRunner: false, nodeLoader: false },
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

import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { NO_STATE } from "./tests/support/no-state.ts";
import { SAME_ON_BOTH_ENGINES } from "./tests/support/same-on-both-engines.ts";

// What Node makes of each module is kept for the next process, as in src/cli/compile-cache.ts.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("./node_modules/.cache/compiled", import.meta.url));

const inFolders = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);
const onPostgres = process.env.TEST_ENGINE === "postgres";
const leftOut = onPostgres ? inFolders(SAME_ON_BOTH_ENGINES) : [];

export default defineConfig({
  test: {
    environment: "node",
    // Node runs the tests and the sources as it runs the product: it strips the types, and nothing is bundled.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: "forks",
    maxWorkers: 2,
    // Loading a copy of the database takes half a second, several of them at once on a busy machine more.
    hookTimeout: 30_000,
    testTimeout: 30_000,
    reporters: ["default", "./tests/support/skipped-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: ["tests/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...inFolders(NO_STATE), ...leftOut],
          // A process per file: an embedded database's WebAssembly memory is given back only when its process ends.
          isolate: true,
          globalSetup: "tests/support/global-setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: inFolders(NO_STATE),
          exclude: [...configDefaults.exclude, ...leftOut],
          // They start no server and open no database: what a process loads for one file serves the next.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
    ],
  },
});

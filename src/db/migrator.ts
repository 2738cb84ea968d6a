import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { SchemaContainer, SchemaEngine } from "@prisma/schema-engine-wasm";
import { MigrationError } from "./migration-error.ts";
import { once } from "./once.ts";

/** No table and no enum is managed by somebody else. */
export const EVERYTHING = { externalTables: [], externalEnums: [] };

/**
 * Runs `use` with Prisma's schema engine, the one inside `prisma migrate`, as WebAssembly: no binary to download.
 * @throws MigrationError with the engine's own account of what went wrong.
 */
export async function withSchemaEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schema: readonly SchemaContainer[],
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const datamodels = schema.map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new(
    { datamodels },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  try {
    return await use(engine);
  } catch (error) {
    throw new MigrationError(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    engine.free();
    // The time limits that it has set itself, and does not need any more, would keep the process alive for seconds.
    for (const timer of timers) timer.unref();
    timers.clear();
  }
}

/** What the engine waits for, or has waited for: it does not clear what it does not need any more. */
const timers = new Set<NodeJS.Timeout>();

/** The engine's `setTimeout`, by the name that its compiler gave it. */
const SET_TIMEOUT = /^__wbg_setTimeout_/;

function setEngineTimeout(run: () => void, delayMs: number): NodeJS.Timeout {
  const timer = setTimeout(() => {
    timers.delete(timer);
    run();
  }, delayMs);
  timers.add(timer);
  return timer;
}

/** The package's own entry imports the .wasm file as a module, which Node cannot do without a flag. */
const loadEngine = once(async () => {
  const imports = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(join(dirname(glue), "schema_engine_bg.wasm"));
  // Where the engine panics it tells the reason here; the trap that follows says only "unreachable".
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: console.error } });
  const ours = Object.entries(imports).map(([name, given]) => [
    name,
    SET_TIMEOUT.test(name) ? setEngineTimeout : given,
  ]);
  const { instance } = await WebAssembly.instantiate(bytes, {
    "./schema_engine_bg.js": Object.fromEntries(ours),
  });
  imports.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return imports;
});

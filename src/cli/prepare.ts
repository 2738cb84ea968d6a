import { keepCompiledModules } from "./compile-cache.ts";
import { run } from "./run.ts";

/**
 * After the installation: does once what would otherwise hold up the first start. Compiles the server's modules, and makes
 * the files of an empty embedded database. The server works without.
 */
await run(async () => {
  keepCompiledModules();
  const { prepareCluster } = await import("../db/new-cluster.ts");
  await Promise.all([
    prepareCluster(),
    import("./program.ts"),
    import("./serve.ts"),
    import("../db/embedded.ts"),
    import("../db/migrator.ts"),
  ]);
});

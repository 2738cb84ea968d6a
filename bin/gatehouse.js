#!/usr/bin/env node
// Plain JavaScript, so that a Node that cannot run TypeScript gets as far as saying so.
if (!process.features.typescript) {
  console.error(
    `Gatehouse does not run on this Node (${process.version}). Run it as "npx gatehouse …", which finds its own.`,
  );
  process.exitCode = 1;
} else {
  const { keepCompiledModules } = await import("../src/cli/compile-cache.ts");
  keepCompiledModules();
  const { runProgram } = await import("../src/cli/program.ts");
  await runProgram(process.argv.slice(2));
}

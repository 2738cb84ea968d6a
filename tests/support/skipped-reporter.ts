import type { Reporter, TestModule } from "vitest/node";

/** Lists the skipped tests by name at the end: what was not tested must not look tested. FORBID_SKIPPED=1 fails the run. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => `${module.relativeModuleId} > ${test.fullName}`),
    );
    if (skipped.length === 0) return;
    console.log(`\nSkipped (${skipped.length}):\n${skipped.map((name) => `  ${name}`).join("\n")}`);
    if (process.env.FORBID_SKIPPED !== "1") return;
    console.error("FORBID_SKIPPED=1: a skipped test fails this run.");
    process.exitCode = 1;
  }
}

import { spawnSync } from "node:child_process";
import { readAudit } from "./audit-report.ts";
import { run } from "./run.ts";

/**
 * Fails when the registry knows of a vulnerability of high or critical severity in what package-lock.json installs. A
 * registry that does not answer is said loudly and is no failure: a check must pass on a machine without network.
 */
await run(async () => {
  // One attempt of 20 seconds: npm would otherwise go on for minutes.
  const args = ["audit", "--json", "--audit-level=high", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { stdout, error } = spawnSync("npm", args, { encoding: "utf8" });
  const outcome = readAudit(error ? error.message : stdout);
  switch (outcome.kind) {
    case "clean":
      return;
    case "vulnerable":
      throw new Error(
        `npm audit knows of vulnerabilities; see \`npm audit\`:\n  ${outcome.packages.join("\n  ")}`,
      );
    case "unanswered":
      process.stderr.write(
        `\n!! NOT CHECKED: npm audit had no answer from the registry: ${outcome.reason}\n` +
          "!! Whether a dependency has a known vulnerability is unknown. Run it where the registry answers.\n\n",
      );
  }
});

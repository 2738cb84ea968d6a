import { describe, expect, test, vi } from "vitest";
import { postgresPrograms } from "./harness/own-postgres.ts";
import { runRounds } from "./harness/rounds.ts";
import type { Engine, Target } from "./harness/world.ts";

vi.setConfig({ testTimeout: 240_000 });

const SEED = 20_261_121;
const ROUNDS = 2;

/** `npm run bench:recovery` runs the same with 100 rounds, everything that can be killed, and jobs of killed workers. */
const SHORT: [Engine, boolean, Target[]][] = [
  ["pglite", true, ["server"]],
  ["postgres", postgresPrograms() !== null, ["server", "database", "backend"]],
];

describe.each(SHORT)("kill -9 at random points under a mixed load on %s", (engine, available, targets) => {
  test.skipIf(!available)(
    "loses nothing that was acknowledged, leaves no gap, and gives each command one effect",
    async () => {
      const progress: string[] = [];
      const report = await runRounds({
        engine,
        targets,
        rounds: ROUNDS,
        seed: SEED,
        clients: 4,
        onProgress: (line) => progress.push(line),
      });
      expect(report.violations, progress.join("\n")).toEqual([]);
      expect(report.recoveries).toHaveLength(ROUNDS);
      expect(report.acknowledged).toBeGreaterThan(20);
      expect(report.retried).toBeGreaterThan(0);
      expect(report.generations + report.discussions).toBeGreaterThan(0);
    },
  );
});

// Where a start of the server goes: each phase by itself, in medians of several starts that take the kinds in turn: the first one
// ever, whose modules nobody has compiled; one after `npm ci`, which compiles them, on a new database with the demo
// project to make; and a later one on the database that is there. Then the same for the whole of `src/main.ts`, by what it says itself.
// Not measured: a machine whose disk has not read the files yet.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeEmptyPlace, type Settings } from "./support/place.ts";
import { printTable } from "./support/report.ts";
import { check, runBench, type Scope } from "./support/run-bench.ts";
import type { Phases } from "./support/start-process.ts";
import { median } from "./support/statistics.ts";

const STARTS = Number(process.env.BENCH_ROUNDS ?? 5);
const KINDS = [
  "nothing compiled, new database",
  "compiled, new database",
  "compiled, database there",
] as const;
const PROCESS = fileURLToPath(new URL("./support/start-process.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

await runBench("Where a start goes", measure, { limitMs: 600_000 });

async function measure(scope: Scope): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), "gatehouse-compiled-"));
  scope.defer(() => rmSync(cache, { recursive: true, force: true }));
  const found = KINDS.map((): Phases[] => []);
  const whole: number[][] = [[], []];
  // Fills the cache, and the disk's.
  await start(await makeEmptyPlace(scope), cache);
  for (let count = 0; count < STARTS; count += 1) {
    found[0]?.push(await start(await makeEmptyPlace(scope), ""));
    const place = await makeEmptyPlace(scope);
    found[1]?.push(await start(place, cache));
    found[2]?.push(await start(place, cache));
    const other = await makeEmptyPlace(scope);
    whole[0]?.push(await startMain(scope, other));
    whole[1]?.push(await startMain(scope, other));
  }
  const phases = Object.keys(found[0]?.[0] ?? {});
  const rows = phases.map((phase, at) => [
    phase,
    ...found.map((starts) =>
      median(
        starts.map(
          (ends) => (ends[phase] ?? Number.NaN) - (at === 0 ? 0 : (ends[phases[at - 1] ?? ""] ?? 0)),
        ),
      ),
    ),
  ]);
  const last = phases.at(-1) ?? "";
  const total = [
    "all of it",
    ...found.map((starts) => median(starts.map((ends) => ends[last] ?? Number.NaN))),
  ];
  printTable(["phase, ms (median)", ...KINDS], [...rows, total]);
  printTable(
    ["src/main.ts, ready after ms (median)", "new database", "database there"],
    [["with the demo project", median(whole[0] ?? []), median(whole[1] ?? [])]],
  );
}

function environment(settings: Settings): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOST: "127.0.0.1",
    PORT: "0",
    ...settings,
  };
}

async function start(settings: Settings, cache: string): Promise<Phases> {
  const child = fork(PROCESS, [cache], { env: environment(settings) });
  const ended = once(child, "exit");
  const told = once(child, "message") as Promise<[Phases]>;
  const early = ended.then(([code]) => Promise.reject(new Error(`A start ended with ${code}.`)));
  early.catch(() => {});
  const [phases] = await Promise.race([told, early]);
  const [code] = await ended;
  check(code === 0, `A server ended with ${code}.`);
  return phases;
}

/** @returns the milliseconds after which it says that it is ready */
async function startMain(scope: Scope, settings: Settings): Promise<number> {
  const child = spawn(process.execPath, [MAIN], {
    env: environment(settings),
    stdio: ["ignore", "pipe", "inherit"],
  });
  scope.defer(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    const ready = /"readyMs":(\d+)/.exec(line)?.[1];
    if (ready === undefined) continue;
    child.stdout.resume();
    child.kill("SIGTERM");
    const [code] = await ended;
    check(code === 0, `The server ended with ${code}.`);
    return Number(ready);
  }
  throw new Error("The server did not say that it is ready.");
}

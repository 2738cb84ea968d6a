import { inTime } from "../in-time.ts";

/** Resolves when the named thing works; rejects, with a reason that may be shown, when it does not. */
export type Probe = () => Promise<void>;

export interface Readiness {
  /** Whether requests should come here. */
  readonly ready: boolean;
  readonly status: "ready" | "degraded" | "not ready";
  /** `ok` or the reason why not, by name. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A probe that hangs is as bad as one that fails. */
const PROBE_TIMEOUT_MS = 2_000;

/** The same probes, of which each runs once at a time, however many ask: who may ask is not asked who they are. */
export function sharedProbes(probes: Readonly<Record<string, Probe>>): Readonly<Record<string, Probe>> {
  return Object.fromEntries(Object.entries(probes).map(([name, probe]) => [name, shared(probe)]));
}

function shared(probe: Probe): Probe {
  let running: Promise<void> | null = null;
  return () => {
    running ??= probe().finally(() => {
      running = null;
    });
    return running;
  };
}

/**
 * Runs every probe at once.
 * @param sideProbes of what the server can do without: where only these fail, it is degraded, and ready
 */
export async function checkReadiness(
  probes: Readonly<Record<string, Probe>>,
  sideProbes: Readonly<Record<string, Probe>>,
  draining: boolean,
): Promise<Readiness> {
  const [checks, sideChecks] = await Promise.all([runAll(probes), runAll(sideProbes)]);
  if (draining) checks.push(["server", "shutting down"]);
  const ready = checks.every(isOk);
  const status = !ready ? "not ready" : sideChecks.every(isOk) ? "ready" : "degraded";
  return { ready, status, checks: Object.fromEntries([...checks, ...sideChecks]) };
}

type Check = readonly [name: string, state: string];

function runAll(probes: Readonly<Record<string, Probe>>): Promise<Check[]> {
  return Promise.all(Object.entries(probes).map(async ([name, probe]) => [name, await run(probe)] as const));
}

function isOk([, state]: Check): boolean {
  return state === "ok";
}

function run(probe: Probe): Promise<string> {
  return inTime(probe(), PROBE_TIMEOUT_MS, `no answer within ${PROBE_TIMEOUT_MS} ms`).then(
    () => "ok",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

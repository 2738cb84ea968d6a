/** Resolves when the named thing works; rejects, with a reason that may be shown, when it does not. */
export type Probe = () => Promise<void>;

export interface Readiness {
  readonly ready: boolean;
  /** `ok` or the reason why not, by name. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A probe that hangs is as bad as one that fails. */
const PROBE_TIMEOUT_MS = 2_000;

/** Runs every probe at once. */
export async function checkReadiness(
  probes: Readonly<Record<string, Probe>>,
  draining: boolean,
): Promise<Readiness> {
  const checks = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await run(probe)] as const),
  );
  if (draining) checks.push(["server", "shutting down"]);
  return { ready: checks.every(([, state]) => state === "ok"), checks: Object.fromEntries(checks) };
}

async function run(probe: Probe): Promise<string> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timeout = setTimeout(() => resolve(`no answer within ${PROBE_TIMEOUT_MS} ms`), PROBE_TIMEOUT_MS);
  });
  const state = probe().then(
    () => "ok",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  try {
    return await Promise.race([state, late]);
  } finally {
    clearTimeout(timeout);
  }
}

import { setTimeout } from "node:timers/promises";
import { USUAL_STEPS } from "../../domain/run/state.ts";
import { ask, type Endpoint } from "../client/endpoint.ts";
import { endOfStep, type StepName } from "./build.ts";
import {
  CLAIM,
  type Claimed,
  COMPLETE_STEP,
  type Done,
  HEARTBEAT,
  MOVE,
  RECORD_ERROR,
  RELEASE,
  type RecordedError,
  START_STEP,
  type StartedStep,
} from "./operations.ts";

const LEASE_SECONDS = 30;
const OVER = new Set(["COMPLETED", "FAILED", "PARTIAL", "ABANDONED"]);

export interface AgentOptions {
  readonly endpoint: Endpoint;
  readonly runId: string;
  readonly name: string;
  /** How long a step takes, in seconds. */
  readonly pace: number;
  readonly chance: () => number;
  /** Resolves when something has happened in the run since the call before. */
  readonly changed: () => { next(): Promise<void> };
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What an agent holds while it works. */
interface Held {
  readonly workstreamId: string;
  readonly leaseToken: string;
}

/** The lease was lost, taken back or ended by a question: the workstream is somebody else's now. */
class WorkLost extends Error {
  override readonly name = "WorkLost";
}

/**
 * A simulated agent: it claims what is ready, does its steps, tells the server what it does and what went wrong, and waits
 * for what comes next, until the run has ended. What it does a real one does too, except for the work. When it is stopped,
 * it gives back what it holds. @returns how the run ended; null when it was stopped
 */
export async function workAsAgent(options: AgentOptions): Promise<string | null> {
  const { endpoint, runId, name, changed, say, signal } = options;
  while (!signal.aborted) {
    // Listened to before it asks: what becomes ready in between is not missed.
    const change = changed();
    const input = { runId, agent: name, leaseSeconds: LEASE_SECONDS };
    const { result } = await ask<Claimed>(endpoint, CLAIM, { input }, signal);
    if (result.message !== undefined) throw new Error(`The claim was refused: ${result.message}`);
    const { workstream, leaseToken, answer, run } = result;
    if (!workstream || !leaseToken) {
      if (run && OVER.has(run.status)) return run.status;
      await change.next();
      continue;
    }
    const held = { workstreamId: workstream.id, leaseToken };
    say(`${name} takes ${workstream.key}: ${workstream.title}`);
    if (answer)
      say(`${name} was told: ${[answer.founderDecision, answer.founderGuidance].filter(Boolean).join(", ")}`);
    await workOn(options, held, workstream.key, answer != null);
  }
  return null;
}

async function workOn(options: AgentOptions, held: Held, key: string, isAnswered: boolean): Promise<void> {
  const { endpoint, name, say, signal } = options;
  const over = new AbortController();
  const beating = keepAlive(options, held, over.signal);
  try {
    for (const [place, { name: step }] of USUAL_STEPS.entries()) {
      if (!(await doStep(options, held, key, step, isAnswered))) return;
      await move(options, held, USUAL_STEPS[place + 1]?.state ?? "DONE");
    }
    say(`${name} is done with ${key}`);
  } catch (error) {
    if (error instanceof WorkLost) say(`${name} lost ${key}: ${error.message}`);
    else if (!signal.aborted) throw error;
    // Stopped in the middle: whoever comes next need not wait until the lease expires.
    else await ask<Done>(endpoint, RELEASE, { input: held }, AbortSignal.timeout(5_000)).catch(() => {});
  } finally {
    over.abort();
    await beating;
  }
}

/** Tries a step until it succeeds; false when a person has to answer first, and the workstream is held no more. */
async function doStep(
  { endpoint, name, pace, chance, say, signal }: AgentOptions,
  held: Held,
  key: string,
  step: StepName,
  isAnswered: boolean,
): Promise<boolean> {
  for (;;) {
    const started = await ask<StartedStep>(endpoint, START_STEP, { input: { ...held, step } }, signal);
    const attemptId = mustHold(started).attempt?.id;
    await setTimeout(pace * (0.5 + chance()) * 1_000, null, { signal });
    const end = endOfStep(key, step, isAnswered, chance);
    const status = end.ok ? "SUCCESS" : "FAILURE";
    const completion = { attemptId, leaseToken: held.leaseToken, status };
    mustHold(await ask<Done>(endpoint, COMPLETE_STEP, { input: completion }, signal));
    if (end.ok) return true;
    const { errorCode, message } = end;
    const failure = { ...held, step, errorCode, message };
    const recorded = mustHold(await ask<RecordedError>(endpoint, RECORD_ERROR, { input: failure }, signal));
    say(`${name} fails at ${key}, ${step}: ${message.split("\n", 1)[0]}`);
    if (recorded.next !== "RETRY") return false;
    say(`${name} tries again, ${recorded.attempt} of ${recorded.maxAttempts}`);
  }
}

async function move({ endpoint, signal }: AgentOptions, held: Held, to: string): Promise<void> {
  mustHold(await ask<Done>(endpoint, MOVE, { input: { ...held, to } }, signal));
}

function mustHold<Result extends { readonly message?: string }>({
  result,
}: {
  readonly result: Result;
}): Result {
  if (result.message !== undefined) throw new WorkLost(result.message);
  return result;
}

/** Extends the lease three times in its time, as long as the work goes on. */
async function keepAlive({ endpoint, signal }: AgentOptions, held: Held, over: AbortSignal): Promise<void> {
  const both = AbortSignal.any([signal, over]);
  const input = { ...held, leaseSeconds: LEASE_SECONDS };
  try {
    for (;;) {
      await setTimeout((LEASE_SECONDS * 1_000) / 3, null, { signal: both });
      await ask<Done>(endpoint, HEARTBEAT, { input }, both);
    }
  } catch {
    // The work is over, or its next write will say why it cannot go on.
  }
}

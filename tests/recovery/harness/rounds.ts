import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../../support/random.ts";
import { askServer, Checker } from "./check.ts";
import { Client } from "./client.ts";
import { Gate } from "./gate.ts";
import { Ledger } from "./ledger.ts";
import { liveProject } from "./live.ts";
import { Program } from "./program.ts";
import { type Engine, makeWorld, TARGETS_OF, type Target, type World } from "./world.ts";

export interface RoundsOptions {
  readonly engine: Engine;
  readonly rounds: number;
  readonly seed: number;
  readonly clients: number;
  /** What is killed in a round; chance decides unless told. */
  readonly targets?: readonly Target[];
  /** Told of each round, and of what goes on after the last one. */
  readonly onProgress: (line: string) => void;
}

export interface Recovery {
  readonly target: Target;
  readonly readyMs: number;
}

export interface RoundsReport {
  /** What must not be; empty when everything held. */
  readonly violations: readonly string[];
  readonly recoveries: readonly Recovery[];
  readonly acknowledged: number;
  /** Writes that got their answer only by being sent again. */
  readonly retried: number;
  /** What failed tries were told, and how often. */
  readonly errors: Readonly<Record<string, number>>;
  readonly events: number;
  readonly generations: number;
  readonly discussions: number;
}

/** A job of a worker that died is taken up when its heartbeat has been missing for so long, and tried again later. */
const JOBS_LIMIT_MS = 6 * 60_000;
const JOBS_POLL_MS = 500;
const REPEATED_PER_ROUND = 3;

const VIEWER = "{ viewer { id } }";
const ENLARGE =
  "mutation ($input: SetPlanTierInput!) { setPlanTier(input: $input) { __typename ... on Error { message } } }";

/**
 * Lets clients write, kills something at a random point, starts it again, and compares what is there with what the clients
 * were told; then the next round. At the end the jobs have to be done, and `gatehouse verify` has the last word.
 */
export async function runRounds(options: RoundsOptions): Promise<RoundsReport> {
  const { engine, rounds, seed, onProgress } = options;
  const random = new Random(seed);
  const ledger = new Ledger();
  const checker = new Checker(ledger);
  const world = await makeWorld(engine, random, (line) => {
    // What is logged as unexpected was told to a client as a fault of the program, and an outage is none.
    if (line.includes('"msg":"unexpected error"')) ledger.violations.push(`The log says: ${line}`);
  });
  try {
    const sharedProjectId = await prepare(world.url, ledger);
    const beginning = new Gate();
    let wakeAt = Number.POSITIVE_INFINITY;
    let wake = () => {};
    const clients = Array.from(
      { length: options.clients },
      (_, index) =>
        new Client({
          name: `client ${index}`,
          ledger,
          random: new Random(seed * 1_000 + index),
          url: () => world.url,
          beginning,
          onAcknowledged: () => {
            if (ledger.acknowledged >= wakeAt) wake();
          },
        }),
    );
    let failure: unknown = null;
    const lives = clients.map((client) =>
      client
        .run((each, chance) => liveProject(each, chance, sharedProjectId))
        .catch((error: unknown) => {
          failure ??= error;
          wake();
        }),
    );

    const recoveries: Recovery[] = [];
    for (let round = 1; round <= rounds && failure === null; round += 1) {
      const target = random.pick<Target>(options.targets ?? TARGETS_OF[engine]);
      const enough = new Promise<void>((resolve) => {
        wake = resolve;
      });
      wakeAt = ledger.acknowledged + 10 + random.below(60);
      beginning.open();
      await enough;
      await delay(random.below(20));
      await world.kill(target);
      beginning.close();
      const readyMs = await world.recover(target);
      recoveries.push({ target, readyMs });
      // What was under way is asked again until it is answered; nothing else is begun until that is checked.
      while (failure === null && beginning.waiting < clients.length) await delay(2);
      if (failure !== null) break;
      await checker.check(world.url, ledger.takeTouched());
      for (let again = 0; again < REPEATED_PER_ROUND; again += 1) {
        await clients[0]?.repeat(random.pick(ledger.writes));
      }
      onProgress(
        `round ${round}: killed ${target}, ready after ${Math.round(readyMs)} ms; ` +
          `${ledger.acknowledged} acknowledged, ${ledger.violations.length} violations`,
      );
    }
    for (const client of clients) client.end();
    beginning.open();
    await Promise.all(lives);
    if (failure !== null) ledger.violations.push(`A client gave up: ${failure}`);

    const jobs = await conclude(world, checker, ledger, onProgress);
    return {
      violations: ledger.violations,
      recoveries,
      acknowledged: ledger.acknowledged,
      retried: ledger.retried,
      errors: Object.fromEntries(ledger.errors),
      events: checker.events,
      ...jobs,
    };
  } finally {
    await world.remove();
  }
}

/** Waits for the jobs, and holds everything that is there against everything that is known. */
async function conclude(
  world: World,
  checker: Checker,
  ledger: Ledger,
  onProgress: (line: string) => void,
): Promise<{ generations: number; discussions: number }> {
  onProgress("waiting for the jobs");
  const giveUpAt = performance.now() + JOBS_LIMIT_MS;
  let done = await checker.jobsAreDone(world.url);
  while (!done && performance.now() < giveUpAt) {
    await delay(JOBS_POLL_MS);
    done = await checker.jobsAreDone(world.url);
  }
  if (!done) ledger.violations.push(`Jobs were not done after ${JOBS_LIMIT_MS / 1_000} s`);
  onProgress("reading every log");
  await checker.check(world.url, ledger.projects);
  checker.checkEffects();
  const jobs = await checker.checkJobs(world.url);
  await world.stop();
  const { code, output } = await new Program(["verify", "--json"], world.settings).exit();
  if (code !== 0) ledger.violations.push(`gatehouse verify ended with ${code}: ${output}`);
  return jobs;
}

/** Puts the one user on the largest plan and makes the project that all clients write. */
async function prepare(url: string, ledger: Ledger): Promise<string> {
  const { viewer } = await askServer<{ viewer: { id: string } }>(url, VIEWER, {});
  await askServer(url, ENLARGE, { input: { userId: viewer.id, plan: "CTO_SCALE" } });
  const beginning = new Gate();
  beginning.open();
  const client = new Client({
    name: "the first client",
    ledger,
    random: new Random(0),
    url: () => url,
    beginning,
    onAcknowledged: () => {},
  });
  const { project } = await client.give("createProject", null, { name: `Shared ${randomUUID()}` });
  if (!project) throw new Error("A project that was created is there.");
  return project.id;
}

// Claims: 50 agents take every workstream of a place, through the API (HTTP, GraphQL, command, answer, log line) and by
// the command alone without a server; all in one project, whose row they take turns for, and spread over eight.
// Afterwards every workstream must have been claimed exactly once, and every log be whole.
// Not measured: the work itself, agents that wait, a network.

import type { Database } from "../src/db/database.ts";
import { encodeId } from "../src/schema/ids.ts";
import { verifyTimeline } from "../src/services/event/verify-timeline.ts";
import { claimWorkstream } from "../src/services/run/claim-workstream.ts";
import { createRun } from "../src/services/run/create-run.ts";
import { createProject } from "../src/services/stage/create-project.ts";
import { ApiClient } from "./support/api-client.ts";
import { type Founder, makeFounder } from "./support/founder.ts";
import { monotonicMs } from "./support/monotonic.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";

const AGENTS = 50;
const ROUNDS = 3;
const WORKSTREAMS = 200;
const RUNS = 8;

/** Claims the next workstream of a project for an agent: its id, or null when there is none. */
type Claim = (projectId: string, agent: string) => Promise<string | null>;

interface Claimer {
  readonly claim: Claim;
  close(): void;
}

interface Contender {
  readonly name: string;
  /** Anew for each round: a server closes connections that were idle while the others had their turn. */
  readonly open: () => Claimer;
  /** The projects of each round. */
  readonly rounds: readonly (readonly string[])[];
  readonly perSecond: number[];
  readonly times: number[];
}

const CLAIM = `mutation Claim($input: ClaimWorkstreamInput!) {
  claimWorkstream(input: $input) {
    __typename
    ... on ClaimWorkstreamSuccess { workstream { id key } leaseToken events { id } }
    ... on Error { message }
  }
}`;

interface ClaimData {
  readonly claimWorkstream: {
    readonly __typename: string;
    readonly workstream?: { readonly id: string } | null;
  };
}

await runBench("Claims", async (scope) => {
  const ours = await makePlace(scope);
  // The embedded database belongs to one process at a time, so what runs in this one has another.
  const theirs = ours.engine === "postgres" ? ours : await makePlace(scope);
  const seeding = await ours.open();
  const apiFounder = await makeFounder(seeding);
  const apiOne = await makeRounds(apiFounder, 1);
  const apiMany = await makeRounds(apiFounder, RUNS);
  await seeding.close();
  const local = await theirs.open();
  scope.defer(() => local.close());
  const founder = await makeFounder(local);
  const commandOne = await makeRounds(founder, 1);
  const commandMany = await makeRounds(founder, RUNS);

  const server = await startServer(scope, ours);
  const contenders: Contender[] = [
    {
      name: "API, one project",
      open: () => apiClaimer(server.url),
      rounds: apiOne,
      perSecond: [],
      times: [],
    },
    {
      name: "command alone, one project",
      open: () => commandClaimer(founder),
      rounds: commandOne,
      perSecond: [],
      times: [],
    },
    {
      name: `API, ${RUNS} projects`,
      open: () => apiClaimer(server.url),
      rounds: apiMany,
      perSecond: [],
      times: [],
    },
    {
      name: `command alone, ${RUNS} projects`,
      open: () => commandClaimer(founder),
      rounds: commandMany,
      perSecond: [],
      times: [],
    },
  ];
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { open, rounds, perSecond, times } of contenders) {
      const claimer = open();
      const driven = await claimAll(claimer.claim, rounds[round] ?? []);
      claimer.close();
      check(driven.claimed.length === WORKSTREAMS, `${driven.claimed.length} of ${WORKSTREAMS} were claimed`);
      check(new Set(driven.claimed).size === WORKSTREAMS, "A workstream was claimed twice");
      if (round === 0) continue;
      perSecond.push(driven.claimed.length / driven.seconds);
      times.push(...driven.times);
    }
  }
  await server.stop();

  const database = ours === theirs ? local : await ours.open();
  if (database !== local) scope.defer(() => database.close());
  await checkClaims(database, [...apiOne, ...apiMany].flat());
  await checkClaims(local, [...commandOne, ...commandMany].flat());

  printTable(
    ["claim", "agents", "rounds", "n", "claims per s (median)", "p50 ms", "p95 ms", "p99 ms"],
    contenders.map(({ name, perSecond, times }) => [
      name,
      AGENTS,
      ROUNDS,
      times.length,
      median(perSecond),
      ...[50, 95, 99].map((percent) => percentile(times, percent)),
    ]),
  );
  console.log("Every workstream was claimed exactly once, and every log is whole.\n");
  await printSetting(local);
});

/** For each round and the one before them, that many projects with 200 ready workstreams in eight runs between them. */
async function makeRounds(founder: Founder, projects: number): Promise<string[][]> {
  const { services, caller } = founder;
  const rounds: string[][] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ids: string[] = [];
    for (let index = 0; index < projects; index += 1) {
      ids.push((await createProject(services, caller(), { name: `Claims ${round}.${index}` })).id);
    }
    for (let run = 0; run < RUNS; run += 1) {
      const size = Math.floor(WORKSTREAMS / RUNS) + (run < WORKSTREAMS % RUNS ? 1 : 0);
      await createRun(services, caller(), {
        projectId: ids[run % projects] ?? "",
        title: `Run ${run}`,
        workstreams: Array.from({ length: size }, (_, index) => ({ key: `w${index}` })),
      });
    }
    rounds.push(ids);
  }
  return rounds;
}

function apiClaimer(url: string): Claimer {
  const client = new ApiClient(url, AGENTS);
  return {
    async claim(projectId, agent) {
      const input = { projectId: encodeId("project", projectId), agent };
      const { claimWorkstream: result } = await client.execute<ClaimData>(CLAIM, { input });
      if (result.__typename !== "ClaimWorkstreamSuccess") throw new Error(JSON.stringify(result));
      return result.workstream?.id ?? null;
    },
    close: () => client.close(),
  };
}

function commandClaimer({ services, caller }: Founder): Claimer {
  return {
    async claim(projectId, agent) {
      const given = { ...caller(), actor: "AGENT" } as const;
      const { id, part } = await claimWorkstream(services, given, { projectId, agent });
      return part === null ? null : id;
    },
    close() {},
  };
}

/** Lets the agents claim until their projects have nothing left. Times are in milliseconds. */
async function claimAll(claim: Claim, projects: readonly string[]) {
  const claimed: string[] = [];
  const times: number[] = [];
  const start = monotonicMs();
  await Promise.all(
    Array.from({ length: AGENTS }, async (_, agent) => {
      const projectId = projects[agent % projects.length] ?? "";
      for (;;) {
        const before = monotonicMs();
        const id = await claim(projectId, `agent-${agent}`);
        if (id === null) return;
        times.push(monotonicMs() - before);
        claimed.push(id);
      }
    }),
  );
  return { claimed, times, seconds: (monotonicMs() - start) / 1_000 };
}

/** @throws unless every workstream was claimed once, by the log too, and every log is whole */
async function checkClaims({ prisma }: Database, projects: readonly string[]): Promise<void> {
  for (const projectId of projects) {
    const all = await prisma.workstream.count({ where: { run: { projectId } } });
    const once = await prisma.workstream.count({
      where: { run: { projectId }, status: "EDITING", attempt: 1 },
    });
    const events = await prisma.event.count({ where: { projectId, type: "workstream_claimed" } });
    check(
      once === all && events === all,
      `Of ${all} workstreams ${once} were claimed once, with ${events} events`,
    );
    const report = await verifyTimeline(prisma, projectId);
    check(report?.fault === null, `The chain of project ${projectId} is broken: ${JSON.stringify(report)}`);
  }
}

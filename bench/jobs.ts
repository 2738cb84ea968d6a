// Jobs: the documents of many projects, written by the offline runner in worker processes that share a PostgreSQL database
// with whoever asks (pg-boss). From the first command to the last document, with one worker and with two. Afterwards every
// document must have been written exactly once, by the log too, and every job be done.
// Not measured: models, which take seconds where the offline runner takes a millisecond, the API, a network.

import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../src/db/database.ts";
import { createJobQueue, type JobQueue } from "../src/jobs/job-queue.ts";
import { createJobHandlers } from "../src/jobs/jobs.ts";
import { createOutbox } from "../src/jobs/outbox.ts";
import { createOfflineRunner } from "../src/llm/offline/offline-runner.ts";
import { systemTimer } from "../src/server/timer.ts";
import { generateArtifacts } from "../src/services/artifact/start-generation.ts";
import { verifyTimeline } from "../src/services/event/verify-timeline.ts";
import type { ModelServices } from "../src/services/services.ts";
import { createProject } from "../src/services/stage/create-project.ts";
import { type Founder, makeFounder } from "./support/founder.ts";
import { monotonicMs } from "./support/monotonic.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { median } from "./support/statistics.ts";
import { startWorker } from "./support/worker.ts";

const PROJECTS = 48;
const DOCUMENTS = 5;
const ROUNDS = 3;
const WORKERS = [1, 2];
const POLL_MS = 50;
const SILENT = { info() {}, warn() {}, error() {} };

interface Round {
  readonly workers: number;
  readonly seconds: number;
}

await runBench("Jobs", async (scope) => {
  const place = await makePlace(scope);
  check(place.engine === "postgres", "Workers share a server's database: set BENCH_DATABASE_URL.");
  const database = await place.open();
  scope.defer(() => database.close());
  const founder = await makeFounder(database);
  const queue = createJobQueue({ database, log: SILENT, onFinished: () => {} });
  scope.defer(() => queue.stop());
  const services = withJobs(founder, queue);
  await queue.startWithoutWorkers(createJobHandlers(services));

  const rounds: Round[] = [];
  const asked: string[] = [];
  // The first round of each warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const workers of WORKERS) {
      const projects = await makeProjects(founder, `Jobs ${round}.${workers}`);
      const running = await Promise.all(Array.from({ length: workers }, () => startWorker(scope, place)));
      const start = monotonicMs();
      for (const projectId of projects) {
        await generateArtifacts(services, founder.caller(), { projectId, force: false });
      }
      await untilWritten(database, projects);
      const seconds = (monotonicMs() - start) / 1_000;
      await Promise.all(running.map((worker) => worker.stop()));
      asked.push(...projects);
      if (round > 0) rounds.push({ workers, seconds });
    }
  }
  await checkDocuments(database, asked);

  printTable(
    [
      "worker processes",
      "rounds",
      "generations",
      "documents",
      "jobs per s (median)",
      "documents per s",
      "seconds",
    ],
    WORKERS.map((workers) => {
      const seconds = median(
        rounds.filter((round) => round.workers === workers).map((round) => round.seconds),
      );
      const documents = PROJECTS * DOCUMENTS;
      return [workers, ROUNDS, PROJECTS, documents, PROJECTS / seconds, documents / seconds, seconds];
    }),
  );
  console.log("Every document was written exactly once, every job is done, and every log is whole.\n");
  await printSetting(database);
});

function withJobs({ services }: Founder, queue: JobQueue): ModelServices {
  return {
    ...services,
    jobs: createOutbox(queue),
    runner: createOfflineRunner({ scenario: null }),
    wakeups: { publish() {}, publishDiscussion() {} },
    timer: systemTimer,
    documentTimeoutMs: 60_000,
  };
}

async function makeProjects({ services, caller }: Founder, name: string): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= PROJECTS; number += 1) {
    ids.push((await createProject(services, caller(), { name: `${name}.${number}` })).id);
  }
  return ids;
}

async function untilWritten({ prisma }: Database, projects: readonly string[]): Promise<void> {
  const where = { projectId: { in: [...projects] }, status: { not: "RUNNING" } };
  while ((await prisma.artifactGeneration.count({ where })) < projects.length) await delay(POLL_MS);
}

/** @throws unless each project has each document in its first version, by one event and one call, and no job is left */
async function checkDocuments({ prisma }: Database, projects: readonly string[]): Promise<void> {
  for (const projectId of projects) {
    const written = await prisma.artifact.count({
      where: { projectId, versionNumber: 1, attempt: 1, generationStatus: "IDLE" },
    });
    const events = await prisma.event.count({ where: { projectId, type: "artifact_generated" } });
    const ends = await prisma.event.count({ where: { projectId, type: "generation_ended" } });
    const calls = await prisma.usageLog.count({ where: { projectId, status: "SETTLED" } });
    const found = JSON.stringify({ written, events, ends, calls });
    const expected = { written: DOCUMENTS, events: DOCUMENTS, ends: 1, calls: DOCUMENTS };
    check(found === JSON.stringify(expected), `Of ${DOCUMENTS} documents of ${projectId}: ${found}`);
    const report = await verifyTimeline(prisma, projectId);
    check(report?.fault === null, `The chain of project ${projectId} is broken: ${JSON.stringify(report)}`);
  }
  const jobs = await prisma.$queryRaw<{ state: string; count: number }[]>`
    SELECT state::text, count(*)::int AS count FROM pgboss.job WHERE name = 'generate-artifacts' GROUP BY 1`;
  const done = JSON.stringify([{ state: "completed", count: projects.length }]);
  check(JSON.stringify(jobs) === done, `Of ${projects.length} jobs: ${JSON.stringify(jobs)}`);
}

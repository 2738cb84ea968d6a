import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Patience } from "../../src/db/bounded-pool.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { handleJob } from "../../src/jobs/job-handler.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { decodeId } from "../../src/schema/ids.ts";
import { ParkProject, UpdateProject } from "../api/support/commands.ts";
import { GenerateArtifacts, settled } from "../api/support/documents.ts";
import { Founder } from "../api/support/founder.ts";
import { Viewer } from "../api/support/queries.ts";
import { nextEvent, ProjectStream, untilOpen, ViewerStream } from "../api/support/streams.ts";
import { happenings, note, QUICK, recordLog } from "../jobs/support.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { makePostgres, type OwnPostgres, postgresPrograms, type StopMode } from "./harness/own-postgres.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const WRITERS = 4;

describe.skipIf(postgresPrograms() === null)("PostgreSQL", () => {
  let postgres: OwnPostgres;

  beforeAll(async () => {
    postgres = await makePostgres();
  });
  afterAll(() => postgres?.remove());
  beforeEach(async () => {
    await postgres.query("DROP DATABASE IF EXISTS gatehouse WITH (FORCE)");
    await postgres.query("CREATE DATABASE gatehouse");
  });

  async function open(patience: Partial<Patience> = {}, poolSize?: number): Promise<Database> {
    const size = poolSize === undefined ? {} : { poolSize };
    const database = await openDatabase({ databaseUrl: postgres.url, embeddedPath: "", patience, ...size });
    await migrate(database);
    return database;
  }

  test.each<[StopMode, string]>([
    ["fast", "restarted in order"],
    ["immediate", "restarted at once"],
    ["kill", "killed"],
  ])("%s: when it is %s, the server says so, comes back by itself, and nobody misses or repeats anything", async (mode) => {
    const database = await open();
    const { url } = await startApp({ database });
    const founder = new Founder({ url });
    const projectId = await founder.project();
    const { endCursor } = await founder.log(projectId);
    const streams: (() => Promise<{ sequence: number; type: string; detail: unknown }>)[] = [];
    for (const transport of TRANSPORTS) {
      const after = endCursor;
      const project = await subscribe(transport, url, ProjectStream, { projectId, after });
      const viewer = await subscribe(transport, url, ViewerStream, {});
      streams.push(
        () => nextEvent(project),
        () => nextEvent(viewer),
      );
    }
    await untilOpen(url, streams.length);

    let writing = true;
    const acknowledged = new Set<string>();
    const codes = new Set<unknown>();
    const write = async () => {
      while (writing) {
        const input = { projectId, name: randomUUID(), idempotencyKey: randomUUID() };
        for (;;) {
          const { status, data, errors } = await send(url, UpdateProject, { input });
          if (data) break;
          expect(status).toBe(503);
          codes.add(errors?.[0]?.extensions?.code);
          await postgresIsBack;
        }
        acknowledged.add(input.name);
      }
    };
    const back = Promise.withResolvers<void>();
    const postgresIsBack = back.promise;
    const writers = Promise.all(Array.from({ length: WRITERS }, write));
    await expect.poll(() => acknowledged.size, { interval: 5, timeout: 30_000 }).toBeGreaterThan(20);

    await postgres.stop(mode);
    const health = await fetch(`${url}/health/ready`);
    expect(health.status).toBe(503);
    const { checks } = (await health.json()) as { checks: Record<string, string> };
    expect(checks.database).toBe("the database does not answer");
    // Many at once, several times: each is answered, and with nothing of the database's own words.
    for (let again = 0; again < 3; again += 1) {
      for (const reply of await Promise.all(Array.from({ length: 20 }, () => send(url, Viewer, {})))) {
        expect(reply.status).toBe(503);
        expect(reply.errors).toMatchObject([{ extensions: { code: "DATABASE_UNAVAILABLE" } }]);
        expect(JSON.stringify(reply)).not.toMatch(/prisma|select|stack|\.ts|127\.0\.0\.1|terminat/i);
      }
    }
    const overSocket = await subscribe("WebSocket", url, Viewer, {});
    expect(await overSocket.next()).toMatchObject({
      errors: [{ extensions: { code: "DATABASE_UNAVAILABLE" } }],
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);

    await postgres.start();
    await expect
      .poll(async () => (await fetch(`${url}/health/ready`)).status, { interval: 20, timeout: 30_000 })
      .toBe(200);
    back.resolve();
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size, { interval: 5, timeout: 30_000 }).toBeGreaterThan(before + 20);
    writing = false;
    await writers;
    expect([...codes].every((code) => code === "DATABASE_UNAVAILABLE" || code === "OUTCOME_UNKNOWN")).toBe(
      true,
    );

    await founder.succeed(ParkProject, { projectId });
    for (const next of streams) {
      const names: string[] = [];
      for (let sequence = 2; ; sequence += 1) {
        const event = await next();
        expect(event.sequence).toBe(sequence);
        if (event.type === "park") break;
        names.push((event.detail as { name: string }).name);
      }
      expect(names.toSorted()).toEqual([...acknowledged].sort());
    }
    const { verification } = await founder.log(projectId);
    expect(verification).toMatchObject({ ok: true, checked: acknowledged.size + 2 });

    // The job queue has its own connections, and its workers poll.
    const generating = await founder.project();
    await founder.succeed(GenerateArtifacts, { projectId: generating });
    expect((await settled(founder, generating)).artifactGeneration).toMatchObject({ status: "COMPLETED" });
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const { pool } = database.driver;
    await expect.poll(() => [pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
  });

  /** Holds the lock of a project's row until it is told to let go. */
  async function lockProject(projectId: string): Promise<() => Promise<unknown>> {
    const holder = new pg.Client(postgres.url);
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM project WHERE id = $1 FOR UPDATE", [
      decodeId("project", projectId, "projectId"),
    ]);
    return () => holder.query("COMMIT");
  }

  const rename = (url: string, projectId: string, name: string) =>
    send(url, UpdateProject, { input: { projectId, name, idempotencyKey: name } });

  test("that lets a statement wait for a lock too long is told apart from a fault, and nothing is stored", async () => {
    const { url } = await startApp({ database: await open({ statementMs: 300 }), parts: ["api"] });
    const founder = new Founder({ url });
    const projectId = await founder.project();
    const release = await lockProject(projectId);
    const refused = await rename(url, projectId, "late");
    expect(refused).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: "DATABASE_UNAVAILABLE" } }],
    });
    await release();
    expect((await founder.log(projectId)).count).toBe(1);
    expect(await rename(url, projectId, "late")).toMatchObject({ status: 200 });
    expect((await founder.log(projectId)).count).toBe(2);
  });

  test("whose connections are all taken: who waits too long or in vain is told so, and the others are served", async () => {
    const patience = { connectMs: 500, maxWaiting: 4 };
    const { url } = await startApp({ database: await open(patience, 2), parts: ["api"] });
    const founder = new Founder({ url });
    const projectId = await founder.project();
    const release = await lockProject(projectId);
    const holders = ["one", "two"].map((name) => rename(url, projectId, name));
    await untilWaitingForLock(2);
    const replies = await Promise.all(Array.from({ length: 20 }, () => send(url, Viewer, {})));
    for (const reply of replies) {
      expect(reply).toMatchObject({
        status: 503,
        errors: [{ extensions: { code: "DATABASE_UNAVAILABLE" } }],
      });
    }
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    await release();
    for (const reply of await Promise.all(holders)) expect(reply.status).toBe(200);
    expect((await founder.log(projectId)).count).toBe(3);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  async function untilWaitingForLock(count: number): Promise<void> {
    const waiting = async () => {
      const [row] = await postgres.query<{ count: number }>(
        "SELECT count(*)::int FROM pg_stat_activity WHERE datname = 'gatehouse' AND wait_event_type = 'Lock'",
      );
      return row?.count;
    };
    await expect.poll(waiting, { interval: 10, timeout: 10_000 }).toBe(count);
  }

  test("that has gone without a word: its connections are cut, and new ones are made", async () => {
    const { url } = await startApp({ database: await open({ answerMs: 500 }), parts: ["api"] });
    const founder = new Founder({ url });
    const projectId = await founder.project();
    const stopped = await postgres.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = 'gatehouse' AND application_name = ''",
    );
    expect(stopped.length).toBeGreaterThan(0);
    for (const { pid } of stopped) process.kill(pid, "SIGSTOP");
    onTestFinished(() => {
      for (const { pid } of stopped) process.kill(pid, "SIGCONT");
    });
    const replies = await Promise.all(stopped.map(() => send(url, Viewer, {})));
    const codes = replies.map(({ errors }) => errors?.[0]?.extensions?.code);
    expect(codes).toContain("DATABASE_UNAVAILABLE");
    await expect.poll(async () => (await send(url, Viewer, {})).status, { timeout: 20_000 }).toBe(200);
    expect((await rename(url, projectId, "after")).status).toBe(200);
  });

  test("that goes while the job queue starts: the queue starts when it is back", async () => {
    const database = await open();
    const { lines, log } = recordLog();
    const ran = happenings<number>();
    const queue = createJobQueue({ database, log, cadence: QUICK, onFinished: () => {} });
    onTestFinished(async () => {
      await queue.stop();
      await database.close();
    });
    await postgres.stop("immediate");
    const started = queue.start([handleJob(note, async ({ data }) => ran.add(data.n))]);
    await expect
      .poll(() => lines.map(({ message }) => message), { timeout: 20_000 })
      .toContain("the job queue could not start without the database: it tries again");
    await postgres.start();
    await started;
    await queue.enqueue(note, { n: 7 });
    await ran.until((all) => all.includes(7));
  });
});

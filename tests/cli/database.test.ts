import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { migrationNames } from "../../src/db/migration-files.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { Founder } from "../api/support/founder.ts";
import { TransitionRun } from "../api/support/run-commands.ts";
import { newPlace, STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "../recovery/support/server.ts";
import { startApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { type Exit, gatehouse } from "../support/process.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

/** What it printed as JSON; it has ended well. */
function printed({ code, stdout, stderr }: Exit) {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** Why it failed, in one line. */
function refusal({ code, stdout, stderr }: Exit): string {
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.trim().split("\n")).toHaveLength(1);
  return stderr;
}

/** A run with a workstream that is done, one that waits for an agent, and one that waits for that. */
async function makeRun(url: string): Promise<void> {
  const founder = new Founder({ url });
  const projectId = await founder.project();
  const runId = await createRun(founder, projectId, plan("a", "b: a", "c: b"));
  await new Agent(founder).work(runId);
}

const AFTER_THAT = {
  schemaVersion: "1",
  projects: 1,
  runs: { total: 1, byStatus: { PENDING: 0, RUNNING: 1, COMPLETED: 0 } },
  workstreams: { total: 3, byStatus: { DONE: 1, READY: 1, PENDING: 1, FAILED: 0 } },
  stepAttempts: 0,
  errors: { kinds: 0, occurrences: 0 },
  events: { byType: { project_created: 1, run_created: 1, workstream_claimed: 1 } },
};

describe("init-db", () => {
  test("twice at once makes one database, and both say where and what it is; then it is up to date", async () => {
    const place = newPlace();
    const runs = await Promise.all([1, 2].map(() => gatehouse(["init-db"], { PIPELINE_DB_PATH: place })));
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(place);
      expect(stdout).toMatch(/^Schema version +1$/m);
    }
    const states = runs.map(({ stdout }) => /^State +(.*)$/m.exec(stdout)?.[1]);
    expect(states.sort()).toEqual(["fresh: made now", "up to date"]);
    expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);
    expect(printed(await gatehouse(["init-db", "--json"], { PIPELINE_DB_PATH: place }))).toEqual({
      database: place,
      schemaVersion: "1",
      state: "up to date",
      applied: [],
    });
  });

  test("is refused at once where a program that is no command holds the database", async () => {
    const place = migratedPlace();
    const database = await openDatabase({ embeddedPath: place });
    onTestFinished(() => database.close());
    // Nobody has said what this process is, and how long it will stay.
    expect(refusal(await gatehouse(["init-db"], { PIPELINE_DB_PATH: place }))).toContain(
      `in use by process ${process.pid}`,
    );
  });
});

describe("db-inspect", () => {
  test("counts runs and workstreams by status and events by type, for people and for programs", async () => {
    const embeddedPath = migratedPlace();
    const app = await startApp({ database: await openDatabase({ embeddedPath }) });
    await makeRun(app.url);
    await app.stop();
    const env = { PIPELINE_DB_PATH: embeddedPath };
    const inspection = printed(await gatehouse(["db-inspect", "--json"], env));
    expect(inspection).toMatchObject({ database: embeddedPath, engine: "pglite", ...AFTER_THAT });
    expect(inspection.sizeBytes).toBeGreaterThan(1e6);
    expect(inspection.events.total).toBe(
      Object.values<number>(inspection.events.byType).reduce((a, b) => a + b),
    );

    const { code, stdout } = await gatehouse(["db-inspect"], env);
    expect(code).toBe(0);
    for (const row of [/^RUNNING +1$/m, /^DONE +1$/m, /^run_created +1$/m, /^Schema version +1$/m]) {
      expect(stdout).toMatch(row);
    }
  });

  test.skipIf(!postgresAvailable)("does the same on PostgreSQL, beside a server", async () => {
    const database = await createPostgresTestDatabase();
    const app = await startApp({ database });
    await makeRun(app.url);
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const env = { DATABASE_URL: database.driver.connectionString };
    expect(printed(await gatehouse(["db-inspect", "--json"], env))).toMatchObject({
      engine: "postgres",
      ...AFTER_THAT,
    });
  });

  test("makes nothing where there is no database", async () => {
    const place = newPlace();
    const env = { PIPELINE_DB_PATH: place };
    expect(refusal(await gatehouse(["db-inspect"], env))).toContain("npx gatehouse init-db");
    expect(existsSync(place)).toBe(false);
  });

  test("refuses a database that is behind, and says what to do", async () => {
    const place = migratedPlace();
    const newest = migrationNames().at(-1);
    const database = await openDatabase({ embeddedPath: place });
    await database.prisma.$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name = ${newest}`;
    await database.close();
    const message = refusal(await gatehouse(["db-inspect"], { PIPELINE_DB_PATH: place }));
    expect(message).toContain(newest);
    expect(message).toContain("npx gatehouse migrate");
  });
});

test("while a server holds the database, commands say so, and what they say to do instead works", async () => {
  const place = migratedPlace();
  const server = startServer({ PIPELINE_DB_PATH: place });
  const { url } = await server.ready();
  // Not the server's port: commands are given another environment than the server more often than not.
  const env = { PIPELINE_DB_PATH: place };
  for (const command of ["init-db", "migrate", "db-inspect", "verify"]) {
    const message = refusal(await gatehouse([command], env));
    expect(message).toContain(`${place} is held by the server with pid ${server.pid}; `);
    const [, address = "", body] = /ask it instead: curl (\S+)(?:.* -d '(.*)')?\n$/.exec(message) ?? [];
    expect(address).toContain(url);
    const headers = { "content-type": "application/json" };
    const response = await fetch(address, body === undefined ? {} : { method: "POST", headers, body });
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty(body === undefined ? "status" : "data");
  }
  // Commands that ask a server ask this one unless told.
  const founder = new Founder({ url });
  const runId = await createRun(founder, await founder.project(), plan("a"));
  await founder.succeed(TransitionRun, { runId, to: "ABANDONED" });
  const { stdout } = await gatehouse(["watch", runId, "--from-start"], env);
  expect(stdout).toContain("run_created");
});

test("what a killed server left behind does not send commands to it", async () => {
  const place = migratedPlace();
  const server = startServer({ PIPELINE_DB_PATH: place });
  const { url } = await server.ready();
  await server.end("SIGKILL");
  const leftBehind = JSON.parse(readFileSync(`${realpathSync(place)}.server.json`, "utf8"));
  expect(leftBehind).toEqual({ pid: server.pid, url });
  const next = startServer({ PIPELINE_DB_PATH: place });
  const { url: nextUrl } = await next.ready();
  expect(refusal(await gatehouse(["verify"], { PIPELINE_DB_PATH: place }))).toContain(nextUrl);
  await next.end("SIGTERM");
  expect(existsSync(`${realpathSync(place)}.server.json`)).toBe(false);
});

describe("verify", () => {
  test("of one project walks that log, and knows no other", async () => {
    const embeddedPath = migratedPlace();
    const app = await startApp({ database: await openDatabase({ embeddedPath }) });
    const founder = new Founder(app);
    const projectId = await founder.project();
    await founder.project();
    await app.stop();
    const env = { PIPELINE_DB_PATH: embeddedPath };
    expect(printed(await gatehouse(["verify", projectId, "--json"], env))).toEqual({
      logs: 1,
      whole: 1,
      faults: [],
    });
    const unknown = "project_01k8000000e008000000000009";
    expect(refusal(await gatehouse(["verify", unknown], env))).toContain(`There is no project ${unknown}`);
  });
});

import { describe, expect, inject, onTestFinished, test } from "vitest";
import { unmetSettings } from "../../src/db/connection-options.ts";
import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { openPostgres } from "../../src/db/postgres.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { UpdateProject } from "../api/support/commands.ts";
import { GenerateArtifacts, settled } from "../api/support/documents.ts";
import { Founder } from "../api/support/founder.ts";
import { recordLog } from "../jobs/support.ts";
import { startApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { asAdmin, databaseName, databaseUrl } from "../support/postgres-server.ts";

/** An empty database that is gone after the test. @param options as CREATE DATABASE takes them */
async function makeDatabase(options = "", name = newName()): Promise<string> {
  await asAdmin(`CREATE DATABASE ${name} ${options}`);
  onTestFinished(() => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return name;
}

function newName(): string {
  const run = inject("postgresRun");
  if (run === null) throw new Error("TEST_POSTGRES_URL is not set: this test needs a PostgreSQL server.");
  return databaseName(run);
}

async function openMigrated(url: string): Promise<Database> {
  const database = await openPostgres(url);
  await migrate(database);
  return database;
}

describe.skipIf(!postgresAvailable)("a PostgreSQL database (needs TEST_POSTGRES_URL)", () => {
  test.each([
    ["default_transaction_isolation", "'serializable'"],
    ["default_transaction_isolation", "'repeatable read'"],
    ["default_transaction_read_only", "on"],
    ["DateStyle", "'German'"],
    ["DateStyle", "'SQL, DMY'"],
    ["TimeZone", "'Asia/Kathmandu'"],
    ["IntervalStyle", "'sql_standard'"],
    ["search_path", "'elsewhere, public'"],
    ["standard_conforming_strings", "off"],
    ["bytea_output", "'escape'"],
    ["extra_float_digits", "-15"],
    ["client_encoding", "'LATIN1'"],
  ])("with %s = %s by default serves as any other: commands at once, times, any script", async (name, value) => {
    const database = await makeDatabase();
    await asAdmin(`ALTER DATABASE ${database} SET ${name} = ${value}`);
    const app = await startApp({ database: await openMigrated(databaseUrl(database)) });
    const founder = new Founder(app);
    const projectId = await founder.project();
    const names = Array.from({ length: 20 }, (_, at) => `Žluťoučký kůň 漢字 ${at}`);
    await Promise.all(names.map((name) => founder.succeed(UpdateProject, { projectId, name })));
    const { events } = await founder.log(projectId);
    expect(events.flatMap(({ detail }) => (detail as { name?: string }).name ?? [])).toEqual(
      expect.arrayContaining(names),
    );
    for (const { createdAt } of events) expect(createdAt).toBe(app.clock.now().toISOString());
  });

  test("is used with the program's settings whatever the URL's options say", async () => {
    const database = await makeDatabase();
    const url = new URL(databaseUrl(database));
    url.searchParams.set("options", "-c DateStyle=German -c TimeZone=Asia/Kathmandu -c work_mem=5MB");
    const opened = await openPostgres(url.href);
    onTestFinished(() => opened.close());
    if (opened.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const { pool } = opened.driver;
    expect(await unmetSettings((sql) => pool.query(sql))).toBeNull();
    expect((await pool.query("SHOW work_mem")).rows).toEqual([{ work_mem: "5MB" }]);
  });

  test.each([
    ["LATIN1", "LC_COLLATE 'C' LC_CTYPE 'C'"],
    ["SQL_ASCII", "LC_COLLATE 'C' LC_CTYPE 'C'"],
  ])("with the encoding %s is refused in one line that says what to do", async (encoding, locale) => {
    const database = await makeDatabase(`ENCODING '${encoding}' ${locale} TEMPLATE template0`);
    await expect(openPostgres(databaseUrl(database))).rejects.toThrow(
      new RegExp(`has the encoding ${encoding}, which cannot hold every text\\. .*createdb --encoding UTF8`),
    );
  });

  test("whose connections do not have the settings is refused by the setting's name", async () => {
    const answer = { server_encoding: "UTF8", client_encoding: "UTF8", session_replication_role: "origin" };
    const dropped = async () => ({ rows: [{ ...answer, TimeZone: "Europe/Prague" }] });
    expect(await unmetSettings(dropped)).toMatch(/TimeZone = "Europe\/Prague" and needs "UTC".*ALTER ROLE/);
  });

  test("two transactions that lock rows in opposite order are both carried out", async () => {
    const database = await createPostgresTestDatabase();
    onTestFinished(() => database.close());
    const { prisma } = database;
    const tier = { rank: 1, name: "", description: "", maxProjects: 1, tokensPerDay: 1 };
    await prisma.planTier.createMany({
      data: [
        { ...tier, plan: "PARTNER" },
        { ...tier, plan: "CTO_SCALE", rank: 2 },
      ],
    });
    const bothHold = Promise.withResolvers<void>();
    let holding = 0;
    let tries = 0;
    const limits = { maxWait: 20_000, timeout: 20_000 };
    const raise = (first: string, second: string) =>
      prisma.$transaction(async (tx) => {
        tries += 1;
        await tx.$executeRaw`UPDATE plan_tier SET max_projects = max_projects + 1 WHERE plan = ${first}`;
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        await tx.$executeRaw`UPDATE plan_tier SET max_projects = max_projects + 1 WHERE plan = ${second}`;
      }, limits);
    await Promise.all([raise("PARTNER", "CTO_SCALE"), raise("CTO_SCALE", "PARTNER")]);
    expect(tries).toBe(3);
    expect(await prisma.planTier.findMany({ select: { maxProjects: true } })).toEqual([
      { maxProjects: 3 },
      { maxProjects: 3 },
    ]);
  });
});

describe.skipIf(!postgresAvailable)(
  "a role that owns nothing but the schema public (needs TEST_POSTGRES_URL)",
  () => {
    async function makeRole(): Promise<{ url: string; database: string; role: string }> {
      const name = newName();
      const role = `${name}_app`;
      await asAdmin(`CREATE ROLE ${role} LOGIN`);
      // After the database, which what the role owns is in.
      onTestFinished(() => asAdmin(`DROP ROLE ${role}`));
      const database = await makeDatabase("", name);
      const url = new URL(databaseUrl(database));
      const admin = await openPostgres(url.href);
      await admin.prisma.$executeRawUnsafe(`GRANT CREATE, USAGE ON SCHEMA public TO ${role}`);
      await admin.close();
      url.username = role;
      return { url: url.href, database, role };
    }

    test("without the right to make the queue's schema serves, degraded, and is told the right that is missing", async () => {
      const { url, role, database } = await makeRole();
      const recorded = recordLog();
      const opened = await openMigrated(url);
      onTestFinished(() => opened.close());
      const queue = createJobQueue({ database: opened, log: recorded.log, onFinished() {} });
      await queue.check();
      const hint = new RegExp(
        `CREATE SCHEMA pgboss AUTHORIZATION ${role}; or: GRANT CREATE ON DATABASE ${database}`,
      );
      await expect(queue.start([])).rejects.toThrow(hint);
      await expect(queue.check()).rejects.toThrow(hint);
      await expect(queue.ready()).rejects.toThrow(hint);
      await queue.stop();

      const app = await startApp({ database: await openPostgres(url) });
      const health = async () => (await fetch(`${app.url}/health/ready`)).json();
      await expect
        .poll(health)
        .toMatchObject({ status: "degraded", checks: { jobs: expect.stringMatching(hint) } });
      await new Founder(app).project();
    });

    test.each([
      ["no rights in the queue's schema", [], "may not use the job queue's schema"],
      ["the use of the schema and not of its tables", ["USAGE ON SCHEMA pgboss"], "may not use"],
      ["the right to make tables and not to use them", ["CREATE ON SCHEMA pgboss"], "may not use"],
      [
        "the right to read tables and not to write them",
        ["ALL ON SCHEMA pgboss", "SELECT ON ALL TABLES IN SCHEMA pgboss"],
        "its tables",
      ],
    ] as const)("with %s is told so at the start", async (_, rights, said) => {
      const { url, database, role } = await makeRole();
      const admin = await openMigrated(databaseUrl(database));
      onTestFinished(() => admin.close());
      const owners = createJobQueue({ database: admin, log: recordLog().log, onFinished() {} });
      await owners.start([]);
      await owners.stop();
      for (const right of rights) await admin.prisma.$executeRawUnsafe(`GRANT ${right} TO ${role}`);
      const opened = await openPostgres(url);
      onTestFinished(() => opened.close());
      const queue = createJobQueue({ database: opened, log: recordLog().log, onFinished() {} });
      onTestFinished(() => queue.stop());
      await expect(queue.start([])).rejects.toThrow(
        new RegExp(`${role} .*${said}.*GRANT ALL ON SCHEMA pgboss`),
      );
    });

    test("that is given by hand what the start asks for has all that it needs", async () => {
      const { url, database } = await makeRole();
      const admin = await openPostgres(databaseUrl(database));
      onTestFinished(() => admin.close());
      const owners = createJobQueue({ database: admin, log: recordLog().log, onFinished() {} });
      await owners.start([]);
      await owners.stop();
      const opened = await openMigrated(url);
      const asking = createJobQueue({ database: opened, log: recordLog().log, onFinished() {} });
      const told = await asking.start([]).catch((error: Error) => error.message);
      await asking.stop();
      const grants = /Run once, then restart: (.+)$/.exec(String(told))?.[1]?.split("; ") ?? [];
      expect(grants).toHaveLength(2);
      for (const grant of grants) await admin.prisma.$executeRawUnsafe(grant);
      const app = await startApp({ database: opened });
      const founder = new Founder(app);
      const projectId = await founder.project();
      await founder.succeed(GenerateArtifacts, { projectId });
      expect((await settled(founder, projectId)).artifactGeneration).toMatchObject({ status: "COMPLETED" });
    });

    test("that loses the queue's rights, or the queue, while the server runs makes it degraded until they are back", async () => {
      const { url, role, database } = await makeRole();
      const admin = await openPostgres(databaseUrl(database));
      onTestFinished(() => admin.close());
      await admin.prisma.$executeRawUnsafe(`CREATE SCHEMA pgboss AUTHORIZATION ${role}`);
      const app = await startApp({ database: await openMigrated(url) });
      const founder = new Founder(app);
      const projectId = await founder.project();
      await founder.succeed(GenerateArtifacts, { projectId });
      await settled(founder, projectId);
      const health = async () => (await fetch(`${app.url}/health/ready`)).json();
      expect(await health()).toMatchObject({ status: "ready", checks: { jobs: "ok" } });

      await admin.prisma.$executeRawUnsafe(`REVOKE ALL ON SCHEMA pgboss FROM ${role}`);
      const jobs = expect.stringMatching(/may not use the job queue's schema.*GRANT ALL ON SCHEMA pgboss/);
      expect(await health()).toMatchObject({ status: "degraded", checks: { database: "ok", jobs } });
      await admin.prisma.$executeRawUnsafe(`GRANT ALL ON SCHEMA pgboss TO ${role}`);
      expect(await health()).toMatchObject({ status: "ready" });

      await admin.prisma.$executeRawUnsafe("ALTER SCHEMA pgboss RENAME TO elsewhere");
      const mayNotMake = expect.stringMatching(/may not make the job queue's schema/);
      expect(await health()).toMatchObject({ status: "degraded", checks: { jobs: mayNotMake } });
      await admin.prisma.$executeRawUnsafe(`GRANT CREATE ON DATABASE ${database} TO ${role}`);
      const gone = "the job queue's schema pgboss is gone: restart to make it again";
      expect(await health()).toMatchObject({ status: "degraded", checks: { jobs: gone } });
      await admin.prisma.$executeRawUnsafe("ALTER SCHEMA elsewhere RENAME TO pgboss");
      expect(await health()).toMatchObject({ status: "ready" });
    });

    test("with the schema made for it has all that it needs", async () => {
      const { url, role, database } = await makeRole();
      const admin = await openPostgres(databaseUrl(database));
      await admin.prisma.$executeRawUnsafe(`CREATE SCHEMA pgboss AUTHORIZATION ${role}`);
      await admin.close();
      const app = await startApp({ database: await openMigrated(url) });
      const founder = new Founder(app);
      const projectId = await founder.project();
      await founder.succeed(GenerateArtifacts, { projectId });
      expect((await settled(founder, projectId)).artifactGeneration).toMatchObject({ status: "COMPLETED" });
      expect(await (await fetch(`${app.url}/health/ready`)).json()).toMatchObject({ status: "ready" });
    });
  },
);

import { appendFileSync, existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { Founder } from "../api/support/founder.ts";
import { Viewer } from "../api/support/queries.ts";
import { startApp } from "../support/app.ts";
import { startChild } from "../support/child.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { asAdmin, databaseUrl } from "../support/postgres-server.ts";
import { gatehouse } from "../support/process.ts";
import { newPlace, STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

/** The one project of the development user, and its log. */
async function demo(url: string) {
  const founder = new Founder({ url });
  const { viewer } = await founder.read(Viewer, {});
  expect(viewer.projects.totalCount).toBe(1);
  const [project] = viewer.projects.nodes;
  if (!project) throw new Error("The demo project is not there.");
  return founder.log(project.id);
}

describe("a start on the embedded database", () => {
  test("makes it with the demo project, says where it is; the next start finds the same", async () => {
    const place = newPlace();
    const first = startServer({ PIPELINE_DB_PATH: place });
    const { url } = await first.ready();
    await first.printed("Try these on the demo project");
    expect(first.output).toContain(place);
    expect(first.output).toContain(`${url}/graphql`);
    const log = await demo(url);
    expect(log.verification).toMatchObject({ ok: true, checked: log.count });
    expect(await first.end("SIGTERM")).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);

    const second = startServer({ PIPELINE_DB_PATH: place });
    expect(await demo((await second.ready()).url)).toEqual(log);
    expect(second.output).not.toContain("migration applied");
  });

  test("is refused while another process has it, naming that one, which does not notice", async () => {
    const place = migratedPlace();
    const first = startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" });
    const { url } = await first.ready();
    const { code, stdout, stderr } = await startServer({ PIPELINE_DB_PATH: place }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`in use by process ${first.pid}`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    await new Founder({ url }).project();
  });

  test.each([
    [1, "at once"],
    [4, "at once"],
    [4, "when its idempotency keys are gone"],
  ])("that was killed after event %d of the demo is completed by the next, %s", async (event, when) => {
    const place = migratedPlace();
    const cut = startChild(new URL("children/demo-cut-short.ts", import.meta.url), place, String(event));
    onTestFinished(async () => void (await cut.kill()));
    expect(await cut.line()).toBe("cut");
    await cut.kill();
    if (when !== "at once") await forgetKeys(place);
    const log = await demo((await startServer({ PIPELINE_DB_PATH: place }).ready()).url);
    expect(log.events.map(({ sequence, type }) => [sequence, type])).toEqual(await wholeStory());
    expect(log.verification).toMatchObject({ ok: true, checked: log.count });
  });
});

async function forgetKeys(embeddedPath: string): Promise<void> {
  const database = await openDatabase({ embeddedPath });
  await database.prisma.idempotencyRecord.deleteMany();
  await database.close();
}

describe("a wrong setting ends the start with one line that names it", () => {
  const unused = { PIPELINE_DB_PATH: "/nonexistent/never-made", SEED_DEMO: "false" };

  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await startServer({ ...unused, ...env }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    return stderr;
  }

  test.each([
    ["HOST", { HOST: "0.0.0.0" }],
    ["PORT", { PORT: "80800" }],
    ["PORT", { PORT: "http" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://root@127.0.0.1/x" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" }],
    ["AUTH_JWT_SECRET", { AUTH_JWT_SECRET: "short" }],
    ["SEED_DEMO", { SEED_DEMO: "maybe" }],
  ])("%s", async (variable, env) => {
    expect(await refusal(env as Record<string, string>)).toContain(variable);
  });

  test("PORT, when it is taken; the database is given back", async () => {
    const port = await takenPort();
    const place = migratedPlace();
    expect(await refusal({ PIPELINE_DB_PATH: place, PORT: port })).toMatch(
      /^PORT: \d+ is in use on 127\.0\.0\.1/,
    );
    expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);
  });

  test.skipIf(!postgresAvailable)("DATABASE_URL, when there is no such database", async () => {
    const message = await refusal({ DATABASE_URL: databaseUrl("gatehouse_test_missing") });
    expect(message).toContain('The database "gatehouse_test_missing" of DATABASE_URL');
  });

  test.skipIf(!postgresAvailable)("PORT, when it is taken, also with a connection that listens", async () => {
    const database = await createPostgresTestDatabase();
    onTestFinished(() => database.close());
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const { connectionString } = database.driver;
    expect(await refusal({ DATABASE_URL: connectionString, PORT: await takenPort() })).toContain("PORT");
  });
});

describe("a database that cannot be used ends the start with one line that says why", () => {
  /** What a start says of it; the commands that would change it say the same. */
  async function refusal(env: Record<string, string>): Promise<string> {
    const [start, ...others] = await Promise.all([
      startServer({ SEED_DEMO: "false", ...env }).ended,
      gatehouse(["migrate"], env),
      ...(env.DATABASE_URL === undefined ? [] : [gatehouse(["worker"], env)]),
    ]);
    for (const { code, stdout, stderr } of [start, ...others]) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    return start.stderr;
  }

  test.each([
    ["of another version", "version 16", (place: string) => writeFileSync(join(place, "PG_VERSION"), "16\n")],
    [
      "with an emptied control file",
      "pg_control",
      (place: string) => truncateSync(join(place, "global/pg_control")),
    ],
    ["without its control file", "pg_control", (place: string) => rmSync(join(place, "global/pg_control"))],
    [
      "without its log",
      "checkpoint record",
      (place: string) => rmSync(join(place, "pg_wal/000000010000000000000001")),
    ],
    ["without its tables", "base/5", (place: string) => rmSync(join(place, "base/5"), { recursive: true })],
    [
      "with a wrong setting",
      "postgresql.conf",
      (place: string) => appendFileSync(join(place, "postgresql.conf"), "\nx = 1\n"),
    ],
  ])("embedded, %s", async (_, reason, damage) => {
    const place = migratedPlace();
    damage(place);
    for (const args of [["migrate"], ["db-inspect"]]) {
      const { code, stdout, stderr } = await gatehouse(args, { PIPELINE_DB_PATH: place });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain(`PostgreSQL cannot start on the files in ${place}: `);
      expect(stderr).toContain(reason);
    }
    expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);
  });

  const FUTURE = "29990101000000_future";
  const fromTheFuture = ({ prisma }: Database) => prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
    VALUES ('future', '', ${FUTURE}, now(), 1)`;

  test("embedded, of a newer version of the program", async () => {
    const place = migratedPlace();
    const database = await openDatabase({ embeddedPath: place });
    await fromTheFuture(database);
    await database.close();
    const start = await startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" }).ended;
    const commands = [await gatehouse(["migrate"], { PIPELINE_DB_PATH: place })];
    commands.push(await gatehouse(["init-db"], { PIPELINE_DB_PATH: place }));
    for (const { code, stdout, stderr } of [start, ...commands]) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(
        new RegExp(`migrated by a newer version of this program, which has ${FUTURE}[^\n]*\n$`),
      );
    }
  });

  describe.skipIf(!postgresAvailable)("on PostgreSQL", () => {
    async function place() {
      const database = await createPostgresTestDatabase();
      onTestFinished(() => database.close());
      if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
      return { database, url: new URL(database.driver.connectionString) };
    }

    /** A role without any right, and the URL with which it connects. */
    async function powerless({ database, url }: Awaited<ReturnType<typeof place>>): Promise<string> {
      const role = `${url.pathname.slice(1)}_role`;
      await database.prisma.$executeRawUnsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
      onTestFinished(async () => void (await asAdmin(`DROP ROLE ${role}`)));
      return Object.assign(new URL(url), { username: role, password: "x" }).href;
    }

    test("of a newer version of the program", async () => {
      const { database, url } = await place();
      await fromTheFuture(database);
      expect(await refusal({ DATABASE_URL: url.href })).toContain(
        `newer version of this program, which has ${FUTURE}`,
      );
    });

    test("without rights on its tables", async () => {
      const DATABASE_URL = await powerless(await place());
      const message = await refusal({ DATABASE_URL });
      expect(message).toContain("permission denied for table _prisma_migrations");
      expect(message).toContain("GRANT USAGE, CREATE ON SCHEMA public");
    });

    test("new, without rights on public", async () => {
      const { database, url } = await place();
      await database.prisma.$executeRawUnsafe("DROP SCHEMA public CASCADE");
      await database.prisma.$executeRawUnsafe("CREATE SCHEMA public");
      const DATABASE_URL = await powerless({ database, url });
      expect(await refusal({ DATABASE_URL })).toContain("GRANT USAGE, CREATE ON SCHEMA public");
      await database.prisma.$executeRawUnsafe(`GRANT USAGE ON SCHEMA public TO PUBLIC`);
      expect(await refusal({ DATABASE_URL })).toContain("permission denied for schema public");
    });
  });
});

/** What the log of a demo says that was made at one go. */
async function wholeStory() {
  const { url } = await startApp({ config: { seedDemo: true } });
  return (await demo(url)).events.map(({ sequence, type }) => [sequence, type]);
}

async function takenPort(): Promise<string> {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  onTestFinished(() => void taken.close());
  return String((taken.address() as AddressInfo).port);
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { startApp, useApp } from "../support/app.ts";
import { gatehouse } from "../support/process.ts";
import { Agent, createRun, plan } from "./support/agent.ts";
import { Founder } from "./support/founder.ts";
import { uuidOf } from "./support/rows.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

/** What somebody with access to the database could do to a log; the third event is the one that is meant. */
const TAMPERINGS: Record<string, { sql: (project: string) => string[]; sequence: number; found: boolean }> = {
  "a changed detail": {
    sql: (p) => [`UPDATE event SET detail = '{"decision":"PARK"}' WHERE ${p} AND sequence = 3`],
    sequence: 3,
    found: true,
  },
  "a changed reason": {
    sql: (p) => [`UPDATE event SET reason = 'He said so' WHERE ${p} AND sequence = 3`],
    sequence: 3,
    found: true,
  },
  "a changed time": {
    sql: (p) => [`UPDATE event SET created_at = created_at + interval '1 ms' WHERE ${p} AND sequence = 3`],
    sequence: 3,
    found: true,
  },
  "a changed hash": {
    sql: (p) => [`UPDATE event SET hash = repeat('0', 64) WHERE ${p} AND sequence = 3`],
    sequence: 3,
    found: true,
  },
  "a removed event": {
    sql: (p) => [`DELETE FROM event WHERE ${p} AND sequence = 3`],
    sequence: 3,
    found: false,
  },
  "a removed first event": {
    sql: (p) => [`DELETE FROM event WHERE ${p} AND sequence = 1`],
    sequence: 1,
    found: false,
  },
  "a removed last event": {
    sql: (p) => [`DELETE FROM event WHERE ${p} AND sequence = 4`],
    sequence: 4,
    found: false,
  },
  "a log without events": { sql: (p) => [`DELETE FROM event WHERE ${p}`], sequence: 1, found: false },
  "a removed event whose place the next ones took": {
    sql: (p) => [
      `DELETE FROM event WHERE ${p} AND sequence = 3`,
      `UPDATE event SET sequence = 3 WHERE ${p} AND sequence = 4`,
    ],
    sequence: 3,
    found: true,
  },
  "an event that no command wrote": {
    sql: (p) => [
      `INSERT INTO event SELECT (jsonb_populate_record(e, jsonb_build_object(
         'id', gen_random_uuid(), 'sequence', 5, 'hash', repeat('f', 64)))).* FROM event e WHERE ${p} AND sequence = 4`,
    ],
    sequence: 5,
    found: true,
  },
  "two swapped events": {
    sql: (p) => [
      `UPDATE event SET sequence = 99 WHERE ${p} AND sequence = 3`,
      `UPDATE event SET sequence = 3 WHERE ${p} AND sequence = 4`,
      `UPDATE event SET sequence = 4 WHERE ${p} AND sequence = 99`,
    ],
    sequence: 3,
    found: true,
  },
};

describe("verifyTimeline", () => {
  test.each([
    ["taken from its workstream", "workstream_id = NULL"],
    ["made one of its run as a whole", "subject_id = run_id, workstream_id = NULL"],
  ])("notices a run's event that was %s", async (_name, change) => {
    const projectId = await founder.project();
    const runId = await createRun(founder, projectId, plan("a"));
    await new Agent(founder).claim({ runId });
    expect((await founder.log(projectId)).verification).toEqual({ ok: true, checked: 4, fault: null });
    const where = `project_id = '${uuidOf(projectId)}' AND sequence = 4`;
    await tamper(app.database, [`UPDATE event SET ${change} WHERE ${where}`]);
    expect((await founder.log(projectId)).verification).toMatchObject({ ok: false, fault: { sequence: 4 } });
  });

  test.each(
    Object.entries(TAMPERINGS),
  )("names the first event that does not fit: %s", async (_name, tampering) => {
    const projectId = await untouchedProject(founder);
    await tamper(app.database, tampering.sql(`project_id = '${uuidOf(projectId)}'`));
    const { verification, events } = await founder.log(projectId);
    const { sequence, found } = tampering;
    const there = events.find((event) => event.sequence === sequence);
    expect(verification).toMatchObject({
      ok: false,
      checked: sequence - 1,
      fault: { sequence, eventId: found ? there?.id : null },
    });
  });

  test("notices a whole log that was replaced, by the head that the project keeps", async () => {
    const projectId = await untouchedProject(founder);
    const where = `id = '${uuidOf(projectId)}'`;
    await app.database.prisma.$executeRawUnsafe(
      `UPDATE project SET event_hash = repeat('a', 64) WHERE ${where}`,
    );
    expect((await founder.log(projectId)).verification).toMatchObject({ ok: false, checked: 4 });
  });
});

test("the log refuses to be changed while its trigger is there", async () => {
  const projectId = await untouchedProject(founder);
  const where = `project_id = '${uuidOf(projectId)}'`;
  for (const sql of [`UPDATE event SET reason = 'x' WHERE ${where}`, `DELETE FROM event WHERE ${where}`]) {
    await expect(app.database.prisma.$executeRawUnsafe(sql)).rejects.toThrow("append-only");
  }
  expect((await founder.log(projectId)).verification).toEqual({ ok: true, checked: 4, fault: null });
});

test("gatehouse verify succeeds on a whole database, then exits 1 and names the event that was changed", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-verify-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "state.db");
  const first = await openEmbedded(path);
  await migrate(first);
  const server = await startApp({ database: first });
  const author = new Founder(server);
  await untouchedProject(author);
  const projectId = await untouchedProject(author);
  const event = (await author.log(projectId)).events[2];
  await server.stop();
  expect(await gatehouse(["verify"], { PIPELINE_DB_PATH: path })).toMatchObject({
    code: 0,
    stdout: "2 of 2 logs are whole\n",
  });

  const second = await openEmbedded(path);
  // Whoever names a project does not write to the terminal of who verifies it.
  await second.prisma.project.updateMany({ data: { name: "a\u001b[2J\u202Eb" } });
  const where = `project_id = '${uuidOf(projectId)}'`;
  await tamper(second, [`UPDATE event SET reason = 'x' WHERE ${where} AND sequence = 3`]);
  await second.close();
  const { code, stdout, stderr } = await gatehouse(["verify"], { PIPELINE_DB_PATH: path });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "1 of 2 logs are whole\n" });
  expect(stderr).toContain(projectId);
  expect(stderr).toContain("sequence 3");
  expect(stderr).toContain(event?.id);
  expect(stderr).toContain("(a b)");
  expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\u202E]/u);
}, 60_000);

/** A project with four events, the third of them a gate's decision. */
async function untouchedProject(author: Founder): Promise<string> {
  return author.projectIn("THESIS_DEFINED");
}

/** Changes the log as nobody can whom its trigger stops. */
async function tamper({ prisma }: Database, statements: readonly string[]): Promise<void> {
  await prisma.$executeRawUnsafe("ALTER TABLE event DISABLE TRIGGER USER");
  for (const sql of statements) await prisma.$executeRawUnsafe(sql);
  await prisma.$executeRawUnsafe("ALTER TABLE event ENABLE TRIGGER USER");
}

import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { migrationNames, migrationsDirectory } from "../../src/db/migration-files.ts";
import { createPostgresTestDatabase, createTestDatabase, postgresAvailable } from "../support/database.ts";
import { insertRow, insertValidRows, VALID_ROWS } from "./rows.ts";

const MIGRATION = "20261128173641_archived_memberships";
const ARCHIVED_AT = new Date("2026-03-04T05:06:07.891Z");
const { id: userId } = VALID_ROWS.user_account;

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  await insertValidRows(database);
});
afterAll(() => database.close());

async function insertProject(into: Database, archivedAt: Date | null = null): Promise<string> {
  const id = randomUUID();
  await insertRow(into, "project", {
    ...VALID_ROWS.project,
    id,
    archived_at: archivedAt?.toISOString() ?? null,
  });
  return id;
}

async function insertMember({ prisma }: Pick<Database, "prisma">, projectId: string): Promise<string> {
  const [member, now] = [randomUUID(), new Date()];
  const times = { createdAt: now, updatedAt: now };
  const user = { id: member, issuer: "i", subject: member, plan: "BOOTSTRAPPER", ...times };
  await prisma.user.create({ data: user });
  const membership = { projectId, userId: member, role: "VIEWER", sinceSequence: 1, ...times };
  await prisma.projectMember.create({ data: membership });
  return member;
}

/** What the members' rows of a project say, by their users. */
async function saidBy({ prisma }: Pick<Database, "prisma">, projectId: string) {
  const rows = await prisma.projectMember.findMany({
    where: { projectId },
    select: { userId: true, archivedAt: true },
  });
  return Object.fromEntries(rows.map((row) => [row.userId, row.archivedAt]));
}

describe("a membership", () => {
  test("is archived with its project, and no other is", async () => {
    const [projectId, other] = [await insertProject(database), await insertProject(database)];
    const member = await insertMember(database, projectId);
    expect(await saidBy(database, projectId)).toEqual({ [userId]: null, [member]: null });
    await database.prisma.project.update({ where: { id: projectId }, data: { archivedAt: ARCHIVED_AT } });
    expect(await saidBy(database, projectId)).toEqual({ [userId]: ARCHIVED_AT, [member]: ARCHIVED_AT });
    expect(await saidBy(database, other)).toEqual({ [userId]: null });
    await database.prisma.project.update({ where: { id: projectId }, data: { archivedAt: null } });
    expect(await saidBy(database, projectId)).toEqual({ [userId]: null, [member]: null });
  });

  test("that is made in an archived project says so, the owner's too", async () => {
    const projectId = await insertProject(database, ARCHIVED_AT);
    const member = await insertMember(database, projectId);
    expect(await saidBy(database, projectId)).toEqual({ [userId]: ARCHIVED_AT, [member]: ARCHIVED_AT });
  });

  test("says nothing else, whatever it is told", async () => {
    const projectId = await insertProject(database);
    await database.prisma.projectMember.updateMany({
      where: { projectId },
      data: { archivedAt: ARCHIVED_AT },
    });
    expect(await saidBy(database, projectId)).toEqual({ [userId]: null });
  });
});

test("the memberships that are there are filled by the migration", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-migrations-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const before = migrationNames().filter((name) => name < MIGRATION);
  for (const name of [...before, "migration_lock.toml"]) {
    cpSync(join(migrationsDirectory, name), join(directory, name), { recursive: true });
  }
  const old = await openInMemory();
  onTestFinished(() => old.close());
  await migrate(old, directory);
  await insertRow(old, "plan_tier", VALID_ROWS.plan_tier);
  await insertRow(old, "user_account", VALID_ROWS.user_account);
  const [archived, open] = [await insertProject(old, ARCHIVED_AT), await insertProject(old)];
  await migrate(old);
  expect(await saidBy(old, archived)).toEqual({ [userId]: ARCHIVED_AT });
  expect(await saidBy(old, open)).toEqual({ [userId]: null });
});

test.skipIf(!postgresAvailable)(
  "who joins while a project is being archived is archived with it",
  async () => {
    const shared = await createPostgresTestDatabase();
    onTestFinished(() => shared.close());
    await insertValidRows(shared);
    const projectId = await insertProject(shared);
    const [archived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    onTestFinished(() => release.resolve());
    const archiving = shared.prisma.$transaction(
      async (tx) => {
        await tx.project.update({ where: { id: projectId }, data: { archivedAt: ARCHIVED_AT } });
        archived.resolve();
        await release.promise;
      },
      { timeout: 20_000 },
    );
    await archived.promise;
    const joining = insertMember(shared, projectId);
    await expect
      .poll(async () => {
        const [row] = await shared.prisma.$queryRaw<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return row?.waiting;
      })
      .toBe(1);
    release.resolve();
    await archiving;
    const member = await joining;
    expect(await saidBy(shared, projectId)).toEqual({ [userId]: ARCHIVED_AT, [member]: ARCHIVED_AT });
  },
);

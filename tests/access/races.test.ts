import { expect, onTestFinished, test } from "vitest";
import type { PrismaClient } from "../../src/generated/prisma/client.ts";
import {
  AcceptInvitation,
  ChangeMemberRole,
  InviteMember,
  LeaveProject,
  RevokeApiKey,
} from "../api/support/account-commands.ts";
import { CreateProject, UpdateProject } from "../api/support/commands.ts";
import { uuidOf } from "../api/support/rows.ts";
import { startApp, useApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person, userIdOf } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });

test("of two who accept one invitation at once, one becomes a member", async () => {
  const owner = await person(app, crypto.randomUUID());
  const projectId = await owner.project();
  const { token } = await owner.succeed(InviteMember, { projectId, role: "VIEWER" });
  const people = await Promise.all(Array.from({ length: 8 }, () => person(app, crypto.randomUUID())));
  const results = await Promise.all(people.map((each) => each.run(AcceptInvitation, { token: token ?? "" })));
  const outcomes = results.map(({ __typename }) => __typename).sort();
  expect(outcomes).toEqual(["AcceptInvitationSuccess", ...Array(7).fill("ConflictError")]);
  expect(await app.database.prisma.projectMember.count({ where: { projectId: uuidOf(projectId) } })).toBe(2);
});

test("of several leaves at once one goes through, and the owner's none", async () => {
  const owner = await person(app, crypto.randomUUID());
  const projectId = await owner.project();
  const { founder: bob } = await join(app, owner, projectId, "EDITOR");
  const results = await Promise.all(
    [bob, bob, owner, owner].map((each) => each.run(LeaveProject, { projectId })),
  );
  expect(results.map(({ __typename }) => __typename).sort()).toEqual([
    ...["GuardRejectedError", "GuardRejectedError", "LeaveProjectSuccess", "NotFoundError"],
  ]);
});

// On the embedded database transactions queue before they begin: nobody waits for the lock inside one.
test.skipIf(!postgresAvailable)(
  "a role that is taken away while a command waits for the lock does not count any more",
  async () => {
    const database = await createPostgresTestDatabase();
    const own = await startApp({ config: { auth: SECRET_AUTH }, database });
    const owner = await person(own, crypto.randomUUID());
    const projectId = await owner.project();
    const { founder: bob, userId } = await join(own, owner, projectId, "EDITOR");
    const { prisma } = database;
    const locked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    onTestFinished(() => release.resolve());
    const holder = prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM project WHERE id = ${uuidOf(projectId)}::uuid FOR NO KEY UPDATE`;
        locked.resolve();
        await release.promise;
        const where = { projectId: uuidOf(projectId), userId: uuidOf(userId) };
        await tx.projectMember.updateMany({ where, data: { role: "VIEWER" } });
      },
      { timeout: 20_000 },
    );
    await locked.promise;
    const rename = bob.run(UpdateProject, { projectId, name: "Bob's" });
    await untilWaiting(prisma);
    release.resolve();
    await holder;
    expect(await rename).toMatchObject({ rule: "NOT_PERMITTED", from: "VIEWER" });
  },
);

test("a role changed while commands run is obeyed by all that come after it in the log", async () => {
  const owner = await person(app, crypto.randomUUID());
  const projectId = await owner.project();
  const { founder: bob, userId } = await join(app, owner, projectId, "EDITOR");
  const renames = Array.from({ length: 10 }, (_, index) =>
    bob.run(UpdateProject, { projectId, name: `Bob's ${index}` }),
  );
  await owner.succeed(ChangeMemberRole, { projectId, userId, role: "VIEWER" });
  await Promise.all(renames);
  const { events } = await owner.log(projectId);
  const change = events.findIndex(({ type }) => type === "member_role_changed");
  expect(change).toBeGreaterThan(0);
  const later = events.slice(change + 1).map(({ type }) => type);
  expect(later.every((type) => type === "command_rejected")).toBe(true);
});

test.skipIf(!postgresAvailable)(
  "a key that is revoked while its command waits makes no project",
  async () => {
    const database = await createPostgresTestDatabase();
    const own = await startApp({ config: { auth: SECRET_AUTH }, database });
    const owner = await person(own, crypto.randomUUID());
    const userId = uuidOf(await userIdOf(owner));
    const { id, robot } = await keyOf(own, owner);
    const { prisma } = database;
    const locked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    onTestFinished(() => release.resolve());
    const holder = prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
        locked.resolve();
        await release.promise;
      },
      { timeout: 20_000 },
    );
    await locked.promise;
    const made = robot.run(CreateProject, { name: "Robot's" });
    await untilWaiting(prisma);
    await owner.succeed(RevokeApiKey, { keyId: id });
    release.resolve();
    await holder;
    expect(await made).toMatchObject({ __typename: "NotFoundError" });
    expect(await prisma.project.count()).toBe(0);
  },
);

/** Until somebody waits for a lock. */
async function untilWaiting(prisma: PrismaClient): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await prisma.$queryRaw<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return row?.waiting;
    })
    .toBe(1);
}

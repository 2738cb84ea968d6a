import { expect, test } from "vitest";
import { DEVELOPER } from "../../src/domain/account/identity.ts";
import {
  AcceptInvitation,
  AdoptProjects,
  CreateApiKey,
  InviteMember,
  LeaveProject,
  SuspendUser,
  TransferProject,
} from "../api/support/account-commands.ts";
import { ArchiveProject, CreateProject, SetPlanTier, UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { uuidOf } from "../api/support/rows.ts";
import { startApp, type TestApp, useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person, userIdOf } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });

/** A new owner with a project, and a member of it. */
async function team(role: "EDITOR" | "VIEWER" | "AGENT" = "EDITOR") {
  const owner = await person(app, crypto.randomUUID());
  const projectId = await owner.project();
  const { founder: member, userId } = await join(app, owner, projectId, role);
  return { owner, ownerId: await userIdOf(owner), projectId, member, userId };
}

async function rolesIn(founder: Founder, projectId: string): Promise<Record<string, string>> {
  const query = `{ project(id: "${projectId}") { members { nodes { role user { id } } } } }`;
  const { data } = await send<
    { project: { members: { nodes: { role: string; user: { id: string } }[] } } },
    object
  >(app.url, query, {}, founder.headers);
  return Object.fromEntries(data?.project.members.nodes.map(({ role, user }) => [user.id, role]) ?? []);
}

/** Fills somebody's plan. */
async function fillPlan(founder: Founder): Promise<void> {
  for (;;) {
    const made = await founder.run(CreateProject, { name: "Filler" });
    if (made.__typename === "QuotaExceededError") return;
  }
}

test.each([
  "EDITOR",
  "VIEWER",
  "AGENT",
] as const)("the owner makes a member who is %s the owner, on record, and stays as an editor", async (role) => {
  const { owner, ownerId, projectId, member, userId } = await team(role);
  const { project, events } = await owner.succeed(TransferProject, { projectId, userId });
  expect(project).toEqual({ viewerRole: "EDITOR", owner: { id: userId } });
  const detail = { user: uuidOf(userId), previousOwner: uuidOf(ownerId) };
  expect(events).toEqual([{ type: "project_transferred", actor: "FOUNDER", detail }]);
  expect(await rolesIn(member, projectId)).toEqual({ [userId]: "OWNER", [ownerId]: "EDITOR" });
  // The new owner manages it, and the former one does not.
  expect(await owner.run(ArchiveProject, { projectId })).toMatchObject({ rule: "NOT_PERMITTED" });
  await owner.succeed(UpdateProject, { projectId, name: "Still an editor" });
  expect(await member.run(LeaveProject, { projectId })).toMatchObject({ rule: "ONE_OWNER" });
  await owner.succeed(LeaveProject, { projectId });
  const verified = `{ verifyTimeline(projectId: "${projectId}") { ok } }`;
  expect((await send(app.url, verified, {}, member.headers)).data).toEqual({ verifyTimeline: { ok: true } });
});

test("the plan and the budget of the new owner count from then on", async () => {
  const { owner, projectId, member, userId } = await team();
  const root = await person(app, "root");
  await fillPlan(owner);
  await owner.succeed(TransferProject, { projectId, userId });
  await owner.succeed(CreateProject, { name: "In the place that is free now" });
  const { projectId: mine } = { projectId: await member.project() };
  await fillPlan(member);
  const { owner: other, projectId: theirs } = await team();
  const { token } = await other.succeed(InviteMember, { projectId: theirs, role: "VIEWER" });
  await member.succeed(AcceptInvitation, { token: token ?? "" });
  const refused = await other.run(TransferProject, { projectId: theirs, userId });
  expect(refused).toMatchObject({ __typename: "GuardRejectedError", rule: "LIMIT_REACHED" });
  // What they have of their plan is theirs to know.
  expect(JSON.stringify(refused)).not.toMatch(/\d/);
  await member.succeed(ArchiveProject, { projectId: mine });
  await other.succeed(TransferProject, { projectId: theirs, userId });
  await root.succeed(SetPlanTier, { userId, plan: "PARTNER" });
});

test("nobody else becomes the owner, and a refusal changes nothing but the log", async () => {
  const { owner, ownerId, projectId, member, userId } = await team();
  const root = await person(app, "root");
  const stranger = await userIdOf(await person(app, crypto.randomUUID()));
  const before = await rolesIn(owner, projectId);
  const refusals = [
    [owner, stranger, { __typename: "NotFoundError" }],
    [owner, ownerId, { __typename: "ConflictError", currentState: "OWNER" }],
    [member, userId, { rule: "NOT_PERMITTED", from: "EDITOR" }],
    [root, stranger, { __typename: "NotFoundError" }],
    [await person(app, crypto.randomUUID()), userId, { __typename: "NotFoundError" }],
    [(await keyOf(app, owner)).robot, userId, { rule: "NOT_PERMITTED" }],
  ] as const;
  for (const [founder, to, refusal] of refusals) {
    expect(await founder.run(TransferProject, { projectId, userId: to })).toMatchObject(refusal);
  }
  await root.succeed(SuspendUser, { userId });
  expect(await owner.run(TransferProject, { projectId, userId })).toMatchObject({
    currentState: "SUSPENDED",
  });
  expect(await rolesIn(owner, projectId)).toEqual(before);
  await owner.succeed(ArchiveProject, { projectId });
  expect(await owner.run(TransferProject, { projectId, userId })).toMatchObject({ rule: "ARCHIVED" });
});

test("an administrator transfers the project of somebody who is gone, without seeing it", async () => {
  const { ownerId, projectId, member, userId } = await team();
  const root = await person(app, "root");
  await root.succeed(SuspendUser, { userId: ownerId });
  const { project, events } = await root.succeed(TransferProject, { projectId, userId });
  expect({ project, events }).toEqual({ project: null, events: [] });
  expect(await rolesIn(member, projectId)).toEqual({ [userId]: "OWNER", [ownerId]: "EDITOR" });
  const { events: log } = await member.log(projectId);
  expect(log.at(-1)).toMatchObject({ type: "project_transferred" });
  const gone = { projectId: projectId.replace(/.$/, (last) => (last === "0" ? "1" : "0")), userId };
  expect(await root.run(TransferProject, gone)).toMatchObject({ __typename: "NotFoundError" });
});

test("of transfers to several members at once one goes through, and the same key repeats it", async () => {
  const { owner, projectId, userId } = await team();
  const others = await Promise.all(
    Array.from({ length: 5 }, async () => (await join(app, owner, projectId, "EDITOR")).userId),
  );
  const results = await Promise.all(
    others.map((to) => owner.run(TransferProject, { projectId, userId: to, idempotencyKey: `to ${to}` })),
  );
  const names = results.map(({ __typename }) => __typename).sort();
  expect(names).toEqual([...Array(4).fill("GuardRejectedError"), "TransferProjectSuccess"]);
  const roles = Object.values(await rolesIn(owner, projectId));
  expect(roles.filter((role) => role === "OWNER")).toHaveLength(1);
  const winner = others[results.findIndex(({ __typename }) => __typename === "TransferProjectSuccess")] ?? "";
  const again = { projectId, userId: winner, idempotencyKey: `to ${winner}` };
  expect(await owner.succeed(TransferProject, again)).toMatchObject({ project: { owner: { id: winner } } });
  expect(await owner.run(TransferProject, { projectId, userId })).toMatchObject({ rule: "NOT_PERMITTED" });
});

test("of two projects that are given to somebody at once, one takes the last place of their plan", async () => {
  const heir = await person(app, crypto.randomUUID());
  const userId = await userIdOf(heir);
  await fillPlan(heir);
  const { data } = await send<{ projects: { nodes: { id: string }[] } }, object>(
    app.url,
    "{ projects(first: 1) { nodes { id } } }",
    {},
    heir.headers,
  );
  await heir.succeed(ArchiveProject, { projectId: data?.projects.nodes[0]?.id ?? "" });
  const teams = await Promise.all([team(), team(), team()]);
  for (const { owner, projectId } of teams) {
    const { token } = await owner.succeed(InviteMember, { projectId, role: "VIEWER" });
    await heir.succeed(AcceptInvitation, { token: token ?? "" });
  }
  const results = await Promise.all(
    teams.map(({ owner, projectId }) => owner.run(TransferProject, { projectId, userId })),
  );
  const names = results.map(({ __typename }) => __typename).sort();
  expect(names).toEqual(["GuardRejectedError", "GuardRejectedError", "TransferProjectSuccess"]);
});

/** A server with projects of the local user, as a server without authentication has left them. */
async function afterLocalUse(): Promise<{
  own: TestApp;
  root: Founder;
  projects: readonly string[];
  robot: Founder;
}> {
  const own = await startApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });
  const local = await person(own, "local");
  const projects = [await local.project("One"), await local.project("Two"), await local.project("Old")];
  const { token } = await local.succeed(InviteMember, { projectId: projects[0] ?? "", role: "VIEWER" });
  await (await person(own, "member")).succeed(AcceptInvitation, { token: token ?? "" });
  await local.succeed(ArchiveProject, { projectId: projects[2] ?? "" });
  const { secret } = await local.succeed(CreateApiKey, { name: "Robot", scopes: ["WRITE"] });
  const robot = new Founder(own, { authorization: `Bearer ${secret}` });
  const { issuer, subject } = DEVELOPER;
  await own.database.prisma.user.updateMany({
    where: { subject: "local" },
    data: { issuer, subject, plan: "PARTNER" },
  });
  return { own, root: await person(own, "root"), projects, robot };
}

test("an administrator gives the local user's projects to somebody who has not signed in yet, all at once", async () => {
  const { own, root, projects, robot } = await afterLocalUse();
  const order = { subject: "ada", idempotencyKey: "adopt" };
  const { user, projects: count, events } = await root.succeed(AdoptProjects, order);
  expect({ count, events, subject: user.subject }).toEqual({ count: 3, events: [], subject: "ada" });
  const ada = await person(own, "ada");
  const who = "{ viewer { id planTier { plan } } }";
  expect((await send(own.url, who, {}, ada.headers)).data).toEqual({
    viewer: { id: user.id, planTier: { plan: "PARTNER" } },
  });
  for (const projectId of projects) {
    const { events: log } = await ada.log(projectId);
    expect(log.filter(({ type }) => type === "project_transferred")).toHaveLength(1);
    const query = `{ project(id: "${projectId}") { viewerRole } verifyTimeline(projectId: "${projectId}") { ok } }`;
    expect((await send(own.url, query, {}, ada.headers)).data).toEqual({
      project: { viewerRole: "OWNER" },
      verifyTimeline: { ok: true },
    });
  }
  // The same key says the same again, another finds nothing more; agents go on with their key.
  expect((await root.succeed(AdoptProjects, order)).projects).toBe(3);
  expect((await root.succeed(AdoptProjects, { subject: "ada" })).projects).toBe(0);
  await robot.succeed(UpdateProject, { projectId: projects[0] ?? "", name: "Robot's" });
});

test("of several adoptions at once one gets everything, a member who is the new owner stays one member", async () => {
  const { own, root, projects } = await afterLocalUse();
  const results = await Promise.all(
    ["member", "member", "member"].map(
      async (subject) => (await root.succeed(AdoptProjects, { subject })).projects,
    ),
  );
  expect(results.sort()).toEqual([0, 0, 3]);
  const members = await own.database.prisma.projectMember.count();
  expect(members).toBe(2 * projects.length);
  const before = await own.database.prisma.event.count();
  await (await person(own, "member")).run(AdoptProjects, { subject: "member" });
  expect(await own.database.prisma.event.count()).toBe(before);
});

test("adoption is refused to everybody else, for a suspended user, and while authentication is off", async () => {
  const { own, root } = await afterLocalUse();
  const ada = await person(own, "ada");
  expect(await ada.run(AdoptProjects, { subject: "ada" })).toMatchObject({ rule: "ADMIN_REQUIRED" });
  expect(await root.run(AdoptProjects, { subject: "" })).toMatchObject({ __typename: "ValidationError" });
  await root.succeed(SuspendUser, { userId: await userIdOf(ada) });
  expect(await root.run(AdoptProjects, { subject: "ada" })).toMatchObject({ currentState: "SUSPENDED" });
  expect(await own.database.prisma.event.count({ where: { type: "project_transferred" } })).toBe(0);
  const open = await startApp();
  const refused = await new Founder(open).run(AdoptProjects, { subject: "ada" });
  expect(refused).toMatchObject({ __typename: "ConflictError", currentState: "NO_AUTHENTICATION" });
});

test("who was given projects before they came has the name of their first token", async () => {
  const { own, root } = await afterLocalUse();
  await root.succeed(AdoptProjects, { subject: "ada" });
  const { SignJWT } = await import("jose");
  const token = await new SignJWT({ name: "Ada" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("ada")
    .setIssuer(SECRET_AUTH.issuer)
    .setAudience(SECRET_AUTH.audience)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(SECRET_AUTH.secret));
  const { data } = await send(
    own.url,
    "{ viewer { displayName } }",
    {},
    { authorization: `Bearer ${token}` },
  );
  expect(data).toEqual({ viewer: { displayName: "Ada" } });
});

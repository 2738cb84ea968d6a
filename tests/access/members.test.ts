import { expect, test } from "vitest";
import {
  AcceptInvitation,
  ChangeMemberRole,
  InviteMember,
  LeaveProject,
  RemoveMember,
  RevokeApiKey,
  RevokeInvitation,
} from "../api/support/account-commands.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { UpdateProject } from "../api/support/commands.ts";
import { GenerateArtifacts } from "../api/support/documents.ts";
import { RaiseEscalation, ResolveEscalation, SkipEscalation, stick } from "../api/support/escalations.ts";
import { useTokens } from "../api/support/rows.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person, userIdOf } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });

async function project(subject = crypto.randomUUID()) {
  const owner = await person(app, subject);
  return { owner, projectId: await owner.project() };
}

test("an invitation makes somebody a member, once, and says so in the log", async () => {
  const { owner, projectId } = await project();
  const [bob, eve] = [await person(app, "bob"), await person(app, "eve")];
  const { token, invitation, events } = await owner.succeed(InviteMember, { projectId, role: "EDITOR" });
  expect(token).toMatch(/^ghi_\w{49}$/);
  expect(events.map(({ type }) => type)).toEqual(["member_invited"]);
  const joined = await bob.succeed(AcceptInvitation, { token: token ?? "" });
  expect(joined).toMatchObject({
    project: { id: projectId, viewerRole: "EDITOR" },
    member: { role: "EDITOR" },
  });
  expect(joined.events.map(({ type }) => type)).toEqual(["member_joined"]);
  const used = { __typename: "ConflictError", currentState: "ACCEPTED" };
  expect(await eve.run(AcceptInvitation, { token: token ?? "" })).toMatchObject(used);
  expect(await owner.run(RevokeInvitation, { invitationId: invitation.id })).toMatchObject(used);
  const stored = await app.database.prisma.projectInvitation.findMany();
  expect(JSON.stringify(stored)).not.toContain(token);
  const { verification } = await owner.log(projectId);
  expect(verification?.ok).toBe(true);
});

test("a token that was taken back, has expired, is mistyped or unknown opens nothing", async () => {
  const { owner, projectId } = await project();
  const bob = await person(app, "bob");
  const first = await owner.succeed(InviteMember, { projectId, role: "VIEWER" });
  await owner.succeed(RevokeInvitation, { invitationId: first.invitation.id });
  expect(await bob.run(AcceptInvitation, { token: first.token ?? "" })).toMatchObject({
    currentState: "REVOKED",
  });
  const second = await owner.succeed(InviteMember, { projectId, role: "VIEWER", expiresInHours: 1 });
  app.clock.advanceSeconds(3_600);
  expect(await bob.run(AcceptInvitation, { token: second.token ?? "" })).toMatchObject({
    currentState: "EXPIRED",
  });
  for (const token of [`${second.token?.slice(0, -1)}_`, "ghi_", "x".repeat(53)]) {
    expect(await bob.run(AcceptInvitation, { token })).toMatchObject({ __typename: "NotFoundError" });
  }
});

test("a role counts at once, and its loss too", async () => {
  const { owner, projectId } = await project();
  const { founder: bob, userId } = await join(app, owner, projectId, "VIEWER");
  const rename = { projectId, name: "Bob's" };
  expect(await bob.run(UpdateProject, rename)).toMatchObject({ rule: "NOT_PERMITTED", from: "VIEWER" });
  await owner.succeed(ChangeMemberRole, { projectId, userId, role: "EDITOR" });
  await bob.succeed(UpdateProject, rename);
  const removed = await owner.succeed(RemoveMember, { projectId, userId });
  expect(removed.project.members.totalCount).toBe(1);
  expect(await bob.run(UpdateProject, rename)).toMatchObject({ __typename: "NotFoundError" });
});

test("the owner stays, whatever is asked", async () => {
  const { owner, projectId } = await project();
  const userId = await userIdOf(owner);
  const stays = { __typename: "GuardRejectedError", rule: "ONE_OWNER" };
  expect(await owner.run(LeaveProject, { projectId })).toMatchObject(stays);
  expect(await owner.run(RemoveMember, { projectId, userId })).toMatchObject(stays);
  expect(await owner.run(ChangeMemberRole, { projectId, userId, role: "VIEWER" })).toMatchObject(stays);
  const invited = await owner.run(InviteMember, { projectId, role: "OWNER" });
  expect(invited).toMatchObject({ __typename: "ValidationError", issues: [{ path: "role" }] });
});

test("whoever leaves is gone, and an idempotency key tells them nothing any more", async () => {
  const { owner, projectId } = await project();
  const { founder: bob } = await join(app, owner, projectId, "EDITOR");
  const rename = { projectId, name: "Bob's", idempotencyKey: "rename" };
  await bob.succeed(UpdateProject, rename);
  await bob.succeed(LeaveProject, { projectId });
  expect(await bob.run(UpdateProject, rename)).toMatchObject({ __typename: "NotFoundError" });
  expect(await bob.run(LeaveProject, { projectId })).toMatchObject({ __typename: "NotFoundError" });
});

test("a refused member leaves the command in the log, and nothing of what they typed", async () => {
  const { owner, projectId } = await project();
  const { founder: bob } = await join(app, owner, projectId, "VIEWER");
  await bob.run(UpdateProject, { projectId, name: "Something rude" });
  const { events } = await owner.log(projectId);
  expect(events.at(-1)).toMatchObject({ type: "command_rejected" });
  expect(JSON.stringify(events)).not.toContain("rude");
});

test("members list the project among theirs, with what they are to it", async () => {
  const { owner, projectId } = await project();
  const { founder: bob } = await join(app, owner, projectId, "AGENT");
  const query = "{ projects { totalCount nodes { id viewerRole members { totalCount } } } }";
  const { data } = await send(app.url, query, {}, bob.headers);
  const mine = { id: projectId, viewerRole: "AGENT" };
  expect(data).toEqual({
    projects: { totalCount: 1, nodes: [{ ...mine, members: { totalCount: 0 } }] },
  });
});

test("the owner's plan and budget count, whoever asks", async () => {
  const { owner, projectId } = await project();
  const { founder: bob, userId } = await join(app, owner, projectId, "EDITOR");
  await useTokens(app, userId, 10_000_000);
  await bob.succeed(GenerateArtifacts, { projectId });
});

test("the invitation's token is not given again by an idempotency key", async () => {
  const { owner, projectId } = await project();
  const input = { projectId, role: "VIEWER" as const, idempotencyKey: "invite" };
  const first = await owner.succeed(InviteMember, input);
  const again = await owner.succeed(InviteMember, input);
  expect(again).toMatchObject({ token: null, invitation: { id: first.invitation.id } });
  const kept = await app.database.prisma.idempotencyRecord.findMany();
  expect(JSON.stringify(kept)).not.toContain(first.token);
});

test("made-up and borrowed cursors tell nobody what they do not see", async () => {
  const { owner, projectId } = await project();
  const agent = await join(app, owner, projectId, "AGENT");
  const editor = await join(app, owner, projectId, "EDITOR");
  const page = async (asker: typeof owner, list: string) => {
    const query = `{ project(id: "${projectId}") { page: ${list} { edges { cursor } pageInfo { hasPreviousPage } } } }`;
    const { data, errors } = await send<{ project: { page: Page } }, object>(
      app.url,
      query,
      {},
      asker.headers,
    );
    return errors?.[0]?.extensions?.code ?? data?.project.page;
  };
  const { edges } = (await page(owner, "members")) as Page;
  expect(edges).toHaveLength(3);
  for (const { cursor } of edges) {
    expect(await page(editor.founder, `members(after: "${cursor}")`)).toMatchObject({
      edges: expect.anything(),
    });
    expect(await page(agent.founder, `members(after: "${cursor}")`)).toBe("BAD_USER_INPUT");
  }
  await keyOf(app, editor.founder, { projectId });
  await keyOf(app, owner, { projectId });
  const own = (await page(editor.founder, "apiKeys")) as Page;
  const [mine] = own.edges;
  expect(own.edges).toHaveLength(1);
  const after = `apiKeys(after: "${mine?.cursor}")`;
  // The cursor's own item lies before it; of the owner's newer key nothing is told.
  const before = `apiKeys(first: 1, after: "${mine?.cursor}")`;
  expect(await page(editor.founder, after)).toEqual(await page(editor.founder, before));
  await editor.founder.succeed(RevokeApiKey, { keyId: (await keyOf(app, editor.founder)).id });
  const last = `apiKeys(last: 1, before: "${mine?.cursor}")`;
  expect(await page(editor.founder, last)).toMatchObject({ edges: [], pageInfo: { hasPreviousPage: false } });
});

interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasPreviousPage: boolean };
}

test("the cursor of a membership that has ended is refused: the list does not seem to end there", async () => {
  const { owner, projectId } = await project();
  const bob = await join(app, owner, projectId, "VIEWER");
  await join(app, owner, projectId, "VIEWER");
  const list = (args: string) =>
    send<{ project: { members: { edges: { cursor: string; node: { user: { id: string } } }[] } } }, object>(
      app.url,
      `{ project(id: "${projectId}") { members(${args}) { edges { cursor node { user { id } } } pageInfo { hasPreviousPage } } } }`,
      {},
      owner.headers,
    );
  const { data } = await list("first: 3");
  const place = data?.project.members.edges.findIndex(({ node }) => node.user.id === bob.userId) ?? -1;
  const cursor = data?.project.members.edges[place]?.cursor;
  expect((await list(`first: 3, after: "${cursor}"`)).data?.project.members.edges).toHaveLength(2 - place);
  await owner.succeed(RemoveMember, { projectId, userId: bob.userId });
  expect((await list(`first: 2, after: "${cursor}"`)).errors).toMatchObject([
    { extensions: { code: "BAD_USER_INPUT" } },
  ]);
});

test("what a person was answered is not given again to a key of theirs, nor to another key", async () => {
  const { owner, projectId } = await project();
  const input = { projectId, role: "VIEWER" as const, idempotencyKey: "invite" };
  await owner.succeed(InviteMember, input);
  const first = await keyOf(app, owner);
  const second = await keyOf(app, owner, { scopes: ["READ"] });
  const other = { __typename: "IdempotencyMismatchError" };
  expect(await first.robot.run(InviteMember, input)).toMatchObject(other);
  const rename = { projectId, name: "Robot's", idempotencyKey: "rename" };
  const { events } = await first.robot.succeed(UpdateProject, rename);
  expect((await first.robot.succeed(UpdateProject, rename)).events).toEqual(events);
  expect(await second.robot.run(UpdateProject, rename)).toMatchObject(other);
  expect(await owner.run(UpdateProject, rename)).toMatchObject(other);
});

test("who answered an agent's question is told to members, and not to agents", async () => {
  const { owner, projectId } = await project();
  const editor = await join(app, owner, projectId, "EDITOR");
  const viewer = await join(app, owner, projectId, "VIEWER");
  const agent = await join(app, owner, projectId, "AGENT");
  const asked = async () => {
    const runId = await createRun(owner, projectId, plan("a"));
    return (await stick(agent.founder, new Agent(agent.founder), runId)).escalationId;
  };
  const answeredBy = async (asker: typeof owner, id: string) => {
    const query = `{ node(id: "${id}") { ... on Escalation { resolvedBy { id } } } }`;
    const { data } = await send<{ node: { resolvedBy: { id: string } | null } }, object>(
      app.url,
      query,
      {},
      asker.headers,
    );
    return data?.node.resolvedBy?.id;
  };
  const [theirs, mine] = [await asked(), await asked()];
  await editor.founder.succeed(SkipEscalation, { escalationId: theirs });
  await owner.succeed(SkipEscalation, { escalationId: mine });
  expect(await answeredBy(viewer.founder, theirs)).toBe(editor.userId);
  expect(await answeredBy(agent.founder, theirs)).toBeUndefined();
  expect(await answeredBy(agent.founder, mine)).toBe(await userIdOf(owner));
});

test("an agent asks and does not answer, whether by role or by the scope of a key", async () => {
  const { owner, projectId } = await project();
  const agent = await join(app, owner, projectId, "AGENT");
  const { robot } = await keyOf(app, owner, { scopes: ["WORK"] });
  for (const asker of [agent.founder, robot]) {
    const runId = await createRun(owner, projectId, plan("a"));
    const { held } = await new Agent(asker).claim({ runId });
    const { escalation } = await asker.succeed(RaiseEscalation, { ...held, problem: "Which one?" });
    const escalationId = escalation.id;
    const denied = { rule: "NOT_PERMITTED" };
    expect(await asker.run(ResolveEscalation, { escalationId, decision: "retry" })).toMatchObject(denied);
    expect(await asker.run(SkipEscalation, { escalationId })).toMatchObject(denied);
    await owner.succeed(SkipEscalation, { escalationId });
  }
});

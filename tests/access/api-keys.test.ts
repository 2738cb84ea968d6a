import { expect, test } from "vitest";
import { CreateApiKey, ReinstateUser, RevokeApiKey, SuspendUser } from "../api/support/account-commands.ts";
import { CreateProject, ParkProject, UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { uuidOf } from "../api/support/rows.ts";
import { startApp, useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { keyOf, person, userIdOf } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });
const ME = "{ viewer { subject isAdmin } }";

/** The status and the code of an answer to whoever asks who they are. */
async function knock(headers: Record<string, string>) {
  const { status, errors } = await send(app.url, ME, {}, headers);
  return { status, code: errors?.[0]?.extensions?.code };
}

test("a key is shown once and asks as its user, without their administration", async () => {
  const root = await person(app, "root");
  const { text, robot, ...key } = await keyOf(app, root, { scopes: ["READ"] });
  expect(text).toMatch(/^gh_\w{49}$/);
  expect(text.startsWith(key.prefix)).toBe(true);
  expect((await send(app.url, ME, {}, robot.headers)).data).toEqual({
    viewer: { subject: "root", isAdmin: false },
  });
  const list = "{ viewer { apiKeys { nodes { name prefix scopes lastUsedAt } } } }";
  const { data } = await send(app.url, list, {}, root.headers);
  expect(data).toEqual({
    viewer: {
      apiKeys: {
        nodes: [
          { name: "Robot", prefix: key.prefix, scopes: ["READ"], lastUsedAt: app.clock.now().toISOString() },
        ],
      },
    },
  });
  expect((await send(app.url, list, {}, robot.headers)).data).toEqual({ viewer: { apiKeys: { nodes: [] } } });
  const stored = JSON.stringify(await app.database.prisma.apiKey.findMany());
  expect(stored).not.toContain(text);
});

test("a key that is revoked, has expired, is mistyped or unknown lets nobody in", async () => {
  const ada = await person(app, "ada");
  const revoked = await keyOf(app, ada);
  await ada.succeed(RevokeApiKey, { keyId: revoked.id });
  const soon = new Date(app.clock.now().getTime() + 1_000).toISOString();
  const expired = await keyOf(app, ada, { expiresAt: soon });
  app.clock.advanceSeconds(1);
  const refused = { status: 401, code: "UNAUTHENTICATED" };
  for (const authorization of [`Bearer ${expired.text}x`, "Bearer gh_", `Bearer gh_${"a".repeat(49)}`]) {
    expect(await knock({ authorization })).toEqual(refused);
  }
  expect(await knock(revoked.robot.headers)).toEqual(refused);
  expect(await knock(expired.robot.headers)).toEqual(refused);
  const again = await ada.run(RevokeApiKey, { keyId: revoked.id });
  expect(again).toMatchObject({ __typename: "ConflictError", currentState: "REVOKED" });
});

test("what a key does is an agent's doing, in its project and its scopes only", async () => {
  const ada = await person(app, crypto.randomUUID());
  const [projectId, other] = [await ada.project(), await ada.project()];
  const { robot } = await keyOf(app, ada, { projectId });
  await robot.succeed(UpdateProject, { projectId, name: "Robot's" });
  const { events } = await ada.log(projectId);
  expect(events.at(-1)).toMatchObject({ type: "project_updated", actor: "AGENT" });
  const elsewhere = await robot.run(ParkProject, { projectId: other });
  expect(elsewhere).toMatchObject({ __typename: "NotFoundError" });
  const denied = { rule: "NOT_PERMITTED" };
  expect(await robot.run(CreateProject, { name: "Mine" })).toMatchObject(denied);
  expect(await robot.run(CreateApiKey, { name: "Child", scopes: ["READ"] })).toMatchObject(denied);
  const list = await send(app.url, "{ projects { nodes { id } } }", {}, robot.headers);
  expect(list.data).toEqual({ projects: { nodes: [{ id: projectId }] } });
});

test("in development the key decides who asks, and what they may", async () => {
  const open = await startApp();
  const developer = new Founder(open);
  const projectId = await developer.project();
  const { robot } = await keyOf(open, developer, { scopes: ["READ"] });
  expect(await robot.run(ParkProject, { projectId })).toMatchObject({ rule: "NOT_PERMITTED" });
  expect((await send(open.url, ME, {}, robot.headers)).data).toMatchObject({ viewer: { isAdmin: false } });
  const wrong = await send(open.url, ME, {}, { authorization: `Bearer gh_${"a".repeat(49)}` });
  expect(wrong.status).toBe(401);
});

test("a suspended user is refused at once with every key, and others go on; reinstated they are as before", async () => {
  const [root, sue] = [await person(app, "root"), await person(app, "sue")];
  const projectId = await sue.project();
  const { robot } = await keyOf(app, sue);
  const userId = await userIdOf(sue);
  const { user } = await root.succeed(SuspendUser, { userId });
  expect(user.suspendedAt).toBe(app.clock.now().toISOString());
  const refused = { status: 403, code: "USER_SUSPENDED" };
  expect(await knock(sue.headers)).toEqual(refused);
  expect(await knock(robot.headers)).toEqual(refused);
  const file = await fetch(`${app.url}/export/projects/${projectId}.md`, { headers: sue.headers });
  expect(file.status).toBe(403);
  expect(await root.run(SuspendUser, { userId })).toMatchObject({ currentState: "SUSPENDED" });
  expect(await root.run(SuspendUser, { userId: await userIdOf(root) })).toMatchObject({
    issues: [{ path: "userId" }],
  });
  await root.succeed(ReinstateUser, { userId });
  await robot.succeed(ParkProject, { projectId });
});

test("a key that is bound to one project reads that project's usage, not its user's", async () => {
  const ada = await person(app, crypto.randomUUID());
  const [projectId, other] = [await ada.project(), await ada.project()];
  const userId = uuidOf(await userIdOf(ada));
  const call = { userId, model: "offline", outputTokens: 0, costMicrodollars: 1, createdAt: app.clock.now() };
  await app.database.prisma.usageLog.createMany({
    data: [
      { ...call, id: crypto.randomUUID(), projectId: uuidOf(projectId), inputTokens: 7 },
      { ...call, id: crypto.randomUUID(), projectId: uuidOf(other), inputTokens: 100 },
      { ...call, id: crypto.randomUUID(), projectId: null, inputTokens: 1_000, model: "other" },
    ],
  });
  const usage = async (headers: Record<string, string>) => {
    const query = "{ viewer { usage { tokensUsed costMicrodollars models { model calls } } } }";
    return (await send<{ viewer: { usage: unknown } }, object>(app.url, query, {}, headers)).data?.viewer
      .usage;
  };
  const bound = await keyOf(app, ada, { projectId, scopes: ["READ"] });
  expect(await usage(bound.robot.headers)).toEqual({
    tokensUsed: 7,
    costMicrodollars: 1,
    models: [{ model: "offline", calls: 1 }],
  });
  const unbound = await keyOf(app, ada, { scopes: ["READ"] });
  for (const headers of [unbound.robot.headers, ada.headers]) {
    expect(await usage(headers)).toMatchObject({ tokensUsed: 1_107, costMicrodollars: 3 });
  }
});

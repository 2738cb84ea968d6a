import { expect, test } from "vitest";
import { RemoveMember } from "../api/support/account-commands.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import {
  answer,
  Inbox,
  InboxStream,
  ReadEscalation,
  ResolveEscalation,
  readEscalation,
  SkipEscalation,
  stick,
} from "../api/support/escalations.ts";
import type { Founder } from "../api/support/founder.ts";
import { fingerprint } from "../api/support/rows.ts";
import { nextEvent, untilOpen } from "../api/support/streams.ts";
import { useApp } from "../support/app.ts";
import { subscribe } from "../support/subscription.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });

/** A project of somebody, with a question that its agent has asked. */
async function stuck(owner: Founder, worker = owner) {
  const projectId = await owner.project();
  const runId = await createRun(owner, projectId, plan("a"));
  return { projectId, runId, ask: () => stick(worker, new Agent(worker), runId) };
}

async function inboxOf(founder: Founder) {
  const { viewer } = await founder.read(Inbox, { status: "PENDING" });
  return {
    ids: viewer.escalations.nodes.map(({ id }) => id),
    total: viewer.escalations.totalCount,
    pending: viewer.pendingEscalationCount,
  };
}

const holding = (...ids: string[]) => ({ ids, total: ids.length, pending: ids.length });

test("the inbox holds the questions of all projects that one is a member of, and of no other", async () => {
  const [ada, bob] = [await person(app, "ada"), await person(app, "bob")];
  const [hers, his] = [await stuck(ada), await stuck(bob)];
  const editor = await join(app, ada, hers.projectId, "EDITOR");
  const [asked, other] = [(await hers.ask()).escalationId, (await his.ask()).escalationId];
  expect(await inboxOf(ada)).toEqual(holding(asked));
  expect(await inboxOf(editor.founder)).toEqual(holding(asked));
  expect(await inboxOf(bob)).toEqual(holding(other));

  const mine = await editor.founder.project("Mine");
  const runId = await createRun(editor.founder, mine, plan("a"));
  const own = (await stick(editor.founder, new Agent(editor.founder), runId)).escalationId;
  expect(await inboxOf(editor.founder)).toEqual(holding(own, asked));
  const { robot } = await keyOf(app, editor.founder, { scopes: ["READ"], projectId: hers.projectId });
  expect(await inboxOf(robot)).toEqual(holding(asked));

  await ada.succeed(RemoveMember, { projectId: hers.projectId, userId: editor.userId });
  expect(await inboxOf(editor.founder)).toEqual(holding(own));
  expect(await editor.founder.read(ReadEscalation, { id: asked })).toEqual({ node: null });
  const late = await editor.founder.run(ResolveEscalation, { escalationId: asked, decision: "retry" });
  expect(late).toMatchObject({ __typename: "NotFoundError" });
  expect(await readEscalation(ada, asked)).toMatchObject({ status: "PENDING" });
});

test("the live inbox tells every member, names who answered, and is silent about other projects", async () => {
  const [ada, bob] = [await person(app, "ada"), await person(app, "bob")];
  const [hers, his] = [await stuck(ada), await stuck(bob)];
  const editor = await join(app, ada, hers.projectId, "EDITOR");
  const streams = [ada, editor.founder];
  const open = await Promise.all(
    streams.map(({ headers }) => subscribe("WebSocket", app.url, InboxStream, {}, headers)),
  );
  await untilOpen(app.url, 2);
  await his.ask();
  const { escalationId } = await hers.ask();
  await answer(editor.founder, escalationId, "retry");
  for (const stream of open) {
    expect(await nextEvent(stream)).toMatchObject({
      type: "agent.waiting_for_input",
      project: { id: hers.projectId },
    });
    expect(await nextEvent(stream)).toMatchObject({
      type: "agent.escalation_resolved",
      toStatus: "RESOLVED",
    });
    await stream.close();
  }
  expect((await readEscalation(ada, escalationId)).resolvedBy).toEqual({ id: editor.userId });
});

test("who works a run or only reads it sees the question and cannot answer it, neither as a member nor with a key", async () => {
  const owner = await person(app, "carol");
  const { projectId, runId } = await stuck(owner);
  const worker = await join(app, owner, projectId, "AGENT");
  const reader = await join(app, owner, projectId, "VIEWER");
  const keys = [
    await keyOf(app, worker.founder, { scopes: ["WORK"] }),
    await keyOf(app, worker.founder, { scopes: ["WRITE"] }),
    await keyOf(app, owner, { scopes: ["WORK"], projectId }),
  ];
  const [robot] = keys.map((key) => key.robot) as [Founder];
  // The agent's own question: it has asked with the key that it now tries to answer with.
  const { escalationId } = await stick(robot, new Agent(robot), runId);
  const before = await readEscalation(owner, escalationId);
  for (const each of [worker.founder, reader.founder, ...keys.map((key) => key.robot)]) {
    expect(await readEscalation(each, escalationId)).toMatchObject({ status: "PENDING" });
    const refused = { __typename: "GuardRejectedError", rule: "NOT_PERMITTED" };
    const decision = "retry";
    expect(await each.run(ResolveEscalation, { escalationId, decision })).toMatchObject(refused);
    expect(await each.run(SkipEscalation, { escalationId })).toMatchObject(refused);
  }
  expect(await readEscalation(owner, escalationId)).toEqual(before);
  const stranger = await person(app, "mallory");
  expect(await inboxOf(stranger)).toEqual(holding());
  const still = await fingerprint(app);
  const foreign = await stranger.run(SkipEscalation, { escalationId });
  expect(foreign).toMatchObject({ __typename: "NotFoundError" });
  expect(await fingerprint(app)).toBe(still);
  expect(await answer(owner, escalationId, "retry")).toMatchObject({ escalation: { status: "RESOLVED" } });
});

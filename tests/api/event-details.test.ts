import { beforeAll, expect, test } from "vitest";
import { EVENT_TYPES } from "../../src/domain/event/types.ts";
import { CallFailedError, type Runner } from "../../src/llm/runner.ts";
import { parseId } from "../../src/schema/ids.ts";
import { applyDeadlines } from "../../src/services/escalation/apply-deadlines.ts";
import { verifyTimeline } from "../../src/services/event/verify-timeline.ts";
import { useApp } from "../support/app.ts";
import { type Reply, send } from "../support/client.ts";
import { SequentialIds } from "../support/ids.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { agreement, TalkRunner, talkative } from "../support/talk-runner.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { AcceptInvitation, InviteMember, RevokeInvitation } from "./support/account-commands.ts";
import { Agent, createRun, plan, readRun } from "./support/agent.ts";
import { ArchiveProject } from "./support/commands.ts";
import {
  CompleteDiscussion,
  StartDiscussion,
  SummarizeConsensus,
  untilQuiet,
} from "./support/discussions.ts";
import { GenerateArtifacts, settled } from "./support/documents.ts";
import { answer, fail, RaiseEscalation, stick } from "./support/escalations.ts";
import { type Everything, goodInputs, makeEverything } from "./support/everything.ts";
import { Founder } from "./support/founder.ts";
import { uuidOf } from "./support/rows.ts";
import { CreateWorkstream, ReleaseWorkstream, TransitionWorkstream } from "./support/run-commands.ts";

const talk = new TalkRunner(["claude", "gpt"]);
const documents = new ScriptedRunner();
const runner: Runner = {
  models: talk.models,
  generateArtifact: (request, options) => documents.generateArtifact(request, options),
  reply: (request, options) => talk.reply(request, options),
  generateObject: talk.generateObject.bind(talk) as Runner["generateObject"],
};
const app = useApp({ runner, config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });
const founder = new Founder(app, await bearer("root"));
const agent = new Agent(founder);

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** What people and agents write, whatever it looks like, stays as they wrote it. */
const WRITTEN = "01234567-89ab-7def-8123-456789abcdef";

interface Logged {
  readonly id: string;
  readonly type: string;
  readonly cursor: string;
  readonly detail: Record<string, unknown>;
}

let my: Everything;
let events: Logged[];
const projects: string[] = [];

/** Gives a command by its name, whatever comes of it. */
async function command(name: string, input: object): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`;
  const { errors } = await send<unknown, unknown>(app.url, query, { input }, founder.headers);
  expect(errors).toBeUndefined();
}

async function logOf(projectId: string): Promise<Logged[]> {
  const query = `query ($id: ID!, $after: String) { project(id: $id) {
    events(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id type detail cursor } } } }`;
  const nodes: Logged[] = [];
  for (let after: string | null = null; ; ) {
    const { data }: Reply<LogPage> = await send(app.url, query, { id: projectId, after }, founder.headers);
    if (!data) throw new Error("The log can be read.");
    const page: LogPage["project"]["events"] = data.project.events;
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

interface LogPage {
  readonly project: {
    readonly events: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      readonly nodes: Logged[];
    };
  };
}

async function discussBadly(projectId: string): Promise<void> {
  talk.respond = (call) => call.fail();
  const question = { projectId, question: "Why not?", type: "OPEN" as const };
  await untilQuiet(founder, (await founder.succeed(StartDiscussion, question)).discussion.id);
  talk.respond = talkative(talk);
  const { discussion } = await founder.succeed(StartDiscussion, question);
  await untilQuiet(founder, discussion.id);
  talk.respond = (call) => call.fail();
  await founder.succeed(SummarizeConsensus, { discussionId: discussion.id });
  await untilQuiet(founder, discussion.id);
  await founder.succeed(CompleteDiscussion, { discussionId: discussion.id });
  talk.respond = (call) => (call.isObject ? call.give(agreement(call.prompt)) : call.say("Yes.").end());
}

async function runBadly(projectId: string): Promise<void> {
  const lost = await createRun(founder, projectId, plan("a", "b: a"));
  const b = (await readRun(founder, lost)).workstreams.nodes[1]?.id ?? "";
  await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "BLOCKED" });
  await agent.work(lost, "FAILED");
  await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "PENDING" });

  const joined = await createRun(founder, projectId, plan("a", "b"));
  const other = await agent.claim({ runId: joined });
  const { escalationId } = await stick(founder, agent, joined);
  await fail(founder, other.held);
  await answer(founder, escalationId, "retry");

  const late = await createRun(founder, projectId, plan("a", "b"));
  const { held } = await agent.claim({ runId: late });
  const dueAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
  await founder.succeed(RaiseEscalation, { ...held, problem: "Which?", dueAt, onExpiry: "RETRY" });
  await agent.claim({ runId: late }, 30);
  app.clock.advanceSeconds(61);
  const { prisma } = app.database;
  const ids = new SequentialIds();
  await applyDeadlines({ prisma, clock: app.clock, ids, wakeups: { publish: () => {} } });
  const again = await agent.claim({ runId: late });
  await founder.succeed(ReleaseWorkstream, again.held);
  await founder.succeed(CreateWorkstream, { runId: late, key: "c", dependsOn: ["a"] });
}

/** Everything that is ever logged: each command as it is meant, then as it is refused, and what goes wrong by itself. */
async function live(): Promise<void> {
  await founder.enlargePlan();
  talk.respond = talkative(talk);
  my = await makeEverything(founder);
  const { projectId } = my;
  projects.push(projectId);
  const guest = new Founder(app, await bearer("guest"));
  const { token } = await founder.succeed(InviteMember, { projectId, role: "EDITOR" });
  const invited = await founder.succeed(InviteMember, { projectId, role: "VIEWER" });
  await founder.succeed(RevokeInvitation, { invitationId: invited.invitation.id });
  await guest.succeed(AcceptInvitation, { token: token ?? "" });
  const guestId = (await logOf(projectId)).find(({ type }) => type === "member_joined")?.detail.user;

  await runBadly(projectId);
  await discussBadly(projectId);
  const unwritten = await founder.project();
  projects.push(unwritten);
  documents.fail("MVP_SCOPE", new CallFailedError("UNAVAILABLE", "The provider is down."));
  await founder.succeed(GenerateArtifacts, { projectId: unwritten });
  await settled(founder, unwritten);

  const inputs = goodInputs(my, String(guestId));
  const last = ["archiveProject", "leaveProject", "parkProject"];
  const { discussionId } = my;
  // Before anything is written anew: these wait for nobody.
  for (const name of ["editArtifactSection", "revertArtifact"]) await command(name, inputs[name]?.() ?? {});
  await command("raiseRisk", { ...inputs.raiseRisk?.(), message: WRITTEN });
  await command("recordRunEvent", { ...inputs.recordRunEvent?.(), payload: { user: WRITTEN } });
  await command("decideGate", { gateId: my.gateId, decision: "NARROW", discussionId });
  await command("decideGate", { gateId: my.gateId, decision: "NARROW", discussionId });
  for (const [name, input] of Object.entries(inputs)) if (!last.includes(name)) await command(name, input());
  for (const name of ["pivot", "parkProject", "unparkProject"]) {
    if (name === "pivot") {
      await founder.openGate(projectId);
      await command("decideGate", { gateId: await founder.openGate(projectId), decision: "PIVOT" });
    } else await command(name, { projectId });
  }
  await founder.succeed(ArchiveProject, { projectId });
  await command("decideGate", { gateId: my.gateId, decision: "NARROW", discussionId });
  for (const input of Object.entries(inputs)) await command(input[0], input[1]());
  events = (await Promise.all(projects.map(logOf))).flat();
}

beforeAll(live, 60_000);

test("every type of event is looked at", () => {
  const seen = new Set(events.map(({ type }) => type));
  expect(Object.keys(EVENT_TYPES).filter((type) => !seen.has(type))).toEqual([]);
});

test.for(Object.keys(EVENT_TYPES))("the detail of %s names things by their API ids", (type) => {
  const raw = events.filter((event) => {
    const text = JSON.stringify(event.detail).replaceAll(WRITTEN, "");
    return event.type === type && UUID.test(text);
  });
  expect(raw).toEqual([]);
});

test("what people and agents wrote is left as it is, even where it looks like an id", () => {
  const risk = events.find(({ type, detail }) => type === "risk_change" && detail.message === WRITTEN);
  const told = events.find(
    ({ type, detail }) =>
      type === "run_event" &&
      "payload" in detail &&
      detail.payload !== null &&
      (detail.payload as { user?: string }).user === WRITTEN,
  );
  expect([risk, told]).not.toContain(undefined);
});

test.for(TRANSPORTS)("a subscription over %s tells the same", async (transport) => {
  const log = await logOf(my.projectId);
  const stream = await subscribe<{ projectEvents: Logged }, object>(
    transport,
    app.url,
    "subscription ($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after) { id type detail cursor } }",
    { id: my.projectId, after: log[0]?.cursor },
    founder.headers,
  );
  const told: unknown[] = [];
  while (told.length < log.length - 1) told.push((await stream.next())?.data?.projectEvents);
  expect(told).toEqual(log.slice(1));
});

test("the ids lead to what they name", () => {
  const named = (type: string, key: string) =>
    events.find((event) => event.type === type && key in event.detail)?.detail[key];
  expect(named("gate_decision", "discussion")).toBe(my.discussionId);
  expect(named("artifact_annotated", "annotation")).toBe(my.annotationId);
  expect(parseId(String(named("member_joined", "user")))?.prefix).toBe("user");
  expect(parseId(String(named("message_answered", "message")))?.prefix).toBe("message");
  expect(parseId(String(named("agent.build_paused", "escalation")))?.prefix).toBe("escalation");
});

test("the log holds what it always held, and its hashes fit", async () => {
  const { prisma } = app.database;
  for (const projectId of projects) {
    expect(await verifyTimeline(prisma, uuidOf(projectId))).toMatchObject({ fault: null });
  }
  const shown = events.find(({ type }) => type === "member_joined");
  const stored = await prisma.event.findUniqueOrThrow({ where: { id: uuidOf(shown?.id ?? "") } });
  expect(stored.detail).toMatchObject({ user: uuidOf(String(shown?.detail.user)) });
});

import { beforeAll, describe, expect, test } from "vitest";
import { applyDeadlines } from "../../../src/services/escalation/apply-deadlines.ts";
import { useApp } from "../../support/app.ts";
import { SequentialIds } from "../../support/ids.ts";
import { type Subscription, subscribe } from "../../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../../support/tokens.ts";
import { Agent, createRun, plan, readRun } from "../support/agent.ts";
import { OpenGate } from "../support/commands.ts";
import {
  answer,
  fail,
  InboxStream,
  RaiseEscalation,
  RunStream,
  SkipEscalation,
  stick,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { nextEvent, ProjectStream, untilOpen } from "../support/streams.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });
let ada: Founder;
let bob: Founder;
let agent: Agent;

beforeAll(async () => {
  [ada, bob] = [new Founder(app, await bearer("ada")), new Founder(app, await bearer("bob"))];
  agent = new Agent(ada);
});

type Told = Awaited<ReturnType<typeof nextEvent<Record<string, unknown>>>>;
const told = async <Data extends object>(stream: Subscription<Data>) => (await nextEvent(stream)) as Told;

describe("what is asked, live", () => {
  test("the inbox tells of questions that are opened, answered, skipped and expired in all the viewer's projects", async () => {
    const projects = [await ada.project("One"), await ada.project("Two")];
    const stream = await subscribe("WebSocket", app.url, InboxStream, {}, ada.headers);
    const foreign = await subscribe("WebSocket", app.url, InboxStream, {}, bob.headers);
    await untilOpen(app.url, 2);
    const asked: string[] = [];
    for (const projectId of projects) {
      await ada.succeed(OpenGate, { projectId });
      const runId = await createRun(ada, projectId, plan("a", "b"));
      const other = await agent.claim({ runId });
      const { escalationId } = await stick(ada, agent, runId);
      await fail(ada, other.held);
      asked.push(escalationId);
      expect(await told(stream)).toMatchObject({
        __typename: "EscalationEvent",
        type: "agent.waiting_for_input",
        project: { id: projectId },
        toStatus: "PENDING",
        escalation: { id: escalationId },
      });
    }
    await answer(ada, asked[0] ?? "", "retry");
    expect(await told(stream)).toMatchObject({
      type: "agent.escalation_resolved",
      actor: "FOUNDER",
      fromStatus: "PENDING",
      toStatus: "RESOLVED",
      escalation: { id: asked[0] },
    });
    await ada.succeed(SkipEscalation, { escalationId: asked[1] ?? "" });
    expect(await told(stream)).toMatchObject({ type: "agent.escalation_resolved", toStatus: "SKIPPED" });

    const { held } = await agent.claim({ runId: await createRun(ada, projects[0] ?? "", plan("a")) });
    const dueAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
    await ada.succeed(RaiseEscalation, { ...held, problem: "Which?", dueAt });
    expect(await told(stream)).toMatchObject({ type: "agent.waiting_for_input", detail: { dueAt } });
    app.clock.advanceSeconds(60);
    // As a worker of another process would: the wake-up is lost, and the next event brings what came before it.
    const { prisma } = app.database;
    const services = { prisma, clock: app.clock, ids: new SequentialIds(), wakeups: { publish: () => {} } };
    expect(await applyDeadlines(services)).toBe(1);
    await ada.succeed(OpenGate, { projectId: projects[0] ?? "" });
    expect(await told(stream)).toMatchObject({
      type: "agent.escalation_expired",
      actor: "SYSTEM",
      toStatus: null,
      escalation: { status: "PENDING" },
    });
    await stream.close();

    const theirs = await bob.project("Bob's");
    const runId = await createRun(bob, theirs, plan("a"));
    await stick(bob, new Agent(bob), runId);
    expect(await told(foreign)).toMatchObject({ project: { id: theirs } });
    await foreign.close();
  });

  test("the streams of the run and of the project carry them, and replay them", async () => {
    const projectId = await ada.project("Three");
    const runId = await createRun(ada, projectId, plan("a"));
    const { startCursor: after } = await readRun(ada, runId);
    const { escalationId } = await stick(ada, agent, runId);
    await answer(ada, escalationId, "retry");
    const escalations = ["agent.waiting_for_input", "agent.escalation_resolved"];

    const ofProject = await subscribe(
      "SSE",
      app.url,
      ProjectStream,
      { projectId, after, subjects: ["ESCALATION"] },
      ada.headers,
    );
    for (const type of escalations)
      expect(await told(ofProject)).toMatchObject({ type, subject: "ESCALATION" });
    await ofProject.close();

    const ofRun = await subscribe("WebSocket", app.url, RunStream, { runId, after }, ada.headers);
    const types: string[] = [];
    while (types.at(-1) !== "agent.build_resumed") types.push((await nextEvent(ofRun)).type);
    await ofRun.close();
    expect(types.filter((type) => type.startsWith("agent."))).toEqual([
      "agent.retrying",
      "agent.retrying",
      "agent.build_paused",
      "agent.waiting_for_input",
      "agent.escalation_resolved",
      "agent.build_resumed",
    ]);
    const { timeline } = await readRun(ada, runId);
    expect(timeline.nodes.map(({ type }) => type)).toEqual(types);
  });
});

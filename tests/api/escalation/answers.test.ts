import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { Agent, createRun, plan, standings } from "../support/agent.ts";
import { ArchiveProject } from "../support/commands.ts";
import {
  answer,
  claimAnswered,
  fail,
  Inbox,
  ReadEscalation,
  ResolveEscalation,
  RunEscalations,
  readEscalation,
  SkipEscalation,
  stick,
  typesOf,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { Viewer } from "../support/queries.ts";
import { fingerprint } from "../support/rows.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
let projectId: string;
let userId: string;

beforeAll(async () => {
  await founder.enlargePlan();
  projectId = await founder.project();
  userId = (await founder.read(Viewer, {})).viewer.id;
});

const run = (...lines: string[]) => createRun(founder, projectId, plan(...lines));
async function pageOf(id: string, after: string | null) {
  const { node } = await founder.read(RunEscalations, { id, first: 1, after });
  if (!node || !("escalations" in node)) throw new Error("The run is there.");
  return node.escalations;
}

const UNKNOWN = "escalation_01h455vb4pex5vsknk084sn02q";

describe("an escalation is read and answered", () => {
  test("one that is not there is null, and cannot be answered", async () => {
    expect(await founder.read(ReadEscalation, { id: UNKNOWN })).toEqual({ node: null });
    for (const result of [
      await founder.run(ResolveEscalation, { escalationId: UNKNOWN, decision: "retry" }),
      await founder.run(SkipEscalation, { escalationId: UNKNOWN }),
    ]) {
      expect(result).toMatchObject({ __typename: "NotFoundError" });
    }
  });

  test("a run in which nothing was asked has an empty list", async () => {
    const { node } = await founder.read(RunEscalations, { id: await run("a") });
    expect(node).toMatchObject({ escalations: { totalCount: 0, nodes: [] } });
  });

  test("it is answered once: the second answer is told what was decided, by whom and when", async () => {
    const runId = await run("a");
    const { escalationId } = await stick(founder, agent, runId);
    const { escalation, events } = await answer(founder, escalationId, "retry", "  The network is back. ");
    expect(escalation).toMatchObject({
      status: "RESOLVED",
      founderDecision: "retry",
      founderGuidance: "The network is back.",
      resolution: "ANSWER",
      resolvedAt: app.clock.now().toISOString(),
      resolvedBy: { id: userId },
      workstream: { status: "READY", blockedBy: null, guidance: "The network is back." },
      stopped: { nodes: [{ state: "TRYING" }] },
    });
    expect(events[0]).toMatchObject({
      __typename: "EscalationEvent",
      actor: "FOUNDER",
      subject: "ESCALATION",
      reason: "The network is back.",
      detail: { decision: "retry", resolution: "ANSWER" },
    });
    const decided = { decision: "retry", by: { id: userId }, at: escalation.resolvedAt };
    for (const [document, input] of [
      [ResolveEscalation, { escalationId, decision: "abort" }],
      [SkipEscalation, { escalationId }],
    ] as const) {
      expect(await founder.run(document as typeof ResolveEscalation, input as never)).toMatchObject({
        __typename: "ConflictError",
        currentState: "RESOLVED",
        decided,
      });
    }
    expect(await readEscalation(founder, escalationId)).toMatchObject(escalation);
  });

  test("the same command again under its idempotency key has one effect, also when it was refused", async () => {
    const { escalationId } = await stick(founder, agent, await run("a"));
    const input = { escalationId, decision: "retry", idempotencyKey: "answer" };
    const first = await founder.succeed(ResolveEscalation, input);
    const second = await founder.succeed(ResolveEscalation, input);
    expect(second.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
    const late = { escalationId, decision: "abort", idempotencyKey: "late" };
    const refused = await founder.run(ResolveEscalation, late);
    expect(refused).toMatchObject({ __typename: "ConflictError", decided: { decision: "retry" } });
    expect(await founder.run(ResolveEscalation, late)).toEqual(refused);
  });

  test("guidance comes with the next claim, and with the one after a lease that expired", async () => {
    const runId = await run("a");
    const { escalationId } = await stick(founder, agent, runId);
    await answer(founder, escalationId, "provide_guidance", "Use the new API.");
    for (const _ of ["the first", "the next"]) {
      const claimed = await claimAnswered(founder, runId);
      expect(claimed).toMatchObject({
        workstream: { guidance: "Use the new API." },
        answer: { id: escalationId, founderDecision: "provide_guidance" },
      });
      app.clock.advanceSeconds(300);
    }
  });

  test("skip gives up the workstream, blocks what depends on it, and lets the rest go on", async () => {
    for (const document of ["resolve", "skip"] as const) {
      const runId = await run("a", "b: a", "c: b", "d");
      const { escalationId } = await stick(founder, agent, runId);
      const { escalation, events } =
        document === "resolve"
          ? await answer(founder, escalationId, "skip")
          : await founder.succeed(SkipEscalation, { escalationId, reason: "Not needed." });
      expect(escalation).toMatchObject(
        document === "resolve"
          ? { status: "RESOLVED", founderDecision: "skip" }
          : { status: "SKIPPED", founderDecision: null },
      );
      expect(escalation).toMatchObject({ resolution: "ANSWER", resolvedBy: { id: userId } });
      expect(typesOf(events)).toEqual([
        "agent.escalation_resolved",
        "workstream_transition",
        "agent.build_resumed",
        "workstream_transition",
        "workstream_transition",
      ]);
      expect(await standings(founder, runId)).toEqual({
        run: "RUNNING",
        a: "ABANDONED",
        b: "BLOCKED",
        c: "BLOCKED",
        d: "READY",
      });
    }
  });

  test("skipping the last thing that could go on ends the run with it", async () => {
    const runId = await run("a", "b: a");
    const { escalationId } = await stick(founder, agent, runId);
    await founder.succeed(SkipEscalation, { escalationId });
    expect(await standings(founder, runId)).toEqual({ run: "ABANDONED", a: "ABANDONED", b: "BLOCKED" });
  });

  test("abort abandons the whole run, and closes what else is asked in it", async () => {
    const runId = await run("a", "b", "c");
    const a = await agent.claim({ runId });
    const { escalationId } = await stick(founder, agent, runId);
    for (const _ of [1, 2]) await fail(founder, a.held, { errorCode: "E2" });
    const { escalation: other } = await fail(founder, a.held, { errorCode: "E2" });
    const { escalation, events } = await answer(founder, escalationId, "abort");
    expect(escalation).toMatchObject({ status: "RESOLVED", founderDecision: "abort" });
    expect(events.at(-1)).toMatchObject({
      type: "run_transition",
      actor: "FOUNDER",
      toState: "ABANDONED",
      detail: { cause: "ESCALATION_ABORTED" },
    });
    expect(await standings(founder, runId)).toEqual({
      run: "ABANDONED",
      a: "ABANDONED",
      b: "ABANDONED",
      c: "ABANDONED",
    });
    const otherId = other?.id ?? "";
    expect(await readEscalation(founder, otherId)).toMatchObject({
      status: "SKIPPED",
      resolution: "RUN_ENDED",
      resolvedBy: null,
    });
    expect(await founder.run(ResolveEscalation, { escalationId: otherId, decision: "retry" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "RUN_ENDED",
      from: "ABANDONED",
    });
  });

  test("an archived project's questions are closed, and cannot be answered", async () => {
    const archived = await founder.project("Old");
    const runId = await createRun(founder, archived, plan("a"));
    const { escalationId } = await stick(founder, agent, runId);
    await founder.succeed(ArchiveProject, { projectId: archived });
    expect(await readEscalation(founder, escalationId)).toMatchObject({ resolution: "RUN_ENDED" });
    expect(await founder.run(ResolveEscalation, { escalationId, decision: "retry" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "ARCHIVED",
    });
  });

  test("bad answers are refused with what is wrong, and change nothing", async () => {
    const { escalationId } = await stick(founder, agent, await run("a"));
    const before = await fingerprint(app);
    const cases: [Record<string, string>, string, RegExp][] = [
      [{ decision: "retry please" }, "decision", /must be one of retry, skip, provide_guidance, abort/],
      [{ decision: "" }, "decision", /must not be empty/],
      [{ decision: "x".repeat(256) }, "decision", /not be longer/],
      [{ decision: "provide_guidance" }, "guidance", /must not be empty when the decision/],
      [{ decision: "provide_guidance", guidance: "  " }, "guidance", /must not be empty when the decision/],
      [{ decision: "retry", guidance: "x".repeat(100_000) }, "guidance", /longer than 10,000/],
      [{ decision: "retry", guidance: "a\u0000b" }, "guidance", /NUL/],
    ];
    for (const [given, path, message] of cases) {
      const input = { escalationId, decision: "", ...given };
      expect(await founder.run(ResolveEscalation, input)).toMatchObject({
        __typename: "ValidationError",
        issues: [{ path, message: expect.stringMatching(message) }],
      });
    }
    expect(await fingerprint(app)).toBe(before);
    const longest = await answer(founder, escalationId, "provide_guidance", "x".repeat(10_000));
    expect(longest.escalation.founderGuidance).toHaveLength(10_000);
  });

  test("a run lists what was asked in it, newest first, in pages and by status", async () => {
    const runId = await run("a");
    const asked: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { escalationId } = await stick(founder, agent, runId);
      asked.unshift(escalationId);
      if (count < 2) await answer(founder, escalationId, "retry");
    }
    const all = await founder.read(RunEscalations, { id: runId });
    expect(all.node).toMatchObject({ escalations: { totalCount: 3, nodes: asked.map((id) => ({ id })) } });
    const pending = await founder.read(RunEscalations, { id: runId, status: "PENDING" });
    expect(pending.node).toMatchObject({ escalations: { totalCount: 1, nodes: [{ id: asked[0] }] } });
    const found: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page = await pageOf(runId, after);
      found.push(...page.nodes.map(({ id }) => id));
      ({ hasNextPage: more, endCursor: after = null } = page.pageInfo);
    }
    expect(found).toEqual(asked);
  });

  test("the viewer's inbox holds what is pending in all their projects, with its count", async () => {
    const before = (await founder.read(Inbox, { status: "PENDING" })).viewer;
    const places = [await founder.project("One"), await founder.project("Two")];
    const asked: string[] = [];
    for (const place of places) {
      const runId = await createRun(founder, place, plan("a"));
      asked.unshift((await stick(founder, agent, runId)).escalationId);
    }
    const { viewer } = await founder.read(Inbox, { status: "PENDING", first: 2 });
    expect(viewer.escalations).toMatchObject({
      totalCount: before.escalations.totalCount + 2,
      nodes: asked.map((id, index) => ({ id, status: "PENDING", project: { id: places[1 - index] } })),
    });
    expect(viewer.pendingEscalationCount).toBe(viewer.escalations.totalCount);
    await answer(founder, asked[0] ?? "", "retry");
    const after = (await founder.read(Inbox, { status: "PENDING", first: 2 })).viewer;
    expect(after.pendingEscalationCount).toBe(viewer.pendingEscalationCount - 1);
    const all = (await founder.read(Inbox, {})).viewer;
    expect(all.escalations.totalCount).toBeGreaterThan(after.escalations.totalCount);
  });
});

import { describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { Agent, createRun, plan, readRun, standings } from "./support/agent.ts";
import { ArchiveProject, ParkProject } from "./support/commands.ts";
import { answer, RaiseEscalation, stick } from "./support/escalations.ts";
import { Founder } from "./support/founder.ts";
import { fingerprint } from "./support/rows.ts";
import {
  ClaimWorkstream,
  CreateRun,
  CreateWorkstream,
  HeartbeatWorkstream,
  RecordRunEvent,
  TransitionRun,
  TransitionWorkstream,
} from "./support/run-commands.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);

/** A project of its own, on a plan that allows it. */
async function newProject(): Promise<string> {
  await founder.enlargePlan();
  return founder.project();
}

describe("creating a run", () => {
  test("makes the whole graph, with what depends on nothing ready", async () => {
    const projectId = await newProject();
    const { run, events } = await founder.succeed(CreateRun, {
      projectId,
      title: " Build the MVP ",
      metadata: { branch: "main" },
      workstreams: [
        { key: "schema", title: "The schema", steps: ["edit", "static"], metadata: { size: 3 } },
        { key: "api", dependsOn: ["schema"] },
        { key: "web", dependsOn: ["api", "schema"] },
      ],
    });
    expect(run).toMatchObject({
      title: "Build the MVP",
      status: "PENDING",
      metadata: { branch: "main" },
      startedAt: null,
      endedAt: null,
      project: { id: projectId },
    });
    expect(run.workstreams.nodes).toMatchObject([
      {
        key: "schema",
        title: "The schema",
        status: "READY",
        steps: ["edit", "static"],
        metadata: { size: 3 },
        attempt: 0,
        dependsOn: [],
      },
      { key: "api", title: "api", status: "PENDING", dependsOn: [{ key: "schema" }] },
      { key: "web", status: "PENDING", dependsOn: [{ key: "schema" }, { key: "api" }] },
    ]);
    expect(events).toMatchObject([
      {
        __typename: "RunEvent",
        type: "run_created",
        actor: "FOUNDER",
        toState: "PENDING",
        run: { id: run.id },
        workstream: null,
        detail: { title: "Build the MVP", workstreams: 3, ready: 1 },
      },
    ]);
  });

  test("takes 1,000 workstreams in one call, and one more is refused", async () => {
    const projectId = await newProject();
    const keys = Array.from({ length: 1_000 }, (_, index) => `w${index}`);
    const workstreams = keys.map((key, index) => ({ key, dependsOn: index === 0 ? [] : [`w${index - 1}`] }));
    const runId = await createRun(founder, projectId, workstreams);
    const { workstreams: page, workstreamCounts } = await readRun(founder, runId);
    expect(page.totalCount).toBe(1_000);
    expect(workstreamCounts.filter(({ count }) => count > 0)).toEqual([
      { status: "PENDING", count: 999 },
      { status: "READY", count: 1 },
    ]);
    const input = { projectId, title: "Build", workstreams: [...workstreams, { key: "more" }] };
    expect(await founder.run(CreateRun, input)).toMatchObject({ issues: [{ path: "workstreams" }] });
    expect(await founder.run(CreateWorkstream, { runId, key: "more" })).toMatchObject({
      __typename: "ConflictError",
      currentState: "FULL",
    });
    const { events } = await founder.succeed(TransitionRun, { runId, to: "ABANDONED" });
    expect(events).toHaveLength(1_001);
  }, 60_000);

  test("takes a failure through 1,000 workstreams in one command", async () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `w${index}`);
    const workstreams = keys.map((key, index) => ({ key, dependsOn: index === 0 ? [] : [`w${index - 1}`] }));
    const runId = await createRun(founder, await newProject(), workstreams);
    const { held } = await agent.claim({ runId });
    const { events } = await founder.succeed(TransitionWorkstream, { ...held, to: "FAILED" });
    expect(events).toHaveLength(1_001);
    expect((await readRun(founder, runId)).status).toBe("FAILED");
  }, 60_000);

  test.each<[string, string[], string, RegExp]>([
    ["a cycle", ["a: b", "b: c", "c: a"], "workstreams", /circle: a → b → c → a/],
    ["an unknown dependency", ["a", "b: a x"], "workstreams.1.dependsOn.1", /no workstream "x"/],
    ["a key twice", ["a", "b", "a"], "workstreams.2.key", /given twice/],
    ["a dependency twice", ["a", "b: a a"], "workstreams.1.dependsOn.1", /given twice/],
    ["a dependency on itself", ["a: a"], "workstreams.0.dependsOn.0", /itself/],
  ])("refuses %s, and writes nothing", async (_name, lines, path, message) => {
    const projectId = await newProject();
    const before = await fingerprint(app);
    const result = await founder.run(CreateRun, { projectId, title: "Build", workstreams: plan(...lines) });
    expect(result).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path, message: expect.stringMatching(message) }],
    });
    expect(await fingerprint(app)).toBe(before);
  });

  test("needs no workstreams: they can be added, and without any it does not end", async () => {
    const projectId = await newProject();
    const runId = await createRun(founder, projectId, []);
    expect(await standings(founder, runId)).toEqual({ run: "PENDING" });
    const { run } = await founder.succeed(TransitionRun, { runId, to: "RUNNING" });
    expect(run.status).toBe("RUNNING");
    await founder.succeed(CreateWorkstream, { runId, key: "a" });
    expect(await agent.work(runId)).toBe("a");
    expect(await standings(founder, runId)).toEqual({ run: "COMPLETED", a: "DONE" });
  });

  test("is refused in an archived project, with the rule on record", async () => {
    const projectId = await newProject();
    const runId = await createRun(founder, projectId, plan("a"));
    await founder.succeed(ArchiveProject, { projectId });
    const refused = { __typename: "GuardRejectedError", rule: "ARCHIVED" };
    expect(await founder.run(CreateRun, { projectId, title: "Late" })).toMatchObject(refused);
    expect(await founder.run(ClaimWorkstream, { runId, agent: "a" })).toMatchObject(refused);
    expect(await founder.run(TransitionRun, { runId, to: "RUNNING" })).toMatchObject(refused);
    expect(await founder.run(RecordRunEvent, { runId, type: "note" })).toMatchObject(refused);
    const { events } = await founder.log(projectId);
    expect(events.slice(-4).map(({ type }) => type)).toEqual([
      "command_rejected",
      "command_rejected",
      "transition_rejected",
      "command_rejected",
    ]);
  });
});

describe("readiness", () => {
  test("follows the dependencies, and the run is completed when all are done", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: a", "d: b c"));
    const { events } = await founder.succeed(ClaimWorkstream, { runId, agent: "agent-1" });
    expect(events).toMatchObject([
      {
        type: "run_transition",
        actor: "SYSTEM",
        fromState: "PENDING",
        toState: "RUNNING",
        detail: { cause: "FIRST_CLAIM" },
      },
      { type: "workstream_claimed", actor: "AGENT", workstream: { key: "a" }, toState: "EDITING" },
    ]);
    expect(await standings(founder, runId)).toEqual({
      run: "RUNNING",
      a: "EDITING",
      b: "PENDING",
      c: "PENDING",
      d: "PENDING",
    });
  });

  test("comes in the order of the graph", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: a", "d: b c", "e"));
    const order = [];
    for (let count = 0; count < 5; count += 1) order.push(await agent.work(runId));
    expect(order).toEqual(["a", "e", "b", "c", "d"]);
    const { status, endedAt, timeline } = await readRun(founder, runId);
    expect({ status, endedAt }).toEqual({ status: "COMPLETED", endedAt: app.clock.now().toISOString() });
    expect(timeline.nodes.at(-1)).toMatchObject({
      type: "run_transition",
      actor: "SYSTEM",
      fromState: "RUNNING",
      toState: "COMPLETED",
      detail: { cause: "OUTCOME" },
    });
    expect(await agent.tryClaim({ runId })).toBeNull();
  });

  test("is lost through the whole graph when one fails, in one transaction", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: b", "other"));
    const { held } = await agent.claim({ runId });
    const { workstream, events } = await founder.succeed(TransitionWorkstream, {
      ...held,
      to: "FAILED",
      reason: "It cannot be done",
    });
    expect(workstream).toMatchObject({ status: "FAILED", leaseHolder: null, leaseExpiresAt: null });
    expect(events).toMatchObject([
      { type: "workstream_transition", actor: "AGENT", toState: "FAILED", reason: "It cannot be done" },
      {
        type: "workstream_transition",
        actor: "SYSTEM",
        toState: "BLOCKED",
        workstream: { key: "b" },
        detail: { cause: "DEPENDENCIES" },
      },
      { type: "workstream_transition", actor: "SYSTEM", toState: "BLOCKED", workstream: { key: "c" } },
    ]);
    expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(await standings(founder, runId)).toEqual({
      run: "RUNNING",
      a: "FAILED",
      b: "BLOCKED",
      c: "BLOCKED",
      other: "READY",
    });
    await agent.work(runId);
    expect((await standings(founder, runId)).run).toBe("PARTIAL");
  });

  test("comes back when a failed workstream is replaced", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: b", "other"));
    await agent.work(runId, "FAILED");
    const { workstream, events } = await founder.succeed(CreateWorkstream, {
      runId,
      key: "a2",
      replaces: "a",
      title: "Once more",
    });
    expect(workstream).toMatchObject({ key: "a2", status: "READY", position: 4 });
    expect(events).toMatchObject([
      { type: "workstream_created", toState: "READY", detail: { key: "a2", replaces: "a" } },
      { type: "workstream_transition", fromState: "BLOCKED", toState: "PENDING", workstream: { key: "b" } },
      { type: "workstream_transition", fromState: "BLOCKED", toState: "PENDING", workstream: { key: "c" } },
    ]);
    for (const expected of ["other", "a2", "b", "c"]) expect(await agent.work(runId)).toBe(expected);
    const { status, workstreams } = await readRun(founder, runId);
    expect(status).toBe("COMPLETED");
    expect(workstreams.nodes[0]).toMatchObject({ status: "FAILED", replacedBy: { key: "a2" } });
    expect(workstreams.nodes[1]).toMatchObject({ dependsOn: [{ key: "a2" }] });
  });

  test.each<[string, Record<string, unknown>, object]>([
    ["what has not failed", { key: "n", replaces: "b" }, { rule: "NOTHING_TO_REPLACE", from: "BLOCKED" }],
    ["what is not there", { key: "n", replaces: "x" }, { rule: "NOTHING_TO_REPLACE", from: null }],
    ["by a key that is taken", { key: "b", replaces: "a" }, { __typename: "ConflictError" }],
    [
      "by what waits for it",
      { key: "n", replaces: "a", dependsOn: ["c"] },
      { issues: [{ path: "dependsOn" }] },
    ],
    [
      "by what depends on it",
      { key: "n", replaces: "a", dependsOn: ["a"] },
      { issues: [{ path: "dependsOn.0" }] },
    ],
    [
      "by what depends on nothing known",
      { key: "n", dependsOn: ["x"] },
      { issues: [{ path: "dependsOn.0" }] },
    ],
  ])("refuses to replace %s", async (_name, input, refusal) => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: b", "other"));
    await agent.work(runId, "FAILED");
    const before = await standings(founder, runId);
    expect(await founder.run(CreateWorkstream, { runId, key: "n", ...input })).toMatchObject(refusal);
    expect(await standings(founder, runId)).toEqual(before);
  });
});

test("a refused workstream is on record without its plan, which may be large", async () => {
  const runId = await createRun(founder, await newProject(), plan("a", "b"));
  const input = { runId, key: "a", title: "Again", dependsOn: ["b"], steps: ["edit"], metadata: { big: 1 } };
  expect(await founder.run(CreateWorkstream, input)).toMatchObject({ __typename: "ConflictError" });
  expect((await readRun(founder, runId)).timeline.nodes.at(-1)).toMatchObject({
    type: "command_rejected",
    detail: { command: "createWorkstream", rule: "CONFLICT", input: { key: "a", title: "Again" } },
  });
  const { detail } = (await readRun(founder, runId)).timeline.nodes.at(-1) ?? {};
  expect(Object.keys((detail as { input: object }).input)).toEqual(["key", "title"]);
});

describe("the end of a run", () => {
  test.each<[string, string[], ("DONE" | "FAILED" | "ABANDONED")[], string]>([
    ["COMPLETED when all are done", ["a", "b"], ["DONE", "DONE"], "COMPLETED"],
    ["PARTIAL when one is done and one failed", ["a", "b"], ["DONE", "FAILED"], "PARTIAL"],
    ["PARTIAL when one is done and one was abandoned", ["a", "b"], ["DONE", "ABANDONED"], "PARTIAL"],
    ["PARTIAL when one is done and the rest is blocked", ["a", "b", "c: b"], ["DONE", "FAILED"], "PARTIAL"],
    ["FAILED when none is done and one failed", ["a", "b", "c: b"], ["ABANDONED", "FAILED"], "FAILED"],
    ["ABANDONED when all were", ["a", "b", "c: a"], ["ABANDONED", "ABANDONED"], "ABANDONED"],
  ])("is %s", async (_name, lines, ends, status) => {
    const runId = await createRun(founder, await newProject(), plan(...lines));
    for (const end of ends) {
      expect((await standings(founder, runId)).run).not.toBe(status);
      await agent.work(runId, end);
    }
    expect((await readRun(founder, runId)).status).toBe(status);
    expect(await founder.run(CreateWorkstream, { runId, key: "late" })).toMatchObject({
      rule: "RUN_ENDED",
      from: status,
    });
    expect(await founder.run(TransitionRun, { runId, to: "RUNNING" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "TERMINAL_STATE",
      from: status,
      to: "RUNNING",
      allowed: [],
    });
    await founder.succeed(RecordRunEvent, { runId, type: "post-mortem", payload: { lesson: "none" } });
  });

  test("leaves what is blocked as it is, for people too", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a"));
    await agent.work(runId, "FAILED");
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    expect(await founder.run(TransitionWorkstream, { workstreamId: b, to: "ABANDONED" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "RUN_ENDED",
      from: "BLOCKED",
      to: "ABANDONED",
      allowed: [],
    });
    expect(await standings(founder, runId)).toEqual({ run: "FAILED", a: "FAILED", b: "BLOCKED" });
  });

  test("comes before its first claim when everything is given up", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a"));
    const [a] = (await readRun(founder, runId)).workstreams.nodes;
    const input = { workstreamId: a?.id ?? "", to: "FAILED" } as const;
    await founder.succeed(TransitionWorkstream, input);
    expect(await standings(founder, runId)).toEqual({ run: "FAILED", a: "FAILED", b: "BLOCKED" });
  });

  test("cannot be asked for, except by abandoning", async () => {
    const runId = await createRun(founder, await newProject(), plan("a"));
    await agent.claim({ runId });
    for (const to of ["COMPLETED", "FAILED", "PARTIAL"] as const) {
      expect(await founder.run(TransitionRun, { runId, to })).toMatchObject({
        rule: "RUN_ENDS_BY_ITSELF",
        from: "RUNNING",
        to,
        allowed: ["ABANDONED"],
      });
    }
  });

  test("abandons everything that has not ended, with its leases and steps", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b", "c: b", "d: a"));
    await agent.work(runId);
    const { held } = await agent.claim({ runId });
    await agent.startStep(held);
    const { run, events } = await founder.succeed(TransitionRun, {
      runId,
      to: "ABANDONED",
      reason: "Enough",
    });
    expect(run.status).toBe("ABANDONED");
    expect(await standings(founder, runId)).toEqual({
      run: "ABANDONED",
      a: "DONE",
      b: "ABANDONED",
      c: "ABANDONED",
      d: "ABANDONED",
    });
    expect(events.map(({ type }) => type)).toEqual([
      "step_completed",
      "workstream_transition",
      "workstream_transition",
      "workstream_transition",
      "run_transition",
    ]);
    expect(events.at(-1)).toMatchObject({ actor: "FOUNDER", reason: "Enough", toState: "ABANDONED" });
    expect(await agent.tryClaim({ runId })).toBeNull();
  });

  test("that a person abandoned refuses everything with that person's reason", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b"));
    const { held } = await agent.claim({ runId });
    const attemptId = await agent.startStep(held);
    await founder.succeed(TransitionRun, { runId, to: "ABANDONED", reason: "We buy it instead" });
    const why = expect.stringMatching(/ The run was abandoned: “We buy it instead”$/);
    for (const result of Object.values(await agent.tryAll(held, attemptId))) {
      expect(result).toMatchObject({ __typename: "ConflictError", currentState: "ABANDONED", message: why });
    }
    const asked = [
      await founder.run(RaiseEscalation, { ...held, problem: "Which?" }),
      await founder.run(TransitionRun, { runId, to: "RUNNING" }),
      await founder.run(CreateWorkstream, { runId, key: "c" }),
      await founder.run(TransitionWorkstream, { workstreamId: held.workstreamId, to: "READY" }),
    ];
    for (const result of asked) expect(result).toMatchObject({ message: why });
    const { timeline } = await readRun(founder, runId);
    expect(timeline.nodes.at(-1)).toMatchObject({ type: "transition_rejected", reason: why });
  });

  test("that nobody gave a reason for is refused as before", async () => {
    const runId = await createRun(founder, await newProject(), plan("a"));
    await founder.succeed(TransitionRun, { runId, to: "ABANDONED" });
    const refused = await founder.run(TransitionRun, { runId, to: "RUNNING" });
    expect(refused).toMatchObject({ message: expect.not.stringContaining("was abandoned:") });
  });

  test("whose agent a person stopped tells that agent why: by taking the work, by archiving the project, by an answer", async () => {
    const projectId = await newProject();
    const runId = await createRun(founder, projectId, plan("a", "b", "c"));
    const [a, b] = [await agent.claim({ runId }), await agent.claim({ runId })];
    await founder.succeed(TransitionWorkstream, {
      workstreamId: a.held.workstreamId,
      to: "ABANDONED",
      takeBack: true,
      reason: "Not needed",
    });
    const heartbeat = (held: typeof a.held) => founder.run(HeartbeatWorkstream, held);
    expect(await heartbeat(a.held)).toMatchObject({
      message: expect.stringMatching(/ It was moved to ABANDONED: “Not needed”$/),
    });
    const { escalationId } = await stick(founder, agent, runId);
    await answer(founder, escalationId, "abort", "Nobody wants it");
    expect(await heartbeat(b.held)).toMatchObject({
      message: expect.stringMatching(/ The run was abandoned: “Nobody wants it”$/),
    });
    await founder.succeed(ArchiveProject, { projectId, reason: "Sold" });
    expect(await heartbeat(b.held)).toMatchObject({
      message: expect.stringMatching(/ It was archived: “Sold”$/),
    });
  });
});

describe("a hold", () => {
  test("keeps a workstream from being claimed until it is lifted", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: b"));
    const [a, b] = (await readRun(founder, runId)).workstreams.nodes.map(({ id }) => id);
    const move = (workstreamId = "", to: "BLOCKED" | "READY" | "PENDING") =>
      founder.run(TransitionWorkstream, { workstreamId, to });
    expect(await move(a, "BLOCKED")).toMatchObject({ workstream: { status: "BLOCKED", blockedBy: "HOLD" } });
    expect(await move(b, "BLOCKED")).toMatchObject({ workstream: { blockedBy: "HOLD" } });
    expect(await agent.tryClaim({ runId })).toBeNull();
    expect(await standings(founder, runId)).toMatchObject({ run: "PENDING", c: "PENDING" });
    expect(await move(a, "PENDING")).toMatchObject({
      rule: "DEPENDENCIES_DECIDE",
      from: "BLOCKED",
      to: "PENDING",
      allowed: ["READY", "FAILED", "ABANDONED"],
    });
    expect(await move(b, "READY")).toMatchObject({
      rule: "DEPENDENCIES_DECIDE",
      allowed: ["PENDING", "FAILED", "ABANDONED"],
    });
    expect(await move(a, "READY")).toMatchObject({ workstream: { status: "READY", blockedBy: null } });
    expect(await agent.work(runId)).toBe("a");
    expect(await standings(founder, runId)).toMatchObject({ b: "BLOCKED", run: "RUNNING" });
    expect(await move(b, "READY")).toMatchObject({ workstream: { status: "READY" } });
  });

  test("keeps the run from ending, and what depends on it only waits", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b", "c: b"));
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "BLOCKED" });
    await agent.work(runId, "FAILED");
    expect(await standings(founder, runId)).toEqual({
      run: "RUNNING",
      a: "FAILED",
      b: "BLOCKED",
      c: "PENDING",
    });
    await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "ABANDONED" });
    expect(await standings(founder, runId)).toEqual({
      run: "FAILED",
      a: "FAILED",
      b: "ABANDONED",
      c: "BLOCKED",
    });
  });

  test("of what is lost in the meantime can be lifted, and the run ends", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "c: b"));
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "BLOCKED" });
    await agent.work(runId, "FAILED");
    expect(await standings(founder, runId)).toMatchObject({ run: "RUNNING", b: "BLOCKED", c: "PENDING" });
    const { workstream, events } = await founder.succeed(TransitionWorkstream, {
      workstreamId: b,
      to: "PENDING",
      reason: "No more reason",
    });
    expect(workstream).toMatchObject({
      status: "BLOCKED",
      blockedBy: "DEPENDENCY",
      run: { status: "FAILED" },
    });
    expect(events).toMatchObject([
      { type: "hold_lifted", actor: "FOUNDER", reason: "No more reason", detail: { cause: "HOLD_LIFTED" } },
      { type: "workstream_transition", actor: "SYSTEM", fromState: "PENDING", toState: "BLOCKED" },
      { type: "run_transition", actor: "SYSTEM", toState: "FAILED" },
    ]);
  });

  test("that was lifted from what is lost comes back when that is replaced", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "other"));
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "BLOCKED" });
    await agent.work(runId, "FAILED");
    await founder.succeed(TransitionWorkstream, { workstreamId: b, to: "READY" });
    await founder.succeed(CreateWorkstream, { runId, key: "a2", replaces: "a" });
    expect(await standings(founder, runId)).toMatchObject({ run: "RUNNING", b: "PENDING", a2: "READY" });
  });

  test("cannot be lifted from what is blocked by a dependency", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b: a", "other"));
    await agent.work(runId, "FAILED");
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    for (const to of ["READY", "PENDING"] as const) {
      expect(await founder.run(TransitionWorkstream, { workstreamId: b, to })).toMatchObject({
        rule: "DEPENDENCIES_DECIDE",
        allowed: ["FAILED", "ABANDONED"],
      });
    }
  });
});

describe("an illegal transition", () => {
  test("tells from, to and what is allowed, is on record, and changes nothing else", async () => {
    const projectId = await newProject();
    const runId = await createRun(founder, projectId, plan("a"));
    const { held } = await agent.claim({ runId });
    const before = await readRun(founder, runId);
    expect(await founder.run(TransitionWorkstream, { ...held, to: "DONE", reason: "Hurry" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "ILLEGAL_TRANSITION",
      from: "EDITING",
      to: "DONE",
      allowed: ["STATIC_CHECK", "READY", "FAILED", "ABANDONED"],
    });
    const after = await readRun(founder, runId);
    const { timeline, endCursor: _end, ...rest } = after;
    const { timeline: earlier, endCursor: _earlierEnd, ...same } = before;
    expect(rest).toEqual(same);
    expect(timeline.totalCount).toBe(earlier.totalCount + 1);
    expect(timeline.nodes.at(-1)).toMatchObject({
      __typename: "RunEvent",
      type: "transition_rejected",
      subject: "RUN",
      actor: "AGENT",
      fromState: "EDITING",
      toState: "DONE",
      workstream: { key: "a" },
      detail: {
        command: "transitionWorkstream",
        rule: "ILLEGAL_TRANSITION",
        input: { to: "DONE", reason: "Hurry" },
      },
    });
    expect(JSON.stringify(timeline.nodes)).not.toContain(held.leaseToken.split("_")[1]);
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  });

  test("needs the lease to go on with the work, and a claim to begin it", async () => {
    const runId = await createRun(founder, await newProject(), plan("a", "b"));
    const b = (await readRun(founder, runId)).workstreams.nodes[1]?.id ?? "";
    expect(await founder.run(TransitionWorkstream, { workstreamId: b, to: "EDITING" })).toMatchObject({
      rule: "LEASE_REQUIRED",
      allowed: ["BLOCKED", "FAILED", "ABANDONED"],
    });
    const { held } = await agent.claim({ runId });
    const { workstreamId } = held;
    expect(await founder.run(TransitionWorkstream, { workstreamId, to: "STATIC_CHECK" })).toMatchObject({
      rule: "LEASE_REQUIRED",
      from: "EDITING",
      allowed: ["READY", "FAILED", "ABANDONED"],
    });
  });
});

test("a parked project hands out nothing, and that is no error", async () => {
  const projectId = await newProject();
  const runId = await createRun(founder, projectId, plan("a"));
  await founder.succeed(ParkProject, { projectId });
  const { count } = await founder.log(projectId);
  expect(await founder.succeed(ClaimWorkstream, { projectId, agent: "a" })).toMatchObject({
    workstream: null,
    leaseToken: null,
    run: null,
    events: [],
  });
  expect(await founder.succeed(ClaimWorkstream, { runId, agent: "a" })).toMatchObject({
    workstream: null,
    run: { id: runId, status: "PENDING" },
  });
  expect((await founder.log(projectId)).count).toBe(count);
});

test("archiving a project abandons the runs that have not ended, with their leases, in one transaction", async () => {
  const projectId = await newProject();
  const ended = await createRun(founder, projectId, plan("a"));
  await agent.work(ended);
  const pending = await createRun(founder, projectId, plan("a", "b: a"));
  const running = await createRun(founder, projectId, plan("a"));
  const { held } = await agent.claim({ runId: running });
  await agent.startStep(held);
  const { events } = await founder.succeed(ArchiveProject, { projectId, reason: "Over" });
  expect(events.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
    "project_archived FOUNDER",
    ...Array(2).fill("workstream_transition SYSTEM"),
    "run_transition SYSTEM",
    "step_completed SYSTEM",
    "workstream_transition SYSTEM",
    "run_transition SYSTEM",
  ]);
  expect(await standings(founder, ended)).toEqual({ run: "COMPLETED", a: "DONE" });
  expect(await standings(founder, pending)).toEqual({ run: "ABANDONED", a: "ABANDONED", b: "ABANDONED" });
  expect(await standings(founder, running)).toEqual({ run: "ABANDONED", a: "ABANDONED" });
  const { count, verification } = await founder.log(projectId);
  expect(verification).toEqual({ ok: true, checked: count, fault: null });
});

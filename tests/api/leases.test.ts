import { beforeEach, describe, expect, test } from "vitest";
import { GIVE_BACK_BATCH } from "../../src/services/run/give-back.ts";
import { sweepExpiredLeases } from "../../src/services/run/sweep-expired-leases.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { SequentialIds } from "../support/ids.ts";
import { Agent, createRun, expectLost, plan, readRun, standings } from "./support/agent.ts";
import { ArchiveProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { fingerprint } from "./support/rows.ts";
import {
  ClaimWorkstream,
  CompleteStep,
  HeartbeatWorkstream,
  ReleaseWorkstream,
  TransitionWorkstream,
} from "./support/run-commands.ts";

// The clock moves: a server for each test.
let app: TestApp;
let founder: Founder;
let agent: Agent;
let other: Agent;
let projectId: string;

beforeEach(async () => {
  app = await startApp();
  founder = new Founder(app);
  [agent, other] = [new Agent(founder, "agent-1"), new Agent(founder, "agent-2")];
  projectId = await founder.project();
});

const sweep = () =>
  sweepExpiredLeases({
    prisma: app.database.prisma,
    clock: app.clock,
    ids: new SequentialIds(),
    wakeups: { publish: () => {} },
  });

const newRun = (...lines: string[]) => createRun(founder, projectId, plan(...lines));

describe("a claim", () => {
  test("leases the workstream to the agent for as long as was asked", async () => {
    const runId = await newRun("a");
    const { workstream, held } = await agent.claim({ runId }, 60);
    expect(workstream).toMatchObject({
      status: "EDITING",
      attempt: 1,
      leaseHolder: "agent-1",
      leaseExpiresAt: new Date(app.clock.now().getTime() + 60_000).toISOString(),
    });
    expect(held.leaseToken).toMatch(/^lease_[0-9a-z]{26}$/);
  });

  test("with nothing ready is a success without a workstream, and appends no event", async () => {
    const runId = await newRun("a", "b: a");
    await agent.claim({ runId });
    const before = await fingerprint(app);
    const { workstream, leaseToken, run, events } = await founder.succeed(ClaimWorkstream, {
      runId,
      agent: "x",
    });
    expect({ workstream, leaseToken, events }).toEqual({ workstream: null, leaseToken: null, events: [] });
    expect(run).toEqual({ id: runId, status: "RUNNING" });
    expect(await fingerprint(app)).toBe(before);
  });

  test("takes turns between the runs of a project, the longest unserved first", async () => {
    const runs = [await newRun("a1", "a2", "a3"), await newRun("b1", "b2"), await newRun("c1")];
    const order = [];
    for (let count = 0; count < 6; count += 1) order.push((await agent.claim({ projectId })).key);
    expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
    expect(await agent.tryClaim({ projectId })).toBeNull();
    expect(await Promise.all(runs.map(async (id) => (await standings(founder, id)).run))).toEqual(
      runs.map(() => "RUNNING"),
    );
  });

  test("takes what became ready first within a run, whatever the clock says", async () => {
    const runId = await newRun("a", "b", "c: a", "d");
    const [a] = [await agent.claim({ runId }), await agent.claim({ runId })];
    app.clock.advanceSeconds(-86_400);
    for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const)
      await agent.move(a.held, to);
    expect((await agent.claim({ runId })).key).toBe("d");
    expect((await agent.claim({ runId })).key).toBe("c");
  });

  test("again with the same key gives the first result, lease and all, without a second claim", async () => {
    const runId = await newRun("a", "b");
    const input = { runId, agent: "agent-1", idempotencyKey: "once" };
    const [first, second] = [
      await founder.succeed(ClaimWorkstream, input),
      await founder.succeed(ClaimWorkstream, input),
    ];
    expect(second).toEqual(first);
    expect(first.leaseToken).not.toBeNull();
    expect(await standings(founder, runId)).toMatchObject({ a: "EDITING", b: "READY" });
  });
});

describe("a claim that an agent repeats after a restart", () => {
  test("gives it the steps in progress, which it completes", async () => {
    const runId = await newRun("a", "b");
    const input = { runId, agent: "agent-1", idempotencyKey: "resumed" };
    const first = await founder.succeed(ClaimWorkstream, input);
    expect(first.attemptsInProgress).toEqual([]);
    const held = { workstreamId: first.workstream?.id ?? "", leaseToken: first.leaseToken ?? "" };
    const done = await agent.startStep(held, "plan");
    const end = { leaseToken: held.leaseToken, status: "SUCCESS" } as const;
    await founder.succeed(CompleteStep, { attemptId: done, ...end });
    const ids = [await agent.startStep(held, "edit"), await agent.startStep(held, "docs")];
    const other = await agent.claim({ runId });
    await agent.startStep(other.held);

    const { attemptsInProgress, leaseToken } = await founder.succeed(ClaimWorkstream, input);
    expect(leaseToken).toBe(held.leaseToken);
    expect(attemptsInProgress).toEqual([
      { id: ids[0], step: "edit", number: 1 },
      { id: ids[1], step: "docs", number: 1 },
    ]);
    for (const { id } of attemptsInProgress) await founder.succeed(CompleteStep, { attemptId: id, ...end });
  });

  test("gives it none of those of whoever holds the workstream since", async () => {
    const runId = await newRun("a");
    const input = { runId, agent: "agent-1", leaseSeconds: 60, idempotencyKey: "lost" };
    const { leaseToken } = await founder.succeed(ClaimWorkstream, input);
    app.clock.advanceSeconds(60);
    const next = await new Agent(founder, "agent-2").claim({ runId });
    await agent.startStep(next.held);
    const { attemptsInProgress, ...again } = await founder.succeed(ClaimWorkstream, input);
    expect(again.leaseToken).toBe(leaseToken);
    expect(attemptsInProgress).toEqual([]);
  });
});

describe("a heartbeat", () => {
  test("extends the lease and appends no event", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId }, 60);
    app.clock.advanceSeconds(59);
    const { count } = await founder.log(projectId);
    const { workstream, events } = await founder.succeed(HeartbeatWorkstream, { ...held, leaseSeconds: 60 });
    expect(workstream.leaseExpiresAt).toBe(new Date(app.clock.now().getTime() + 60_000).toISOString());
    expect(events).toEqual([]);
    expect((await founder.log(projectId)).count).toBe(count);
    app.clock.advanceSeconds(59);
    expect(await sweep()).toBe(0);
    expect((await agent.move(held, "STATIC_CHECK")).status).toBe("STATIC_CHECK");
  });

  test("does not shorten the lease when the clock has jumped back", async () => {
    const runId = await newRun("a");
    const { held, workstream } = await agent.claim({ runId }, 60);
    app.clock.advanceSeconds(-3_600);
    const beaten = await founder.succeed(HeartbeatWorkstream, { ...held, leaseSeconds: 60 });
    expect(beaten.workstream.leaseExpiresAt).toBe(workstream.leaseExpiresAt);
    expect(await sweep()).toBe(0);
    expect((await agent.move(held, "STATIC_CHECK")).status).toBe("STATIC_CHECK");
  });

  test("after completion is refused, and says that nobody holds it", async () => {
    const runId = await newRun("a", "b");
    const { held } = await agent.claim({ runId });
    for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const) await agent.move(held, to);
    const before = await readRun(founder, runId);
    expectLost(await founder.run(HeartbeatWorkstream, held), "DONE", /is DONE and nobody holds it/);
    expect((await readRun(founder, runId)).workstreams).toEqual(before.workstreams);
  });
});

describe("a lease that expires", () => {
  test("gives the workstream back: the attempt is spent and its steps end as failures", async () => {
    const runId = await newRun("a", "b: a");
    const { held } = await agent.claim({ runId }, 60);
    await agent.startStep(held);
    await agent.move(held, "STATIC_CHECK");
    app.clock.advanceSeconds(59.999);
    expect(await sweep()).toBe(0);
    app.clock.advanceSeconds(0.001);
    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);
    const { workstreams, timeline } = await readRun(founder, runId);
    expect(workstreams.nodes[0]).toMatchObject({
      status: "READY",
      attempt: 1,
      leaseHolder: null,
      leaseExpiresAt: null,
    });
    expect(timeline.nodes.slice(-2)).toMatchObject([
      {
        type: "step_completed",
        actor: "SYSTEM",
        fromState: "IN_PROGRESS",
        toState: "FAILURE",
        detail: { step: "edit", number: 1, cause: "LEASE_EXPIRED" },
      },
      {
        type: "lease_expired",
        actor: "SYSTEM",
        fromState: "STATIC_CHECK",
        toState: "READY",
        detail: { key: "a", agent: "agent-1", attempt: 1 },
      },
    ]);
    const again = await other.claim({ runId });
    expect(again).toMatchObject({ key: "a", workstream: { attempt: 2, leaseHolder: "agent-2" } });
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  });

  test("refuses every write of the agent that lost it, and says who holds it now", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId }, 60);
    const attemptId = await agent.startStep(held);
    app.clock.advanceSeconds(60);
    for (const [write, result] of Object.entries(await agent.tryAll(held, attemptId))) {
      expect(write).toBeTruthy();
      expectLost(result, "EDITING", /the last one, of agent-1, expired at/);
    }
    await sweep();
    for (const result of Object.values(await agent.tryAll(held, attemptId))) {
      expectLost(result, "READY", /is READY and nobody holds it/);
    }
    const { held: theirs } = await other.claim({ runId }, 60);
    const before = await readRun(founder, runId);
    for (const result of Object.values(await agent.tryAll(held, attemptId))) {
      expectLost(result, "EDITING", /agent-2 holds it now, as attempt 2/);
    }
    const after = await readRun(founder, runId);
    expect(after.workstreams).toEqual(before.workstreams);
    expect(after.errorGroups).toEqual([]);
    expect(after.timeline.totalCount).toBe(before.timeline.totalCount + 5);
    expect(after.timeline.nodes.slice(-5)).toMatchObject([
      ...Array(3).fill({ type: "command_rejected", fromState: "EDITING" }),
      { type: "transition_rejected", fromState: "EDITING", toState: "STATIC_CHECK" },
      { type: "command_rejected", fromState: "EDITING" },
    ]);
    expect((await other.move(theirs, "STATIC_CHECK")).status).toBe("STATIC_CHECK");
  });

  test("is given back by a claim that finds nothing else, before a sweep comes", async () => {
    const runId = await newRun("a");
    await agent.claim({ runId }, 60);
    app.clock.advanceSeconds(60);
    const { workstream, events } = await founder.succeed(ClaimWorkstream, { runId, agent: "agent-2" });
    expect(workstream).toMatchObject({ attempt: 2, leaseHolder: "agent-2" });
    expect(events.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
      "lease_expired SYSTEM",
      "workstream_claimed AGENT",
    ]);
  });

  test("is swept in every project, but not in an archived one", async () => {
    const second = await founder.project();
    const archived = await founder.project();
    const runs = [
      await newRun("a"),
      await createRun(founder, second, plan("a")),
      await createRun(founder, archived, plan("a")),
    ];
    for (const runId of runs) await agent.claim({ runId }, 60);
    await founder.succeed(ArchiveProject, { projectId: archived });
    app.clock.advanceSeconds(60);
    expect(await sweep()).toBe(2);
    const states = await Promise.all(runs.map(async (id) => (await standings(founder, id)).a));
    expect(states).toEqual(["READY", "READY", "ABANDONED"]);
  });
});

test("more expired leases than one transaction takes are given back by one sweep, in batches", async () => {
  const projectId = await founder.project();
  const count = GIVE_BACK_BATCH + 1;
  const runId = await createRun(
    founder,
    projectId,
    plan(...Array.from({ length: count }, (_, at) => `w${at}`)),
  );
  const { prisma } = app.database;
  const expired = new Date(app.clock.now().getTime() - 1_000);
  // As if each had been claimed: the claims themselves would take minutes.
  const leases = await prisma.$executeRaw`
    UPDATE workstream SET status = 'EDITING', attempt = 1, ready_sequence = NULL, lease_token = gen_random_uuid(),
      lease_holder = 'agent-1', lease_expires_at = ${expired}
    WHERE run_id = (SELECT id FROM run ORDER BY created_at DESC, id DESC LIMIT 1)`;
  expect(leases).toBe(count);
  expect(await sweep()).toBe(1);
  const { workstreamCounts } = await readRun(founder, runId);
  expect(workstreamCounts.filter((entry) => entry.count > 0)).toEqual([{ status: "READY", count }]);
  const rows = await prisma.event.groupBy({
    by: ["correlationId"],
    where: { type: "lease_expired" },
    _count: true,
    orderBy: { _count: { correlationId: "desc" } },
    take: 1,
  });
  expect(rows[0]?._count).toBe(GIVE_BACK_BATCH);
  expect(await sweep()).toBe(0);
});

describe("giving back", () => {
  test("makes the workstream ready for the next one, with its steps ended", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId });
    const attemptId = await agent.startStep(held);
    const { workstream, events } = await founder.succeed(ReleaseWorkstream, { ...held, reason: "Restart" });
    expect(workstream).toMatchObject({ status: "READY", attempt: 1, leaseHolder: null });
    expect(events).toMatchObject([
      { type: "step_completed", actor: "SYSTEM", detail: { cause: "RELEASED" } },
      {
        type: "workstream_released",
        actor: "AGENT",
        reason: "Restart",
        detail: { cause: "GIVEN_BACK", agent: "agent-1" },
      },
    ]);
    const { held: theirs } = await other.claim({ runId });
    expect(
      await founder.run(CompleteStep, { attemptId, leaseToken: theirs.leaseToken, status: "SUCCESS" }),
    ).toMatchObject({ __typename: "ConflictError", currentState: "FAILURE" });
  });

  test("can be done by a person, who needs no lease", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId });
    const { workstreamId } = held;
    const { workstream, events } = await founder.succeed(TransitionWorkstream, {
      workstreamId,
      to: "READY",
      takeBack: true,
    });
    expect(workstream).toMatchObject({ status: "READY", leaseHolder: null });
    expect(events).toMatchObject([
      { type: "workstream_released", actor: "FOUNDER", detail: { cause: "TAKEN_BACK" } },
    ]);
    expectLost(await founder.run(HeartbeatWorkstream, held), "READY", /nobody holds it/);
  });

  test("ends with the workstream: a person who fails it takes the lease away", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId });
    await agent.startStep(held);
    const { workstreamId } = held;
    const { events } = await founder.succeed(TransitionWorkstream, {
      workstreamId,
      to: "FAILED",
      takeBack: true,
    });
    expect(events.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
      "step_completed SYSTEM",
      "workstream_transition FOUNDER",
      "run_transition SYSTEM",
    ]);
    expectLost(await founder.run(HeartbeatWorkstream, held), "FAILED", /nobody holds it/);
  });

  test("is not done by leaving the lease out: whoever takes work from an agent says so", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId });
    const { workstreamId } = held;
    for (const to of ["READY", "FAILED", "ABANDONED"] as const) {
      for (const takeBack of [undefined, false]) {
        const input = { workstreamId, to, ...(takeBack !== undefined && { takeBack }) };
        expect(await founder.run(TransitionWorkstream, input)).toMatchObject({
          __typename: "ConflictError",
          currentState: "EDITING",
          message: expect.stringMatching(/agent-1 works on "a".*leaseToken.*takeBack: true/),
        });
      }
    }
    const issues = [{ message: expect.stringMatching(/leaseToken.*takeBack: true/) }];
    for (const input of [{ workstreamId }, { workstreamId, takeBack: false }, { ...held, takeBack: true }]) {
      expect(await founder.run(ReleaseWorkstream, input)).toMatchObject({ issues });
    }
    expect(await founder.run(TransitionWorkstream, { ...held, to: "FAILED", takeBack: true })).toMatchObject({
      issues,
    });
    expect((await agent.move(held, "STATIC_CHECK")).status).toBe("STATIC_CHECK");
  });

  test("is done by a person's release too, once", async () => {
    const runId = await newRun("a");
    const { held } = await agent.claim({ runId });
    const input = { workstreamId: held.workstreamId, takeBack: true };
    const { workstream, events } = await founder.succeed(ReleaseWorkstream, input);
    expect(workstream).toMatchObject({ status: "READY", leaseHolder: null });
    expect(events).toMatchObject([
      { type: "workstream_released", actor: "FOUNDER", detail: { cause: "TAKEN_BACK" } },
    ]);
    expect(await founder.run(ReleaseWorkstream, input)).toMatchObject({
      __typename: "ConflictError",
      currentState: "READY",
      message: expect.stringMatching(/Nobody works on "a"/),
    });
  });
});

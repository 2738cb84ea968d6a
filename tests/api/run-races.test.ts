import { beforeEach, describe, expect, test } from "vitest";
import { sweepExpiredLeases } from "../../src/services/run/sweep-expired-leases.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { SequentialIds } from "../support/ids.ts";
import { Agent, createRun, plan, readRun, standings } from "./support/agent.ts";
import { Founder } from "./support/founder.ts";
import {
  CompleteStep,
  HeartbeatWorkstream,
  RecordError,
  TransitionWorkstream,
} from "./support/run-commands.ts";

const AGENTS = 50;
const WORKSTREAMS = 500;

// PGlite runs one transaction at a time: only a server lets two of them meet.
describe.skipIf(!postgresAvailable)("on PostgreSQL", () => {
  let app: TestApp;
  let founder: Founder;
  let projectId: string;

  beforeEach(async () => {
    app = await startApp({ database: await createPostgresTestDatabase() });
    founder = new Founder(app);
    projectId = await founder.project();
  });

  const sweep = () =>
    sweepExpiredLeases({
      prisma: app.database.prisma,
      clock: app.clock,
      ids: new SequentialIds(),
      wakeups: { publish: () => {} },
    });

  async function expectWholeLog(): Promise<void> {
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  }

  test("fifty agents claim five hundred workstreams, each exactly once", async () => {
    const keys = (run: string, size: number) => Array.from({ length: size }, (_, index) => `${run}${index}`);
    const runs = await Promise.all(
      ["a", "b"].map((run) => createRun(founder, projectId, plan(...keys(run, WORKSTREAMS / 2)))),
    );
    const claims = await Promise.all(
      Array.from({ length: AGENTS }, async (_, index) => {
        const agent = new Agent(founder, `agent-${index}`);
        const mine: string[] = [];
        for (;;) {
          const claimed = await agent.tryClaim({ projectId });
          if (!claimed) return mine;
          expect(claimed.workstream).toMatchObject({ attempt: 1, leaseHolder: agent.name });
          mine.push(claimed.key);
        }
      }),
    );
    const claimed = claims.flat();
    expect(claimed).toHaveLength(WORKSTREAMS);
    expect(new Set(claimed).size).toBe(WORKSTREAMS);
    for (const runId of runs) {
      const { workstreamCounts } = await readRun(founder, runId);
      expect(workstreamCounts.filter(({ count }) => count > 0)).toEqual([
        { status: "EDITING", count: WORKSTREAMS / 2 },
      ]);
    }
    await expectWholeLog();
  }, 120_000);

  test("of two completions of a step at once one succeeds and the other is told what it is", async () => {
    const runId = await createRun(founder, projectId, plan("a"));
    const agent = new Agent(founder);
    const { held } = await agent.claim({ runId });
    for (let round = 0; round < 20; round += 1) {
      const attemptId = await agent.startStep(held);
      const input = { attemptId, leaseToken: held.leaseToken };
      const results = await Promise.all([
        founder.run(CompleteStep, { ...input, status: "SUCCESS" }),
        founder.run(CompleteStep, { ...input, status: "FAILURE" }),
      ]);
      expect(results.filter((result) => "events" in result)).toHaveLength(1);
      expect(results.find((result) => !("events" in result))).toMatchObject({
        __typename: "ConflictError",
        currentState: expect.stringMatching(/^(SUCCESS|FAILURE)$/),
      });
    }
    await expectWholeLog();
  });

  test("of several ends of a workstream at once one wins, and its dependents follow once", async () => {
    for (let round = 0; round < 15; round += 1) {
      const runId = await createRun(founder, projectId, plan("a", "b: a", "other"));
      const agent = new Agent(founder);
      const { held } = await agent.claim({ runId });
      for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK"] as const) await agent.move(held, to);
      const results = await Promise.all(
        (["DONE", "FAILED", "DONE", "ABANDONED"] as const).map((to) =>
          founder.run(TransitionWorkstream, { ...held, to }),
        ),
      );
      const winners = results.flatMap((result) => ("workstream" in result ? [result.workstream.status] : []));
      expect(winners).toHaveLength(1);
      const { a, b } = await standings(founder, runId);
      expect(a).toBe(winners[0]);
      expect(b).toBe(a === "DONE" ? "READY" : "BLOCKED");
    }
    await expectWholeLog();
  });

  test("a claim, a heartbeat and two sweeps at the moment of the expiry leave one holder at most", async () => {
    for (let round = 0; round < 15; round += 1) {
      const runId = await createRun(founder, projectId, plan("a"));
      const [first, second] = [new Agent(founder, "first"), new Agent(founder, "second")];
      const { held } = await first.claim({ runId }, 60);
      app.clock.advanceSeconds(60);
      const [claimed, beaten] = await Promise.all([
        second.tryClaim({ runId }, 60),
        founder.run(HeartbeatWorkstream, held),
        sweep(),
        sweep(),
      ]);
      expect(beaten).toMatchObject({ __typename: "ConflictError" });
      const { workstreams, timeline } = await readRun(founder, runId);
      expect(timeline.nodes.filter(({ type }) => type === "lease_expired")).toHaveLength(1);
      expect(claimed?.workstream.attempt).toBe(2);
      expect(workstreams.nodes[0]).toMatchObject({ status: "EDITING", attempt: 2, leaseHolder: "second" });
    }
    await expectWholeLog();
  });

  test("of fifty records of one error at once three count, in one row, and the rest have lost the lease to the question", async () => {
    const runId = await createRun(founder, projectId, plan("a"));
    const { held } = await new Agent(founder).claim({ runId });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, port) =>
        founder.run(RecordError, {
          ...held,
          step: "runtime",
          errorCode: "EADDRINUSE",
          message: `Port ${port} is taken`,
        }),
      ),
    );
    const recorded = results.filter((result) => "events" in result);
    expect(new Set(recorded.map(({ error }) => error.id)).size).toBe(1);
    const counts = recorded.map(({ events }) => (events[0]?.detail as { count: number }).count);
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(recorded.filter(({ next }) => next === "WAIT")).toHaveLength(1);
    const refused = results.filter((result) => !("events" in result));
    expect(refused).toHaveLength(47);
    for (const result of refused) {
      expect(result).toMatchObject({ __typename: "ConflictError", currentState: "BLOCKED" });
    }
    const { errorGroups } = await readRun(founder, runId);
    expect(errorGroups).toMatchObject([{ count: 3, members: [{ count: 3 }] }]);
    expect(errorGroups[0]?.members[0]?.samples).toHaveLength(3);
    await expectWholeLog();
  });
});

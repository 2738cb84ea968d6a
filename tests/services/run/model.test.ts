import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { validateStateTransition } from "../../../src/domain/run/machine.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import { createRun } from "../../../src/services/run/create-run.ts";
import { createProject } from "../../../src/services/stage/create-project.ts";
import { anyDag } from "../../domain/run/graphs.ts";
import { TestClock } from "../../support/clock.ts";
import { createTestDatabase } from "../../support/database.ts";
import { SequentialIds } from "../../support/ids.ts";
import { abandon, commands, type Model, type Real } from "./model.ts";

const RUNS = 60;
const SEED = 20_260_105;

let database: Database;
let userId: string;
const ids = new SequentialIds();
const clock = new TestClock();

beforeAll(async () => {
  database = await createTestDatabase();
  await loadPlanTiers(database.prisma);
  userId = ids.next();
  const now = clock.now();
  const identity = { issuer: "test", subject: "founder", plan: "CTO_SCALE" };
  await database.prisma.user.create({ data: { id: userId, ...identity, createdAt: now, updatedAt: now } });
});
afterAll(() => database.close());

test("whatever agents, people and time do to a run of any shape, its invariants hold", async () => {
  const reached = new Set<string>();
  const script = fc.tuple(
    anyDag(),
    fc.commands([...commands, ...commands, ...commands, abandon], { maxCommands: 25, size: "max" }),
  );
  await fc.assert(
    fc.asyncProperty(script, async ([graph, steps]) => {
      const real = await newRun(graph);
      const model: Model = { added: 0 };
      await fc.asyncModelRun(() => ({ model, real }), steps);
      await expectLegalMoves(real, reached);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // The commands are worth something only when they reach the ends, and what leads back from them.
  expect([...reached]).toEqual(
    expect.arrayContaining([
      "run COMPLETED",
      "run FAILED",
      "run PARTIAL",
      "run ABANDONED",
      "lease_expired",
      "workstream_released",
      "BLOCKED → PENDING",
      "BLOCKED → READY",
      "hold_lifted",
      "transition_rejected",
      "command_rejected",
      "EDITING → BLOCKED",
      "agent.retrying",
      "agent.build_paused",
      "agent.build_resumed",
      "agent.waiting_for_input",
      "agent.escalation_resolved",
    ]),
  );
}, 600_000);

async function newRun(graph: readonly { key: string; dependsOn: readonly string[] }[]): Promise<Real> {
  const { prisma } = database;
  const services = { prisma, clock, ids, wakeups: { publish: () => {} } };
  const caller = { userId, actor: "FOUNDER", correlationId: ids.next(), idempotencyKey: null } as const;
  const { id: projectId } = await createProject(services, caller, { name: "Model" });
  const workstreams = graph.map(({ key, dependsOn }) => ({ key, dependsOn: [...dependsOn] }));
  const { id: runId } = await createRun(services, caller, { projectId, title: "Model", workstreams });
  const rows = await prisma.workstream.findMany({ where: { runId }, orderBy: { position: "asc" } });
  const workstreamIds = rows.map(({ id }) => id);
  return { database, services, clock, userId, projectId, runId, leases: [], workstreamIds };
}

/** The log tells a way through the machines' tables, from each thing's first state to its present one. */
async function expectLegalMoves({ runId }: Real, reached: Set<string>): Promise<void> {
  const { prisma } = database;
  const run = await prisma.run.findUniqueOrThrow({ where: { id: runId }, include: { workstreams: true } });
  const events = await prisma.event.findMany({ where: { runId }, orderBy: { sequence: "asc" } });
  reached.add(`run ${run.status}`);
  for (const { type } of events) reached.add(type);
  const moves = events.filter(
    ({ subject, type, fromState, toState }) =>
      subject === "RUN" && fromState && toState && !type.endsWith("_rejected") && !type.startsWith("step"),
  );
  for (const { workstreamId, fromState, toState } of moves) {
    if (workstreamId) reached.add(`${fromState} → ${toState}`);
    expect(
      validateStateTransition(workstreamId ? "workstream" : "run", fromState ?? "", toState ?? ""),
    ).toBeNull();
  }
  for (const [id, status] of [[null, run.status], ...run.workstreams.map((row) => [row.id, row.status])]) {
    const own = moves.filter(({ workstreamId }) => workstreamId === id);
    own.forEach(({ toState }, index) => {
      expect(own[index + 1]?.fromState ?? status).toBe(toState);
    });
  }
}

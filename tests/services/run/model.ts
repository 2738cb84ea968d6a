import fc from "fast-check";
import { expect } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { ConflictError, GuardRejectedError } from "../../../src/domain/errors.ts";
import { decideMove } from "../../../src/domain/run/move.ts";
import { deriveOutcome } from "../../../src/domain/run/outcome.ts";
import { settle, type WorkstreamNode } from "../../../src/domain/run/readiness.ts";
import {
  isTerminalRun,
  isWorking,
  type RunStatus,
  WORKSTREAM_STATES,
  type WorkstreamStatus,
} from "../../../src/domain/run/state.ts";
import type { Run } from "../../../src/generated/prisma/client.ts";
import type { CommandResult } from "../../../src/services/command/command.ts";
import { adviceOf } from "../../../src/services/escalation/advice.ts";
import { applyDeadlines } from "../../../src/services/escalation/apply-deadlines.ts";
import { raiseEscalation } from "../../../src/services/escalation/raise-escalation.ts";
import { resolveEscalation } from "../../../src/services/escalation/resolve-escalation.ts";
import { verifyTimeline } from "../../../src/services/event/verify-timeline.ts";
import { claimWorkstream } from "../../../src/services/run/claim-workstream.ts";
import { createWorkstream } from "../../../src/services/run/create-workstream.ts";
import { heartbeatWorkstream, releaseWorkstream } from "../../../src/services/run/leases.ts";
import { recordError } from "../../../src/services/run/record-error.ts";
import { loadGraph } from "../../../src/services/run/settle-run.ts";
import { completeStep, startStep } from "../../../src/services/run/steps.ts";
import { sweepExpiredLeases } from "../../../src/services/run/sweep-expired-leases.ts";
import { transitionRun } from "../../../src/services/run/transition-run.ts";
import { transitionWorkstream } from "../../../src/services/run/transition-workstream.ts";
import type { Services } from "../../../src/services/services.ts";
import type { TestClock } from "../../support/clock.ts";

const LEASE_SECONDS = 60;

/** A run of the real system, with whatever an agent has ever been given. */
export interface Real {
  readonly database: Database;
  readonly services: Services;
  readonly clock: TestClock;
  readonly userId: string;
  readonly projectId: string;
  readonly runId: string;
  /** Every lease that was ever given, also those that are lost. */
  readonly leases: { readonly workstreamId: string; readonly leaseToken: string }[];
  /** The workstreams, as they were given. */
  readonly workstreamIds: string[];
}

/** Nothing is modelled: after every command the rules themselves are held against what is in the database. */
export type Model = { added: number };

type RunCommand = fc.AsyncCommand<Model, Real>;

/** A command that may be refused; whatever it came to, the invariants hold then. */
class Step implements RunCommand {
  readonly #name: string;
  readonly #run: (real: Real, model: Model) => Promise<unknown>;

  constructor(name: string, run: (real: Real, model: Model) => Promise<unknown>) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const before = await standings(real);
    const refused = await this.#run(real, model).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ConflictError || error instanceof GuardRejectedError) return true;
        throw error;
      },
    );
    if (refused) expect(await standings(real)).toEqual(before);
    await expectInvariants(real);
  }

  toString(): string {
    return this.#name;
  }
}

const caller = ({ userId, services }: Real, actor: "FOUNDER" | "AGENT") => ({
  userId,
  actor,
  correlationId: services.ids.next(),
  idempotencyKey: null,
});

/** One of them, chosen by a number that any list can be chosen from. */
function pick<T>(values: readonly T[], choice: number): T | undefined {
  return values[choice % Math.max(1, values.length)];
}

async function claim(real: Real): Promise<CommandResult> {
  const result = await claimWorkstream(real.services, caller(real, "AGENT"), {
    runId: real.runId,
    agent: "agent",
    leaseSeconds: LEASE_SECONDS,
  });
  if (result.part !== null) real.leases.push({ workstreamId: result.id, leaseToken: result.part });
  return result;
}

const choice = fc.nat(1_000);
const state = fc.constantFrom(...WORKSTREAM_STATES.map(({ name }) => name));

/** Everything that agents, people and time do to a run. The work itself is tried most often, so that runs get on. */
export const commands: fc.Arbitrary<RunCommand>[] = [
  fc.constant(new Step("claim", claim)),
  fc.constant(
    new Step("claim and do the work", async (real) => {
      const { id, part } = await claim(real);
      if (part === null) return;
      for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const) {
        const input = { workstreamId: id, leaseToken: part, to };
        await transitionWorkstream(real.services, caller(real, "AGENT"), input);
      }
    }),
  ),
  fc.constant(
    new Step("claim and fail", async (real) => {
      const { id, part } = await claim(real);
      if (part === null) return;
      const input = { workstreamId: id, leaseToken: part, to: "FAILED" } as const;
      await transitionWorkstream(real.services, caller(real, "AGENT"), input);
    }),
  ),
  fc.tuple(choice, state).map(
    ([chosen, to]) =>
      new Step(`agent moves lease ${chosen} to ${to}`, async (real) => {
        const lease = pick(real.leases, chosen);
        if (lease) await transitionWorkstream(real.services, caller(real, "AGENT"), { ...lease, to });
      }),
  ),
  fc.tuple(choice, state).map(
    ([chosen, to]) =>
      new Step(`person moves workstream ${chosen} to ${to}`, async (real) => {
        const workstreamId = pick(real.workstreamIds, chosen);
        if (!workstreamId) return;
        const input = { workstreamId, to, takeBack: chosen % 2 === 0 };
        await transitionWorkstream(real.services, caller(real, "FOUNDER"), input);
      }),
  ),
  fc.tuple(choice, fc.constantFrom("PENDING" as const, "READY" as const)).map(
    ([chosen, to]) =>
      new Step(`person lifts hold ${chosen} to ${to}`, async (real) => {
        const where = { runId: real.runId, blockedBy: "HOLD" };
        const rows = await real.services.prisma.workstream.findMany({ where, orderBy: { position: "asc" } });
        const workstreamId = pick(rows, chosen)?.id;
        if (!workstreamId) return;
        await transitionWorkstream(real.services, caller(real, "FOUNDER"), { workstreamId, to });
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(
        `person holds waiting workstream ${chosen}, loses what it waits for, lifts it`,
        async (real) => {
          const rows = await real.services.prisma.workstream.findMany({
            where: { runId: real.runId, status: "PENDING" },
            include: { dependencies: { where: { dependsOn: { endedAt: null } } } },
            orderBy: { position: "asc" },
          });
          const waiting = pick(rows, chosen);
          const [lost] = waiting?.dependencies ?? [];
          if (!waiting || !lost) return;
          const moves = [
            { workstreamId: waiting.id, to: "BLOCKED" },
            { workstreamId: lost.dependsOnId, to: "FAILED", takeBack: true },
            { workstreamId: waiting.id, to: "READY" },
          ] as const;
          for (const input of chosen % 2 === 0 ? moves : moves.slice(0, 1)) {
            await transitionWorkstream(real.services, caller(real, "FOUNDER"), input);
          }
        },
      ),
  ),
  choice.map(
    (chosen) =>
      new Step(`person holds ready workstream ${chosen}, every other time only for a while`, async (real) => {
        const where = { runId: real.runId, status: "READY" };
        const rows = await real.services.prisma.workstream.findMany({ where, orderBy: { position: "asc" } });
        const workstreamId = pick(rows, chosen)?.id;
        if (!workstreamId) return;
        for (const to of chosen % 2 === 0 ? (["BLOCKED", "READY"] as const) : (["BLOCKED"] as const)) {
          await transitionWorkstream(real.services, caller(real, "FOUNDER"), { workstreamId, to });
        }
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(`heartbeat of lease ${chosen}`, async (real) => {
        const lease = pick(real.leases, chosen);
        const input = lease && { ...lease, leaseSeconds: LEASE_SECONDS };
        if (input) await heartbeatWorkstream(real.services, caller(real, "AGENT"), input);
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(`release of lease ${chosen}`, async (real) => {
        const lease = pick(real.leases, chosen);
        if (lease) await releaseWorkstream(real.services, caller(real, "AGENT"), lease);
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(`step under lease ${chosen}`, async (real) => {
        const lease = pick(real.leases, chosen);
        if (lease) await startStep(real.services, caller(real, "AGENT"), { ...lease, step: "edit" });
      }),
  ),
  fc.constantFrom(20, 61, -40).map(
    (seconds) =>
      new Step(`${seconds} s pass, and a sweep comes`, async ({ clock, services }) => {
        clock.advanceSeconds(seconds);
        await sweepExpiredLeases(services);
      }),
  ),
  fc.tuple(choice, choice).map(
    ([replaced, dependency]) =>
      new Step(`workstream that replaces ${replaced} and waits for ${dependency}`, async (real, model) => {
        const rows = await real.services.prisma.workstream.findMany({
          where: { runId: real.runId, replacedById: null },
          orderBy: { position: "asc" },
        });
        const lost = pick(
          rows.filter(({ status }) => status === "FAILED" || status === "ABANDONED"),
          replaced,
        );
        const done = pick(
          rows.filter(({ status }) => status === "DONE"),
          dependency,
        );
        model.added += 1;
        const { id } = await createWorkstream(real.services, caller(real, "FOUNDER"), {
          runId: real.runId,
          key: `added${model.added}`,
          dependsOn: done ? [done.key] : [],
          ...(lost && { replaces: lost.key }),
        });
        real.workstreamIds.push(id);
      }),
  ),
  fc
    .constantFrom("RUNNING" as const, "COMPLETED" as const)
    .map(
      (to) =>
        new Step(`person asks the run to be ${to}`, (real) =>
          transitionRun(real.services, caller(real, "FOUNDER"), { runId: real.runId, to }),
        ),
    ),
];

/** What stops work and lets it go on again: failures of two kinds, questions, answers, and their deadlines. */
const escalations: fc.Arbitrary<RunCommand>[] = [
  fc.tuple(choice, fc.constantFrom("E1", "E2"), fc.constantFrom(1, 3)).map(
    ([chosen, errorCode, times]) =>
      new Step(`${times} times ${errorCode} under lease ${chosen}`, async (real) => {
        const lease = pick(await presentLeases(real), chosen);
        if (!lease) return;
        const failure = { ...lease, step: "edit", errorCode, message: "It broke" };
        for (let count = 0; count < times; count += 1) {
          const result = await recordError(real.services, caller(real, "AGENT"), failure);
          if (adviceOf(result).next === "WAIT") return;
        }
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(`question under lease ${chosen}`, async (real) => {
        const lease = pick(await presentLeases(real), chosen);
        const dueAt = new Date(real.clock.now().getTime() + 50_000);
        const asked = lease && { ...lease, problem: "Which?", dueAt, onExpiry: "SKIP" as const };
        if (asked) await raiseEscalation(real.services, caller(real, "AGENT"), asked);
      }),
  ),
  fc.tuple(choice, fc.constantFrom("retry", "retry", "provide_guidance", "skip")).map(
    ([chosen, decision]) =>
      new Step(`answer ${decision} to question ${chosen}`, async (real) => {
        const where = { runId: real.runId, ...(chosen % 4 === 0 ? {} : { status: "PENDING" }) };
        const all = await real.services.prisma.agentEscalation.findMany({ where, orderBy: { id: "asc" } });
        const escalationId = pick(all, chosen)?.id;
        if (!escalationId) return;
        const input = { escalationId, decision, guidance: "Go on." };
        await resolveEscalation(real.services, caller(real, "FOUNDER"), input);
      }),
  ),
  choice.map(
    (chosen) =>
      new Step(`success at the step under lease ${chosen}`, async (real) => {
        const lease = pick(await presentLeases(real), chosen);
        if (!lease) return;
        const { id } = await startStep(real.services, caller(real, "AGENT"), { ...lease, step: "edit" });
        const completed = { attemptId: id, leaseToken: lease.leaseToken, status: "SUCCESS" } as const;
        await completeStep(real.services, caller(real, "AGENT"), completed);
      }),
  ),
  fc.constant(
    new Step("51 s pass, and the deadlines are looked at", async ({ clock, services }) => {
      clock.advanceSeconds(51);
      await applyDeadlines(services);
    }),
  ),
];
commands.push(...escalations);

/** The leases that still hold, with those that have expired and were not given back. */
async function presentLeases({ services: { prisma }, runId }: Real) {
  const rows = await prisma.workstream.findMany({
    where: { runId, leaseToken: { not: null } },
    orderBy: { position: "asc" },
  });
  return rows.map(({ id, leaseToken }) => ({ workstreamId: id, leaseToken: leaseToken ?? "" }));
}

/** Ends the run for good: rare, since nothing follows it. */
export const abandon: fc.Arbitrary<RunCommand> = fc.constant(
  new Step("person abandons the run", (real) =>
    transitionRun(real.services, caller(real, "FOUNDER"), { runId: real.runId, to: "ABANDONED" }),
  ),
);

async function standings({ services: { prisma }, runId }: Real) {
  const run = await prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { status: true } });
  const workstreams = await prisma.workstream.findMany({
    where: { runId },
    orderBy: { position: "asc" },
    omit: { updatedAt: true },
  });
  return { run, workstreams };
}

/** What is true of a run at any time, whatever has happened. */
async function expectInvariants(real: Real): Promise<void> {
  const { prisma } = real.services;
  const { runId, projectId } = real;
  const run = await prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const status = run.status as RunStatus;
  const rows = await prisma.workstream.findMany({ where: { runId }, include: { attempts: true } });
  const { nodes } = await loadGraph({ tx: prisma, run });
  const standing = new Map(nodes.map((node) => [node.key, node.status]));

  for (const row of rows) {
    const now = row.status as WorkstreamStatus;
    const dependsOn = nodes.find(({ key }) => key === row.id)?.dependsOn ?? [];
    // A workstream can have failed or been abandoned without having been started.
    const begun = isWorking(now) || now === "DONE" || row.attempt > 0;
    if (begun) for (const key of dependsOn) expect(standing.get(key)).toBe("DONE");
    expect(row.leaseToken !== null).toBe(isWorking(now));
    const open = row.attempts.filter((attempt) => attempt.status === "IN_PROGRESS");
    if (!isWorking(now)) expect(open).toEqual([]);
  }
  // The run is what its workstreams make it: ended exactly when nothing can go on, unless it was abandoned as a whole.
  if (status === "ABANDONED") {
    expect(nodes.every((node) => ["DONE", "FAILED", "ABANDONED", "BLOCKED"].includes(node.status))).toBe(
      true,
    );
  } else {
    expect(deriveOutcome(nodes)).toBe(isTerminalRun(status) ? status : null);
  }
  if (status === "PENDING") expect(rows.every(({ attempt }) => attempt === 0)).toBe(true);
  if (!isTerminalRun(status)) {
    expect(settle(nodes)).toEqual([]);
    const asked = await prisma.agentEscalation.count({ where: { runId, status: "PENDING" } });
    expectToGoOn(nodes, asked > 0);
  }

  await expectEscalationInvariants(real, run);

  const log = await prisma.event.findMany({ where: { projectId }, orderBy: { sequence: "asc" } });
  expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
  const report = await verifyTimeline(prisma, projectId);
  expect(report).toEqual({ projectId, checked: log.length, fault: null });
}

/** What escalations have stopped waits for an answer or for the one that tries first, and for nothing else. */
async function expectEscalationInvariants({ services: { prisma }, runId }: Real, run: Run): Promise<void> {
  const escalations = await prisma.agentEscalation.findMany({
    where: { runId },
    include: { stopped: { include: { workstream: true }, orderBy: { position: "asc" } } },
  });
  const pending = escalations.filter(({ status }) => status === "PENDING");
  expect(run.pausedAt !== null).toBe(pending.some(({ origin }) => origin === "BREAKER"));
  expect(new Set(pending.map(({ errorSignature }) => errorSignature)).size).toBe(pending.length);
  for (const { status, stopped } of escalations) {
    const [waiting, trying] = ["STOPPED", "TRYING"].map((state) =>
      stopped.filter((each) => each.state === state),
    );
    if (status === "PENDING") expect([waiting?.length !== 0, trying]).toEqual([true, []]);
    // Nobody waits for an answered question but for one that tries.
    else expect(trying?.length).toBeLessThanOrEqual(1);
    if (status !== "PENDING" && waiting?.length !== 0) expect(trying).toHaveLength(1);
    for (const each of trying ?? []) {
      const now = each.workstream.status as WorkstreamStatus;
      expect(now === "READY" || isWorking(now)).toBe(true);
    }
  }
  const waiting = escalations.flatMap(({ stopped }) => stopped.filter(({ state }) => state === "STOPPED"));
  const blocked = await prisma.workstream.findMany({ where: { runId, blockedBy: "ESCALATION" } });
  expect(waiting.map(({ workstreamId }) => workstreamId).sort()).toEqual(blocked.map(({ id }) => id).sort());
}

/** A run that has not ended can: an agent has something to do, or a person can answer, or lift every hold in the way. */
function expectToGoOn(nodes: readonly WorkstreamNode[], asked: boolean): void {
  const held = nodes.filter(({ blockedBy }) => blockedBy === "HOLD");
  const active = nodes.some(({ status }) => status === "READY" || isWorking(status));
  expect(active || asked || held.length > 0).toBe(true);
  const rest = { leased: false, stepInProgress: false, runEnded: false };
  for (const current of held) {
    const dependencies = nodes.filter(({ key }) => current.dependsOn.includes(key));
    const lifts = (["PENDING", "READY"] as const).map((to) =>
      decideMove({ current, to, dependencies, ...rest }),
    );
    expect(lifts.some(({ allowed }) => allowed)).toBe(true);
  }
}

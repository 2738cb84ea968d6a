import type { JsonObject } from "../../domain/event/event.ts";
import { commandField } from "../../schema/command.ts";
import { EscalationType } from "../../schema/escalation/escalation.ts";
import { decodeId, encodeId } from "../../schema/ids.ts";
import { WorkstreamStatusEnum } from "../../schema/run/enums.ts";
import { RunType } from "../../schema/run/run.ts";
import { StepAttemptType } from "../../schema/run/step-attempt.ts";
import { WorkstreamType } from "../../schema/run/workstream.ts";
import { claimWorkstream } from "../../services/run/claim-workstream.ts";
import { createWorkstream } from "../../services/run/create-workstream.ts";
import { heartbeatWorkstream, releaseWorkstream } from "../../services/run/leases.ts";
import { transitionWorkstream } from "../../services/run/transition-workstream.ts";
import { reason } from "../stage/fields.ts";
import { held, heldWorkstream, leaseSeconds, runId, takeBack, workstream, workstreamPlan } from "./fields.ts";

/** Steps may be in progress beside each other; an agent that does more at once reads them from the workstream. */
const MAX_ATTEMPTS_IN_PROGRESS = 50;

commandField("createWorkstream", {
  description:
    "Adds a workstream to a run that has not ended. With `replaces` it takes the place of one that failed or was abandoned: what waited for that one waits for this one, and what was blocked by it recovers.",
  input: (t) => ({
    runId: runId(t),
    ...workstreamPlan(t),
    replaces: t.string({
      description: "The key of a workstream of the run that failed or was abandoned; once for each.",
    }),
  }),
  success: (t) => ({ workstream: workstream(t) }),
  run: (input, caller, { services }) =>
    createWorkstream(services, caller, {
      ...input,
      runId: decodeId("run", input.runId, "runId"),
      metadata: input.metadata as JsonObject,
    }),
});

commandField("transitionWorkstream", {
  description:
    "Moves a workstream. The agent that holds it presents its lease, goes on with the work and ends it. A person presents none, and may end it or take it back (to READY), with `takeBack: true` while an agent works on it, hold what has not begun (to BLOCKED) and lift the hold. What an escalation has stopped goes on by its answer only. A hold is lifted to READY when all that it depends on is done, otherwise to PENDING; where one of those is lost, the workstream stays BLOCKED, by it. What waits for it follows in the same transaction.",
  input: (t) => ({
    workstreamId: t.id({ required: true, description: "The workstream's id." }),
    to: t.field({ type: WorkstreamStatusEnum, required: true, description: "The state to enter." }),
    leaseToken: t.id({
      description:
        "The token of the lease that it was claimed under; a lost one is a ConflictError. Left out by a person.",
    }),
    takeBack: takeBack(t),
    reason: reason(t),
  }),
  // After the input, whose type it is given.
  actor: ({ leaseToken }) => (leaseToken === undefined ? "FOUNDER" : "AGENT"),
  success: (t) => ({ workstream: workstream(t) }),
  run: ({ leaseToken, ...input }, caller, { services }) =>
    transitionWorkstream(services, caller, {
      ...input,
      workstreamId: decodeId("workstream", input.workstreamId, "workstreamId"),
      ...(leaseToken !== undefined && { leaseToken: decodeId("lease", leaseToken, "leaseToken") }),
    }),
});

commandField("claimWorkstream", {
  description:
    "Gives an agent the next READY workstream of a run, or of all runs of a project, under a lease: the run that was served longest ago comes first, and in it what became ready first. Without one there is nothing to do now: nothing is ready, the run has ended or is paused by a question of its breaker, or the project is parked. After the answer to such a question the run hands out only the workstream that tries first, until it has succeeded. Again with the same idempotencyKey it gives the same lease, with the step attempts in progress under it.",
  actor: "AGENT",
  input: (t) => ({
    runId: t.id({ description: "The run to work in; or leave it out and name a project." }),
    projectId: t.id({ description: "The project in whose runs to work; or leave it out and name a run." }),
    agent: t.string({ required: true, description: "Who works, for people to see: 1 to 255 characters." }),
    sessionId: t.string({
      description: "The agent's own name of its session, 1 to 255 characters: questions to people carry it.",
    }),
    leaseSeconds: leaseSeconds(t),
  }),
  success: (t) => ({
    answer: t.prismaField({
      type: EscalationType,
      nullable: true,
      description:
        "The escalation that a person has answered for this workstream: follow its founderDecision and founderGuidance. Null when there is none.",
      // Spread in any case: Pothos takes a query that was not read for a forgotten one.
      resolve: ({ ...query }, { id, part }, _args, { prisma }) =>
        part === null
          ? null
          : prisma.agentEscalation.findFirst({ ...query, where: { answered: { some: { id } } } }),
    }),
    workstream: t.prismaField({
      type: WorkstreamType,
      nullable: true,
      description: "The workstream, as it is now; null when there was none to claim.",
      // Where there was none to claim, the id is a run's or a project's, and no workstream has it.
      resolve: (query, { id }, _args, { prisma }) =>
        prisma.workstream.findUnique({ ...query, where: { id } }),
    }),
    attemptsInProgress: t.prismaField({
      type: [StepAttemptType],
      description: `The step attempts in progress under this lease, the oldest first, at most ${MAX_ATTEMPTS_IN_PROGRESS}: an agent that claims again with the same idempotencyKey goes on with them. None in a new claim, and none once the lease has ended.`,
      complexity: { field: 1, multiplier: MAX_ATTEMPTS_IN_PROGRESS },
      // Spread in any case, as above.
      resolve: ({ ...query }, { id, part }, _args, { prisma }) =>
        part === null
          ? []
          : prisma.stepAttempt.findMany({
              ...query,
              where: { workstreamId: id, status: "IN_PROGRESS", workstream: { leaseToken: part } },
              orderBy: { id: "asc" },
              take: MAX_ATTEMPTS_IN_PROGRESS,
            }),
    }),
    leaseToken: t.id({
      nullable: true,
      description: "What every write to the workstream presents; null when there was none to claim.",
      resolve: ({ part }) => part && encodeId("lease", part),
    }),
    run: t.prismaField({
      type: RunType,
      nullable: true,
      description:
        "The workstream's run, or the run that was asked: its status tells whether there will be more. Null when a whole project had none to claim.",
      resolve: (query, { id, part }, _args, { prisma }) =>
        prisma.run.findFirst({
          ...query,
          where: part === null ? { id } : { workstreams: { some: { id } } },
        }),
    }),
  }),
  run: ({ runId, projectId, ...input }, caller, { services }) =>
    claimWorkstream(services, caller, {
      ...input,
      ...(runId !== undefined && { runId: decodeId("run", runId, "runId") }),
      ...(projectId !== undefined && { projectId: decodeId("project", projectId, "projectId") }),
    }),
});

commandField("heartbeatWorkstream", {
  description:
    "Tells that the agent still works: the lease lasts that long from now, and never shorter than before. Appends no event, not even when it is refused.",
  actor: "AGENT",
  input: (t) => ({ ...heldWorkstream(t), leaseSeconds: leaseSeconds(t) }),
  success: (t) => ({ workstream: workstream(t) }),
  run: (input, caller, { services }) => heartbeatWorkstream(services, caller, held(input)),
});

commandField("releaseWorkstream", {
  description:
    "Gives a workstream back unfinished: it is READY for the next claim, and its steps in progress end as failures. The agent presents its lease; a person takes the work from the agent with `takeBack: true`.",
  input: (t) => ({
    workstreamId: t.id({ required: true, description: "The workstream's id." }),
    leaseToken: t.id({
      description:
        "The token of the lease that it was claimed under; a lost one is a ConflictError. Left out by a person.",
    }),
    takeBack: takeBack(t),
    reason: reason(t),
  }),
  // After the input, whose type it is given.
  actor: ({ leaseToken }) => (leaseToken === undefined ? "FOUNDER" : "AGENT"),
  success: (t) => ({ workstream: workstream(t) }),
  run: ({ leaseToken, ...input }, caller, { services }) =>
    releaseWorkstream(services, caller, {
      ...input,
      workstreamId: decodeId("workstream", input.workstreamId, "workstreamId"),
      ...(leaseToken !== undefined && { leaseToken: decodeId("lease", leaseToken, "leaseToken") }),
    }),
});

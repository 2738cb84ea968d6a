import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { allowedDecisions, type GateOutcome, resolveGate } from "../../domain/stage/gate.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { GATE_MILESTONE, type Milestones } from "../../domain/stage/milestone.ts";
import type { DecisionGate } from "../../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import { type LockedProject, refusedByGuard, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";
import { completedBySystem, type MilestoneChange, resetOf, saveSetup, setupOfStage } from "./setup.ts";
import { enterStage, expirePendingGates, transitionEvent } from "./transition-stage.ts";

/**
 * Decides a pending gate, once, and does to the project what `resolveGate` says.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError with the first rule in the way, ConflictError
 *   when the gate has been decided or has expired
 */
export async function decideGate(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"decideGate">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.decideGate, raw);
  const { gateId, decision, reason = null, discussionId = null } = input;
  const projectId = await projectOfGate(services, gateId, caller);
  const about = { subject: "GATE", subjectId: gateId, type: "transition_rejected" } as const;
  const command = { command: "decideGate", projectId, input, attempt: about };
  return runProjectCommand(services, caller, command, async (project) => {
    const { tx, journey, now } = project;
    if (discussionId !== null) await checkCitation(project, discussionId);
    const pending = journey.pendingGates.find((gate) => gate.id === gateId);
    if (!pending) {
      const gate = await tx.decisionGate.findUniqueOrThrow({ where: { id: gateId } });
      return refusedByConflict(notPending(gate), about);
    }
    const resolution = resolveGate(journey, pending, decision);
    if (!resolution.allowed) {
      const { blockers, target: to } = resolution;
      const allowed = allowedDecisions(journey, pending);
      return refusedByGuard(project, blockers[0], { ...about, to, allowed });
    }
    const { count } = await tx.decisionGate.updateMany({
      where: { id: gateId, status: "PENDING" },
      data: { status: "DECIDED", decision, decidedBy: caller.actor, decidedAt: now, reason, discussionId },
    });
    if (count !== 1) throw new Error(`Gate ${gateId} changed under its project's lock`);
    const decided: NewEvent = {
      subject: "GATE",
      subjectId: gateId,
      type: "gate_decision",
      reason,
      fromState: "PENDING",
      toState: "DECIDED",
      detail: {
        decision,
        gateType: pending.gateType,
        ...(discussionId !== null && { discussion: discussionId }),
      },
    };
    const effects = await applyOutcome(project, resolution.outcome, gateId);
    return { id: gateId, ...effects, events: [decided, ...effects.events] };
  });
}

/** @throws NotFoundError when the project has no such discussion */
async function checkCitation({ tx, row }: LockedProject, id: string): Promise<void> {
  const found = await tx.discussion.findUnique({ where: { id, projectId: row.id }, select: { id: true } });
  if (!found) throw new NotFoundError("The project has no such discussion.");
}

async function applyOutcome(project: LockedProject, outcome: GateOutcome, gateId: string) {
  const { tx, row, journey, now } = project;
  const moved = outcome.stage !== journey.stage;
  const parked = outcome.status !== journey.status;
  const events: NewEvent[] = [];
  if (moved) events.push(transitionEvent(row.id, journey.stage, outcome.stage, null));
  if (parked) {
    const about = { subject: "STAGE", subjectId: row.id, type: "park" } as const;
    events.push({ ...about, fromState: journey.status, toState: outcome.status });
  }
  if (outcome.expiresOthers) events.push(...(await expirePendingGates(project, gateId)));
  if (outcome.voids.length > 0) {
    await tx.decisionGate.updateMany({
      where: {
        projectId: row.id,
        status: "DECIDED",
        supersededAt: null,
        id: { not: gateId },
        stageNumber: { in: [...outcome.voids] },
      },
      data: { supersededAt: now },
    });
  }
  const milestones = await changeMilestones(project, outcome);
  events.push(...milestones.events);
  const changes = { ...(moved && enterStage(outcome.stage, now)), ...(parked && { status: outcome.status }) };
  return { events, milestones: milestones.byStage, ...(moved || parked ? { changes } : {}) };
}

async function changeMilestones(project: LockedProject, outcome: GateOutcome) {
  const byStage: Record<number, Milestones> = {};
  const events: NewEvent[] = [];
  const change = async (
    stage: number,
    changeOf: (target: ReturnType<typeof setupOfStage>) => MilestoneChange | null,
  ) => {
    const target = setupOfStage(project, stage);
    const changed = changeOf(target);
    if (!changed) return;
    await saveSetup(project, target, { milestones: changed.milestones });
    byStage[stage] = changed.milestones;
    events.push(...changed.events);
  };
  const { completesGateOf, resets } = outcome;
  if (completesGateOf !== null) {
    await change(completesGateOf, (target) => completedBySystem(target, GATE_MILESTONE, project.now));
  }
  for (const stage of resets) await change(stage, resetOf);
  return { byStage, events };
}

async function projectOfGate({ prisma }: Services, id: string, asker: Asker): Promise<string> {
  const gate = await prisma.decisionGate.findUnique({
    where: { id, project: projectsSeenBy(asker) },
    select: { projectId: true },
  });
  if (!gate) throw new NotFoundError("There is no such gate.");
  return gate.projectId;
}

function notPending(gate: DecisionGate): ConflictError {
  if (gate.status === "EXPIRED") {
    return new ConflictError(
      "This gate has expired: the project moved to another stage or pivoted.",
      gate.status,
    );
  }
  const { decision, decidedBy, decidedAt } = gate;
  const message = `This gate has been decided already: ${decision}, by ${decidedBy}, at ${decidedAt?.toISOString()}.`;
  return new ConflictError(message, gate.status);
}

import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { RISKS_MILESTONE } from "../../domain/stage/milestone.ts";
import { MAX_RISKS, type Risk } from "../../domain/stage/risk.ts";
import {
  dismissSystemRisk,
  isDismissed,
  riskDismissalsSchema,
  type SystemRiskKind,
} from "../../domain/stage/system-risk.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import { type Accepted, type LockedProject, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";
import { completedBySystem, refusedEdit, saveSetup, setupOfStage } from "./setup.ts";
import { readSystemRisks } from "./signals.ts";

/**
 * Raises a risk on a stage. A blocking one keeps the stage from being left forward until it is dismissed; the
 * first one completes the stage's `risks_identified` milestone, where it has that.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (STAGE_LOCKED, ARCHIVED), ConflictError when the
 *   stage has 100 risks or `expectedVersion` is stale
 */
export function raiseRisk(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"raiseRisk">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.raiseRisk, raw);
  const { projectId, stage, type, message, blocking, expectedVersion } = input;
  const command = { command: "raiseRisk", projectId, input };
  return runProjectCommand(services, caller, command, async (project) => {
    const target = setupOfStage(project, stage);
    const { risks } = target.setup;
    const id = services.ids.next();
    const about = { subject: "RISK", subjectId: id } as const;
    const refused = refusedEdit(project, target, expectedVersion, about);
    if (refused) return refused;
    if (risks.length >= MAX_RISKS) {
      return refusedByConflict(new ConflictError(`A stage holds at most ${MAX_RISKS} risks.`, "FULL"), about);
    }
    const raisedAt = project.now.toISOString();
    const risk: Risk = { id, type, message, blocking, dismissed: false, raisedAt, dismissedAt: null };
    const completed = completedBySystem(target, RISKS_MILESTONE, project.now);
    const milestones = completed?.milestones;
    await saveSetup(project, target, { risks: [...risks, risk], ...(milestones && { milestones }) });
    const raised: NewEvent = {
      ...about,
      type: "risk_change",
      toState: "RAISED",
      detail: { change: "RAISED", stage, type, message, blocking },
    };
    return {
      id: target.row.id,
      part: id,
      events: [raised, ...(completed?.events ?? [])],
      ...(milestones && { milestones: { [stage]: milestones } }),
    };
  });
}

/**
 * Dismisses a raised risk, or a system risk until it gets worse or comes anew.
 *
 * @throws ValidationError, NotFoundError when the project does not have that risk, GuardRejectedError
 *   (ARCHIVED), ConflictError when it is dismissed already
 */
export function dismissRisk(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"dismissRisk">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.dismissRisk, raw);
  const { projectId, risk, reason = null } = input;
  const command = { command: "dismissRisk", projectId, input };
  return runProjectCommand(services, caller, command, (project) =>
    "riskId" in risk
      ? dismissRaised(project, risk.riskId, reason)
      : dismissComputed(project, risk.systemRisk, reason),
  );
}

async function dismissRaised(
  project: LockedProject,
  riskId: string,
  reason: string | null,
): Promise<Accepted | Refused> {
  const holder = project.row.stageConfigs.find(({ stageNumber }) =>
    project.journey.setups[stageNumber]?.risks.some(({ id }) => id === riskId),
  );
  if (!holder) throw new NotFoundError("The project has no such risk.");
  const target = setupOfStage(project, holder.stageNumber);
  const about = { subject: "RISK", subjectId: riskId } as const;
  const risk = target.setup.risks.find(({ id }) => id === riskId);
  if (risk?.dismissed) {
    return refusedByConflict(new ConflictError("This risk is dismissed already.", "DISMISSED"), about);
  }
  const dismissed = { dismissed: true, dismissedAt: project.now.toISOString() };
  const risks = target.setup.risks.map((other) => (other.id === riskId ? { ...other, ...dismissed } : other));
  await saveSetup(project, target, { risks });
  const event = { ...about, type: "risk_change", fromState: "RAISED", toState: "DISMISSED", reason } as const;
  const detail = { change: "DISMISSED", stage: holder.stageNumber, type: risk?.type ?? null };
  return { id: project.row.id, part: riskId, events: [{ ...event, detail }] };
}

async function dismissComputed(
  project: LockedProject,
  kind: SystemRiskKind,
  reason: string | null,
): Promise<Accepted | Refused> {
  const { tx, row, now } = project;
  const present = (await readSystemRisks(tx, { userId: row.ownerId }, [row.id], now)).get(row.id) ?? [];
  const risk = present.find((candidate) => candidate.kind === kind);
  if (!risk) throw new NotFoundError("The project does not have that system risk now.");
  const about = { subject: "RISK", subjectId: row.id } as const;
  const dismissals = riskDismissalsSchema.parse(row.riskDismissals);
  if (isDismissed(risk, dismissals)) {
    return refusedByConflict(new ConflictError("This risk is dismissed already.", "DISMISSED"), about);
  }
  const event = { ...about, type: "risk_change", fromState: "RAISED", toState: "DISMISSED", reason } as const;
  return {
    id: row.id,
    changes: { riskDismissals: [...dismissSystemRisk(risk, dismissals)] },
    events: [{ ...event, detail: { change: "DISMISSED", systemRisk: kind, level: risk.level } }],
  };
}

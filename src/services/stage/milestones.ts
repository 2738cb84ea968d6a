import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf, type GuardRule } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectCommand, type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import * as domain from "../../domain/stage/milestone.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import { type LockedProject, refusedByGuard, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";
import {
  type LockedSetup,
  type MilestoneChange,
  milestoneEvent,
  refusedEdit,
  saveSetup,
  setupOfStage,
} from "./setup.ts";

/**
 * Completes an open milestone. `gate_proceed` follows its gate and cannot be completed by hand.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (GATE_MILESTONE, STAGE_LOCKED, ARCHIVED),
 *   ConflictError when it is completed already or `expectedVersion` is stale
 */
export function completeMilestone(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"completeMilestone">,
): Promise<CommandResult> {
  return changeMilestone(services, caller, "completeMilestone", raw, (input, target, project) => {
    const milestone = domain.findMilestone(target.setup.milestones, input.key);
    if (!milestone) throw noMilestone(input.key);
    if (input.key === domain.GATE_MILESTONE) return guard(project, target, "GATE_MILESTONE");
    if (milestone.completed) return conflict(target, `${input.key} is completed already.`, "COMPLETED");
    return {
      milestones: domain.completeMilestone(target.setup.milestones, input.key, project.now),
      events: [milestoneEvent(target, "COMPLETED", { key: input.key })],
    };
  });
}

/**
 * Opens a completed milestone again: progress falls.
 *
 * @throws as `completeMilestone` does
 */
export function reopenMilestone(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"reopenMilestone">,
): Promise<CommandResult> {
  return changeMilestone(services, caller, "reopenMilestone", raw, (input, target, project) => {
    const milestone = domain.findMilestone(target.setup.milestones, input.key);
    if (!milestone) throw noMilestone(input.key);
    if (input.key === domain.GATE_MILESTONE) return guard(project, target, "GATE_MILESTONE");
    if (!milestone.completed) return conflict(target, `${input.key} is open already.`, "OPEN");
    return {
      milestones: domain.reopenMilestone(target.setup.milestones, input.key),
      events: [milestoneEvent(target, "REOPENED", { key: input.key })],
    };
  });
}

/**
 * Adds a milestone of the project's own, or changes the title and weight of one that is there.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (STAGE_LOCKED, ARCHIVED), ConflictError when the
 *   stage has 50 milestones or `expectedVersion` is stale
 */
export function setMilestone(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"setMilestone">,
): Promise<CommandResult> {
  return changeMilestone(services, caller, "setMilestone", raw, (input, target) => {
    const { milestones } = target.setup;
    const isNew = !domain.findMilestone(milestones, input.key);
    if (isNew && Object.keys(milestones).length >= domain.MAX_MILESTONES) {
      return conflict(target, `A stage has at most ${domain.MAX_MILESTONES} milestones.`, "FULL");
    }
    const changed = domain.setMilestone(milestones, input.key, input);
    const title = changed[input.key]?.title ?? "";
    return {
      milestones: changed,
      events: [milestoneEvent(target, "SET", { key: input.key, title, weight: input.weight })],
    };
  });
}

/**
 * Removes a milestone of the project's own. Those of the template stay; the weight 0 takes them out of the progress.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (TEMPLATE_MILESTONE, STAGE_LOCKED, ARCHIVED),
 *   ConflictError when `expectedVersion` is stale
 */
export function removeMilestone(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"removeMilestone">,
): Promise<CommandResult> {
  return changeMilestone(services, caller, "removeMilestone", raw, (input, target, project) => {
    const milestone = domain.findMilestone(target.setup.milestones, input.key);
    if (!milestone) throw noMilestone(input.key);
    if (milestone.template) return guard(project, target, "TEMPLATE_MILESTONE");
    return {
      milestones: domain.removeMilestone(target.setup.milestones, input.key),
      events: [milestoneEvent(target, "REMOVED", { key: input.key })],
    };
  });
}

type MilestoneCommand = Extract<
  ProjectCommand,
  "completeMilestone" | "reopenMilestone" | "setMilestone" | "removeMilestone"
>;

function changeMilestone<Name extends MilestoneCommand>(
  services: Services,
  caller: Caller,
  command: Name,
  raw: ProjectInput<Name>,
  change: (
    input: ReturnType<(typeof projectInputs)[Name]["parse"]>,
    target: LockedSetup,
    project: LockedProject,
  ) => MilestoneChange | Refused,
): Promise<CommandResult> {
  const input = parseInput(projectInputs[command], raw) as ReturnType<(typeof projectInputs)[Name]["parse"]>;
  const { projectId, stage, key, expectedVersion } = input;
  return runProjectCommand(services, caller, { command, projectId, input }, async (project) => {
    const target = setupOfStage(project, stage);
    const refused = refusedEdit(project, target, expectedVersion, aboutMilestone(target));
    if (refused) return refused;
    const verdict = change(input, target, project);
    if ("refusal" in verdict) return verdict;
    await saveSetup(project, target, { milestones: verdict.milestones });
    const events: readonly NewEvent[] = verdict.events;
    return { id: target.row.id, part: key, events, milestones: { [stage]: verdict.milestones } };
  });
}

function aboutMilestone(target: LockedSetup) {
  return { subject: "MILESTONE", subjectId: target.row.id } as const;
}

function guard(project: LockedProject, target: LockedSetup, rule: GuardRule): Refused {
  return refusedByGuard(project, blockerOf(rule), aboutMilestone(target));
}

function conflict(target: LockedSetup, message: string, state: string): Refused {
  return refusedByConflict(new ConflictError(message, state, target.row.version), aboutMilestone(target));
}

function noMilestone(key: string): NotFoundError {
  return new NotFoundError(`The stage has no milestone ${key}.`);
}

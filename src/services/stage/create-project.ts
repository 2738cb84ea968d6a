import { NotFoundError, QuotaExceededError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { GENESIS_HASH } from "../../domain/event/hash.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { CONFIGURED_STAGES, stageOf } from "../../domain/stage/stage.ts";
import { getStageTemplate } from "../../domain/stage/template.ts";
import type { Caller, CommandResult, Transaction } from "../command/command.ts";
import { runCommand } from "../command/run.ts";
import type { Services } from "../services.ts";

/**
 * Creates a project in the pre-stage, with its five stage configurations from the templates.
 *
 * There is no project row to lock yet: the owner's row stands in for it, so that two at once cannot both
 * take the last place of the plan.
 *
 * @throws ValidationError, QuotaExceededError when the owner's plan allows no further project
 */
export function createProject(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"createProject">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.createProject, raw);
  return runCommand(services, caller, "createProject", input, async (tx) => {
    const { ids } = services;
    const now = services.clock.now();
    await lockPlaceInPlan(tx, caller, now);
    const id = ids.next();
    await tx.project.create({
      data: {
        id,
        ownerId: caller.userId,
        name: input.name,
        description: input.description,
        eventHash: GENESIS_HASH,
        createdAt: now,
        updatedAt: now,
      },
    });
    await tx.stageConfig.createMany({
      data: CONFIGURED_STAGES.map((stageNumber) => ({
        id: ids.next(),
        projectId: id,
        stageNumber,
        createdAt: now,
        updatedAt: now,
        milestones: getStageTemplate(stageNumber),
      })),
    });
    const created: NewEvent = {
      subject: "STAGE",
      subjectId: id,
      type: "project_created",
      toState: stageOf(0).name,
      detail: { name: input.name, description: input.description },
    };
    // The row as it has just been made: the end of a log without events.
    const head = { projectId: id, sequence: 0, hash: GENESIS_HASH };
    const log = { head, events: [created], changes: {}, bumpsVersion: false, at: now };
    return { id, log, accessChanged: [caller.userId] };
  });
}

async function lockPlaceInPlan(tx: Transaction, caller: Caller, now: Date): Promise<void> {
  const { userId, key } = caller;
  await tx.$queryRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const owner = await tx.user.findUnique({
    where: { id: userId, suspendedAt: null },
    select: { planTier: true, _count: { select: { projects: { where: { archivedAt: null } } } } },
  });
  if (!owner) throw new NotFoundError("There is no such user.");
  // Asked once the lock is theirs: it may have ended while they waited.
  if (key && !(await keyHolds(tx, key.id, now))) throw new NotFoundError("There is no such key.");
  const { maxProjects, name } = owner.planTier;
  const used = owner._count.projects;
  if (used >= maxProjects) {
    const message = `The ${name} plan allows ${maxProjects} projects, and you have ${used}. Archive one, or change the plan.`;
    throw new QuotaExceededError(message, maxProjects, used);
  }
}

async function keyHolds(tx: Transaction, id: string, now: Date): Promise<boolean> {
  const open = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  return (await tx.apiKey.findUnique({ where: { id, ...open }, select: { id: true } })) !== null;
}

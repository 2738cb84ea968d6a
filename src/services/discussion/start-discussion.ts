import { companyProblem, type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { roundType } from "../../domain/discussion/rounds.ts";
import { readSettings } from "../../domain/discussion/settings.ts";
import { ValidationError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { checkBudget, readBudget } from "../account/budget.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { runProjectCommand } from "../command/project.ts";
import type { ModelServices } from "../services.ts";
import { beginRound } from "./begin-round.ts";
import { aboutDiscussion } from "./discussion.ts";
import { participants } from "./participants.ts";

/**
 * Starts a discussion. It returns at once: the rounds are held by jobs, of which the first is enqueued in the same
 * transaction.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), QuotaExceededError when the plan does not allow
 *   so many models or the day's tokens are used up
 */
export async function startDiscussion(
  services: ModelServices,
  caller: Caller,
  raw: DiscussionInput<"startDiscussion">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.startDiscussion, raw);
  const { projectId, question, type, peerRanking } = input;
  const request = { command: "startDiscussion", projectId, input, unrecorded: ["question"] };
  await services.jobs.ready();
  const result = await runProjectCommand(services, caller, request, async (project) => {
    const { tx, row, now } = project;
    const models = await participants(services, project, input.models);
    const problem = companyProblem({ type, peerRanking, models });
    if (problem !== null) throw new ValidationError([{ path: "models", message: problem }]);
    checkBudget(await readBudget(tx, row.ownerId, now), 1);
    const settings = readSettings(row.settings);
    const plannedRounds = type === "OPEN" ? 1 : (input.rounds ?? settings.defaultRounds);
    const id = services.ids.next();
    const { correlationId } = caller;
    await tx.discussion.create({
      data: {
        id,
        projectId,
        question,
        type,
        models: [...models],
        plannedRounds,
        peerRanking,
        consensusThreshold: settings.consensusThreshold,
        systemPrompt: settings.systemPromptOverride,
        correlationId,
        createdAt: now,
        updatedAt: now,
      },
    });
    const begun = await beginRound(services, project, {
      discussionId: id,
      models,
      roundNumber: 1,
      type: roundType(type, 1),
      isPlanned: true,
      pendingRounds: plannedRounds - 1,
      correlationId,
    });
    const started = {
      ...aboutDiscussion(id),
      type: "discussion_started",
      toState: "ACTIVE",
      detail: { type, models: [...models], rounds: plannedRounds, peerRanking },
    } as const;
    return { id, events: [started, begun.event] };
  });
  services.jobs.committed();
  return result;
}

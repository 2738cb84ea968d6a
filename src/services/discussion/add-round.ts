import { type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { MAX_ROUNDS } from "../../domain/discussion/limits.ts";
import { roundType } from "../../domain/discussion/rounds.ts";
import type { DiscussionType } from "../../domain/discussion/states.ts";
import { ConflictError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { checkBudget, readBudget } from "../account/budget.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { ModelServices } from "../services.ts";
import { beginRound } from "./begin-round.ts";
import { refusedWhileBusy, runDiscussionCommand } from "./command.ts";
import { modelsOf } from "./discussion.ts";

/**
 * Has the models speak once more.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when the discussion is completed, a
 *   round or a summary is under way, or there have been ten rounds; QuotaExceededError when the day's tokens are used up
 */
export async function addRound(
  services: ModelServices,
  caller: Caller,
  raw: DiscussionInput<"addRound">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.addRound, raw);
  await services.jobs.ready();
  const request = { command: "addRound", input };
  const result = await runDiscussionCommand(services, caller, request, async (discussion) => {
    const { project, row, about } = discussion;
    const busy = refusedWhileBusy(discussion);
    if (busy) return busy;
    const roundNumber = row.rounds.length + 1;
    if (roundNumber > MAX_ROUNDS) {
      const message = `A discussion has at most ${MAX_ROUNDS} rounds.`;
      return refusedByConflict(new ConflictError(message, "FULL"), about);
    }
    checkBudget(await readBudget(project.tx, row.project.ownerId, project.now), 1);
    const begun = await beginRound(services, project, {
      discussionId: row.id,
      models: modelsOf(row),
      roundNumber,
      type: input.type ?? roundType(row.type as DiscussionType, roundNumber),
      isPlanned: false,
      pendingRounds: 0,
      correlationId: caller.correlationId,
    });
    return { id: row.id, part: begun.roundId, events: [begun.event] };
  });
  services.jobs.committed();
  return result;
}

import { type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { speakersOf } from "../../domain/discussion/transcript.ts";
import { ConflictError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { checkBudget, readBudget } from "../account/budget.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { ModelServices } from "../services.ts";
import { beginSummary } from "./begin-summary.ts";
import { refusedWhileBusy, runDiscussionCommand } from "./command.ts";
import { modelsOf, transcriptOf } from "./discussion.ts";
import { unknownModel } from "./participants.ts";

/**
 * Has a model summarise what the models of a discussion agree on. It returns at once; the summary is written by a job.
 *
 * @throws ValidationError, also when `by` is no model of the discussion; NotFoundError, GuardRejectedError (ARCHIVED),
 *   ConflictError when the discussion is completed, a round or a summary is under way, or no model has said anything;
 *   QuotaExceededError when the day's tokens are used up
 */
export async function summarizeConsensus(
  services: ModelServices,
  caller: Caller,
  raw: DiscussionInput<"summarizeConsensus">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.summarizeConsensus, raw);
  await services.jobs.ready();
  const request = { command: "summarizeConsensus", input };
  const result = await runDiscussionCommand(services, caller, request, async (discussion) => {
    const { project, row, about } = discussion;
    const models = modelsOf(row);
    const by = input.by ?? models[0] ?? "";
    if (!models.includes(by)) throw unknownModel("by", [by], models);
    const busy = refusedWhileBusy(discussion);
    if (busy) return busy;
    if (speakersOf(transcriptOf(row.rounds)).length === 0) {
      const message = "No model has said anything yet: there is nothing to summarise.";
      return refusedByConflict(new ConflictError(message, "SILENT"), about);
    }
    checkBudget(await readBudget(project.tx, row.project.ownerId, project.now), 1);
    const begun = await beginSummary(services, project, {
      discussionId: row.id,
      by,
      correlationId: caller.correlationId,
    });
    return { id: row.id, events: [begun] };
  });
  services.jobs.committed();
  return result;
}

import { type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import type { Services } from "../services.ts";
import { refusedWhileAsked, refusedWhileBusy, runDiscussionCommand } from "./command.ts";

/**
 * Completes a discussion: it accepts no further command, and its streams end.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when it is completed already, or a
 *   model still speaks
 */
export function completeDiscussion(
  services: Services,
  caller: Caller,
  raw: DiscussionInput<"completeDiscussion">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.completeDiscussion, raw);
  const request = { command: "completeDiscussion", input };
  return runDiscussionCommand(services, caller, request, async (discussion) => {
    const { project, row, about } = discussion;
    const refusal = refusedWhileBusy(discussion) ?? refusedWhileAsked(discussion);
    if (refusal) return refusal;
    await project.tx.discussion.update({
      where: { id: row.id },
      data: { status: "COMPLETED", completedAt: project.now, updatedAt: project.now },
    });
    const completed = {
      ...about,
      type: "discussion_completed",
      fromState: "ACTIVE",
      toState: "COMPLETED",
    } as const;
    return { id: row.id, events: [completed] };
  });
}

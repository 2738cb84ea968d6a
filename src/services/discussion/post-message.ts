import { type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { MAX_POSTS } from "../../domain/discussion/limits.ts";
import { parseMentions } from "../../domain/discussion/mentions.ts";
import { ConflictError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { checkBudget, readBudget } from "../account/budget.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { ModelServices } from "../services.ts";
import { runDiscussionCommand } from "./command.ts";
import { modelsOf } from "./discussion.ts";
import { unknownModel } from "./participants.ts";

/**
 * Says something in a discussion, in its newest round. Every model that is named (@claude) is asked for a direct answer,
 * by a job that is enqueued in the same transaction; the others read it when they speak next.
 *
 * @throws ValidationError, also when a name is no model's of this discussion; NotFoundError, GuardRejectedError
 *   (ARCHIVED), ConflictError when the discussion is completed or holds 100 messages of people; QuotaExceededError when
 *   somebody is to answer and the day's tokens are used up
 */
export async function postMessage(
  services: ModelServices,
  caller: Caller,
  raw: DiscussionInput<"postMessage">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.postMessage, raw);
  const { content } = input;
  await services.jobs.ready();
  const request = { command: "postMessage", input, unrecorded: ["content"] };
  const result = await runDiscussionCommand(services, caller, request, async ({ project, row, about }) => {
    const { tx, now } = project;
    const mentions = parseMentions(content, modelsOf(row));
    if (mentions.unknown.length > 0) throw unknownModel("content", mentions.unknown, modelsOf(row));
    const posts = row.rounds.flatMap(({ messages }) => messages).filter(({ kind }) => kind === "PERSON");
    if (posts.length >= MAX_POSTS) {
      const message = `A discussion holds at most ${MAX_POSTS} messages of people.`;
      return refusedByConflict(new ConflictError(message, "FULL"), about);
    }
    if (mentions.models.length > 0) {
      checkBudget(await readBudget(tx, row.project.ownerId, now), 1);
    }
    const round = row.rounds.at(-1);
    if (!round) throw new Error(`Discussion ${row.id} has no round`);
    const first = 1 + Math.max(...round.messages.map(({ position }) => position));
    const id = services.ids.next();
    const post = { id, roundId: round.id, kind: "PERSON", author: caller.actor, position: first, content };
    await tx.message.create({ data: { ...post, status: "COMPLETED", timestamp: now } });
    if (mentions.models.length > 0) {
      await tx.message.createMany({
        data: mentions.models.map((model, index) => ({
          id: services.ids.next(),
          roundId: round.id,
          kind: "DIRECT",
          isDirect: true,
          replyToId: id,
          model,
          position: first + 1 + index,
        })),
      });
      await services.jobs.discuss(tx, { task: "POST", id });
    }
    await tx.discussion.update({ where: { id: row.id }, data: { updatedAt: now } });
    const posted: NewEvent = {
      ...about,
      type: "message_posted",
      detail: { message: id, round: round.id, mentions: [...mentions.models] },
    };
    return { id: row.id, part: id, events: [posted] };
  });
  services.jobs.committed();
  return result;
}

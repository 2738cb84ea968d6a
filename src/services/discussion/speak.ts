import { MAX_MESSAGE_CHARACTERS } from "../../domain/discussion/limits.ts";
import {
  answerPrompt,
  type DiscussionPrompt,
  directPrompt,
  rankingPrompt,
} from "../../domain/discussion/prompts.ts";
import { anonymize, checkRanking, rankingSchema } from "../../domain/discussion/ranking.ts";
import { saidText } from "../../domain/discussion/said-text.ts";
import type { Failed, RoundType } from "../../domain/discussion/states.ts";
import { truncate } from "../../domain/text.ts";
import type { Reply, ReplyRequest } from "../../llm/runner.ts";
import { abandonReservations, createMeter } from "../account/meter.ts";
import type { Caller } from "../command/command.ts";
import { runProjectCommand } from "../command/project.ts";
import { SupersededError } from "../model/superseded.ts";
import type { ModelServices, Services } from "../services.ts";
import { askModel, failed } from "./ask-model.ts";
import {
  aboutDiscussion,
  type DiscussionRow,
  isUnsaid,
  type MessageRow,
  modelsOf,
  type RoundRow,
  settingOf,
  transcriptOf,
  WITH_ROUNDS,
} from "./discussion.ts";
import { PieceWriter } from "./piece-writer.ts";

/** An answer is a few hundred tokens; the rest is for models that think before they speak. */
const MAX_OUTPUT_TOKENS = 8_000;

/** A message that a model is about to say, as its discussion stood when it was taken. */
interface Turn {
  readonly discussion: DiscussionRow;
  readonly round: RoundRow;
  readonly message: MessageRow;
  readonly model: string;
  /** Whoever says it hands this in again: what an earlier attempt says is refused. */
  readonly attempt: number;
}

/** What saying it came to. What a model said before it failed is kept with the failure. */
type Spoken =
  | { readonly content: string; readonly isCut?: boolean; readonly ranking?: readonly string[] }
  | (Failed & { readonly content: string });

/**
 * Has a model say one message, unless it is said already.
 *
 * @throws SupersededError when another attempt has taken it over; the signal's reason; whatever is no fault of the model
 */
export async function speak(services: ModelServices, messageId: string, signal: AbortSignal): Promise<void> {
  const turn = await takeTurn(services, messageId);
  if (!turn) return;
  await finish(services, turn, await say(services, turn, signal));
}

/** Ends a message that nobody will say any more. @throws SupersededError */
export async function giveUpMessage(services: ModelServices, messageId: string): Promise<void> {
  const turn = await takeTurn(services, messageId);
  if (turn) await finish(services, turn, { ...failed("INTERNAL"), content: "" });
}

/**
 * Takes a message: counts the attempt, and closes what an earlier one has reserved.
 *
 * @returns null when it is said
 */
async function takeTurn(services: ModelServices, id: string): Promise<Turn | null> {
  const { prisma, clock, wakeups } = services;
  const found = await prisma.message.findUnique({
    where: { id },
    select: { round: { select: { discussion: { include: WITH_ROUNDS } } } },
  });
  const discussion = found?.round.discussion;
  const round = discussion?.rounds.find(({ messages }) => messages.some((one) => one.id === id));
  const message = round?.messages.find((one) => one.id === id);
  if (!discussion || !round || !message || message.model === null || !isUnsaid(message)) return null;
  const attempt = message.attempt + 1;
  // Compare-and-set: of two that begin at once one finds another attempt there, and reads again.
  const { count } = await prisma.message.updateMany({
    where: { id, attempt: message.attempt, status: { in: ["PENDING", "RUNNING"] } },
    data: { attempt, status: "RUNNING" },
  });
  if (count !== 1) return takeTurn(services, id);
  await abandonReservations(prisma, id, clock.now());
  wakeups.publishDiscussion(discussion.id);
  return { discussion, round, message, model: message.model, attempt };
}

async function say(services: ModelServices, turn: Turn, signal: AbortSignal): Promise<Spoken> {
  if (turn.discussion.project.archivedAt !== null) return { ...failed("ARCHIVED"), content: "" };
  return turn.message.kind === "RANKING" ? rank(services, turn, signal) : answer(services, turn, signal);
}

async function answer(services: ModelServices, turn: Turn, signal: AbortSignal): Promise<Spoken> {
  const { discussion, message, model, attempt } = turn;
  const writer = new PieceWriter(services, {
    discussionId: discussion.id,
    messageId: message.id,
    attempt,
  });
  const request = requestOf(model, promptOf(turn));
  try {
    const asked = await askModel(services, model, signal, (stop) =>
      services.runner.reply(request, {
        meter: meterOf(services, turn),
        signal: stop,
        onDelta: (piece) => writer.push(piece),
      }),
    );
    const streamed = await writer.end();
    if ("failure" in asked) return { ...asked, content: streamed };
    return spokenOf(asked.answer);
  } finally {
    await writer.end();
  }
}

/** What a reply is as a message: the reply's text, not its pieces, which may hold what it turned out not to say. */
function spokenOf({ text, isCut }: Reply): Spoken {
  const said = saidText(text);
  if (said.trim() === "") return { ...failed("INVALID_OUTPUT", "It said nothing."), content: "" };
  const content = truncate(said, MAX_MESSAGE_CHARACTERS);
  return { content, isCut: isCut || content.length < said.length };
}

async function rank(services: ModelServices, turn: Turn, signal: AbortSignal): Promise<Spoken> {
  const { discussion, round, model } = turn;
  const answers = round.messages.filter(({ kind }) => kind === "ANSWER");
  const said = transcriptOf([{ ...round, messages: answers }]);
  const candidates = anonymize(model, said, modelsOf(discussion));
  const request = {
    ...requestOf(model, rankingPrompt(settingOf(discussion), candidates)),
    schema: rankingSchema,
  };
  const asked = await askModel(services, model, signal, (stop) =>
    services.runner.generateObject(request, { meter: meterOf(services, turn), signal: stop }),
  );
  if ("failure" in asked) return { ...asked, content: "" };
  const checked = checkRanking(asked.answer.object, candidates);
  return "problem" in checked ? { ...failed("INVALID_OUTPUT", checked.problem), content: "" } : checked;
}

function requestOf(model: string, { system, prompt }: DiscussionPrompt): ReplyRequest {
  return {
    model,
    system,
    messages: [{ role: "user", content: prompt }],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

function promptOf({ discussion, round, message, model }: Turn): DiscussionPrompt {
  const setting = settingOf(discussion);
  if (message.kind === "DIRECT") {
    const asked = round.messages.find(({ id }) => id === message.replyToId);
    const before = transcriptOf(discussion.rounds).filter(({ id }) => id !== asked?.id);
    return directPrompt(model, setting, before, asked?.content ?? "");
  }
  // In a parallel round nobody hears the others, also not those who were faster.
  const isHeard = (one: RoundRow) =>
    one.roundNumber < round.roundNumber || (one.id === round.id && round.type === "SEQUENTIAL");
  return answerPrompt(
    model,
    round.type as RoundType,
    setting,
    transcriptOf(discussion.rounds.filter(isHeard)),
  );
}

function meterOf(services: Services, { discussion, message }: Turn) {
  const { id: projectId, ownerId: userId } = discussion.project;
  return createMeter(services, { userId, projectId, subjectId: message.id, purpose: "DISCUSSION" });
}

/** Stores what was said, under the project's lock, and only for the attempt that has the message. */
async function finish(services: Services, turn: Turn, spoken: Spoken): Promise<void> {
  const { discussion, round, message, model, attempt } = turn;
  const { id: projectId, ownerId: userId } = discussion.project;
  const { correlationId } = discussion;
  const caller: Caller = { userId, actor: "LLM", correlationId, idempotencyKey: null };
  const request = { command: "finishMessage", projectId, input: {}, evenArchived: true };
  await runProjectCommand(services, caller, request, async ({ tx, now }) => {
    const { count } = await tx.message.updateMany({
      where: { id: message.id, attempt, status: "RUNNING" },
      data: { timestamp: now, ...columnsOf(spoken) },
    });
    if (count !== 1) throw new SupersededError(`Another attempt has message ${message.id}`);
    await tx.messagePiece.deleteMany({ where: { messageId: message.id } });
    await tx.discussion.update({ where: { id: discussion.id }, data: { updatedAt: now } });
    const about = aboutDiscussion(discussion.id);
    const detail = { message: message.id, round: round.id, model, kind: message.kind, attempt };
    return {
      id: discussion.id,
      events: [
        "failure" in spoken
          ? {
              ...about,
              type: "message_failed",
              reason: spoken.message,
              detail: { ...detail, failure: spoken.failure },
            }
          : {
              ...about,
              type: "message_answered",
              detail: { ...detail, ...(spoken.isCut && { isCut: true }) },
            },
      ],
    };
  });
}

function columnsOf(spoken: Spoken) {
  const { content } = spoken;
  if ("failure" in spoken) {
    return {
      status: "FAILED",
      content,
      failureReason: spoken.failure,
      failureMessage: spoken.message,
    };
  }
  return {
    status: "COMPLETED",
    content,
    isCut: spoken.isCut ?? false,
    ...(spoken.ranking && { ranking: [...spoken.ranking] }),
  };
}

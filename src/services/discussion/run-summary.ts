import {
  type CheckedConsensus,
  type ConsensusDraft,
  checkConsensus,
  consensusSchema,
} from "../../domain/discussion/consensus.ts";
import { consensusPrompt, consensusRepair } from "../../domain/discussion/prompts.ts";
import { continues, roundType } from "../../domain/discussion/rounds.ts";
import type { DiscussionType, Failed } from "../../domain/discussion/states.ts";
import type { Said } from "../../domain/discussion/transcript.ts";
import type { JsonObject, NewEvent } from "../../domain/event/event.ts";
import { fitTexts } from "../../domain/fit-texts.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { ChatMessage } from "../../llm/runner.ts";
import { abandonReservations, createMeter } from "../account/meter.ts";
import type { Caller } from "../command/command.ts";
import { type LockedProject, runProjectCommand } from "../command/project.ts";
import { SupersededError, unlessSuperseded } from "../model/superseded.ts";
import type { ModelServices } from "../services.ts";
import { askModel, failed } from "./ask-model.ts";
import { beginRound } from "./begin-round.ts";
import {
  aboutDiscussion,
  type DiscussionRow,
  modelsOf,
  settingOf,
  transcriptOf,
  WITH_ROUNDS,
} from "./discussion.ts";

/** A summary is longer than an answer, and models think longer about it. */
const MAX_OUTPUT_TOKENS = 16_000;
/** So much of a summary is shown to the model that is to repair it. */
const MAX_SUMMARY_CHARACTERS = 60_000;

/** A summary that is being written, as its discussion stood when it was taken. */
interface SummaryTask {
  readonly summaryId: string;
  readonly by: string;
  /** Whoever writes it hands this in again: an earlier attempt's text is refused. */
  readonly attempt: number;
  readonly discussion: DiscussionRow;
  readonly transcript: readonly Said[];
}

type Summary = { readonly consensus: CheckedConsensus } | Failed;

/**
 * Has a model summarise what the models agree on, holds it against what was said, and has it repaired once where it does
 * not hold. Then the next of the planned rounds begins, unless the models agree.
 *
 * @throws the signal's reason; whatever is no fault of the model, for the job to be tried again
 */
export function runSummary(services: ModelServices, summaryId: string, signal: AbortSignal): Promise<void> {
  return unlessSuperseded(async () => {
    const task = await takeSummary(services, summaryId);
    if (task) await finishSummary(services, task, await summarize(services, task, signal));
  });
}

/** Ends a summary that nobody will write any more. */
export function giveUpSummary(services: ModelServices, summaryId: string): Promise<void> {
  return unlessSuperseded(async () => {
    const task = await takeSummary(services, summaryId);
    if (task) await finishSummary(services, task, failed("INTERNAL"));
  });
}

async function takeSummary(services: ModelServices, summaryId: string): Promise<SummaryTask | null> {
  const { prisma, clock } = services;
  const discussion = await prisma.discussion.findUnique({ where: { summaryId }, include: WITH_ROUNDS });
  if (discussion?.activity !== "SUMMARY" || discussion.summaryBy === null) return null;
  const attempt = discussion.summaryAttempt + 1;
  // Compare-and-set: of two that begin at once one finds another attempt there, and reads again.
  const { count } = await prisma.discussion.updateMany({
    where: { summaryId, activity: "SUMMARY", summaryAttempt: discussion.summaryAttempt },
    data: { summaryAttempt: attempt },
  });
  if (count !== 1) return takeSummary(services, summaryId);
  await abandonReservations(prisma, summaryId, clock.now());
  const transcript = transcriptOf(discussion.rounds);
  return { summaryId, by: discussion.summaryBy, attempt, discussion, transcript };
}

async function summarize(services: ModelServices, task: SummaryTask, signal: AbortSignal): Promise<Summary> {
  const { discussion, transcript } = task;
  if (discussion.project.archivedAt !== null) return failed("ARCHIVED");
  const { system, prompt } = consensusPrompt(settingOf(discussion), transcript);
  const question: ChatMessage = { role: "user", content: prompt };
  const first = await ask(services, task, signal, system, [question]);
  if ("failure" in first) return first;
  const checked = checkConsensus(first.answer, transcript);
  if ("consensus" in checked) return checked;
  const second = await ask(services, task, signal, system, [
    question,
    { role: "assistant", content: fitTexts([JSON.stringify(first.answer)], MAX_SUMMARY_CHARACTERS)[0] ?? "" },
    { role: "user", content: consensusRepair(checked.problems) },
  ]);
  if ("failure" in second) return second;
  const repaired = checkConsensus(second.answer, transcript);
  if ("consensus" in repaired) return repaired;
  const message = `The summary does not hold against what was said: ${repaired.problems.join(" ")}`;
  return failed("INVALID_OUTPUT", message);
}

async function ask(
  services: ModelServices,
  { summaryId, by, discussion }: SummaryTask,
  signal: AbortSignal,
  system: string,
  messages: readonly ChatMessage[],
): Promise<{ readonly answer: ConsensusDraft } | Failed> {
  const { id: projectId, ownerId: userId } = discussion.project;
  const meter = createMeter(services, { userId, projectId, subjectId: summaryId, purpose: "DISCUSSION" });
  const request = {
    model: by,
    system,
    messages,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    schema: consensusSchema,
  };
  return askModel(services, by, signal, async (stop) => {
    const { object } = await services.runner.generateObject(request, { meter, signal: stop });
    return object;
  });
}

/** Stores what the summary came to, under the project's lock, and begins what follows. @throws SupersededError */
async function finishSummary(services: ModelServices, task: SummaryTask, summary: Summary): Promise<void> {
  const { summaryId, attempt, discussion } = task;
  const { id: projectId, ownerId: userId } = discussion.project;
  const { correlationId } = discussion;
  const isFailed = "failure" in summary;
  const caller: Caller = { userId, actor: isFailed ? "SYSTEM" : "LLM", correlationId, idempotencyKey: null };
  const request = { command: "finishSummary", projectId, input: {}, evenArchived: true };
  await services.jobs.ready();
  await runProjectCommand(services, caller, request, async (project) => {
    const row = await project.tx.discussion.findUnique({
      where: { summaryId, activity: "SUMMARY", summaryAttempt: attempt },
      include: WITH_ROUNDS,
    });
    if (!row) throw new SupersededError(`Another attempt has summary ${summaryId}`);
    const pending = project.journey.archived ? 0 : row.pendingRounds;
    const score = isFailed ? null : summary.consensus.score;
    const goesOn = continues(pending, score, row.consensusThreshold);
    const endsEarly = pending > 0 && !goesOn;
    const told = isFailed
      ? await storeFailure(project, row, summary)
      : await storeConsensus(services, project, task, summary.consensus, endsEarly);
    const about = aboutDiscussion(row.id);
    if (!goesOn) {
      await project.tx.discussion.update({
        where: { id: row.id },
        data: {
          activity: "IDLE",
          pendingRounds: 0,
          ...(endsEarly && { endedEarly: true }),
          updatedAt: project.now,
        },
      });
      return { id: row.id, events: [{ ...about, ...told }] };
    }
    const roundNumber = row.rounds.length + 1;
    const begun = await beginRound(services, project, {
      discussionId: row.id,
      models: modelsOf(row),
      roundNumber,
      type: roundType(row.type as DiscussionType, roundNumber),
      isPlanned: true,
      pendingRounds: pending - 1,
      correlationId,
    });
    return { id: row.id, events: [{ ...about, ...told }, begun.event] };
  });
  services.jobs.committed();
}

type Told = Pick<NewEvent, "type" | "reason"> & { readonly detail: JsonObject };

async function storeFailure(
  { tx }: LockedProject,
  row: DiscussionRow,
  { failure, message }: Failed,
): Promise<Told> {
  await tx.discussion.update({
    where: { id: row.id },
    data: { consensusFailure: failure, consensusFailureDetail: message },
  });
  return { type: "consensus_failed", reason: message, detail: { by: row.summaryBy, failure } };
}

async function storeConsensus(
  { ids }: ModelServices,
  { tx, now }: LockedProject,
  { by, discussion, transcript }: SummaryTask,
  { agreements, disagreements, dissent, score }: CheckedConsensus,
  endsEarly: boolean,
): Promise<Told> {
  const roundNumber = Math.max(...transcript.map((said) => said.roundNumber));
  const columns = {
    agreements: json(agreements),
    disagreements: json(disagreements),
    dissent: json(dissent),
    score,
    roundNumber,
    generatedBy: by,
    generatedAt: now,
  };
  await tx.consensus.upsert({
    where: { discussionId: discussion.id },
    create: { id: ids.next(), discussionId: discussion.id, ...columns },
    update: columns,
  });
  return { type: "consensus_reached", detail: { by, score, roundNumber, endsEarly } };
}

/** The domain's readonly JSON as Prisma wants it. */
function json(value: readonly object[]): Prisma.InputJsonArray {
  return value as unknown as Prisma.InputJsonArray;
}

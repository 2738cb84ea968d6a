import { SupersededError, unlessSuperseded } from "../model/superseded.ts";
import type { ModelServices } from "../services.ts";
import { isUnsaid } from "./discussion.ts";
import { endRound } from "./end-round.ts";
import { giveUpMessage, speak } from "./speak.ts";

/**
 * Holds a round: has the models speak that have not spoken yet, then ends it and begins what follows.
 *
 * It can be stopped anywhere and run again, also while another one still runs: who has spoken is not asked again, and of
 * two that ask the same model only the later one's answer is taken.
 *
 * @param signal ends it; what was said is kept, the rest is for the next run
 * @throws the signal's reason; whatever is no fault of a model, for the job to be tried again
 */
export function runRound(services: ModelServices, roundId: string, signal: AbortSignal): Promise<void> {
  return unlessSuperseded(async () => {
    for (;;) {
      const due = await readDue(services, roundId);
      if (!due) return;
      if (due.messageIds.length === 0) await endRound(services, { ...due, mayRank: true });
      else if (due.isSequential) await speak(services, due.messageIds[0] ?? "", signal);
      else await together(due.messageIds.map((id) => speak(services, id, signal)));
    }
  });
}

/** Ends a round that nobody will hold any more: who has not spoken will not. */
export function giveUpRound(services: ModelServices, roundId: string): Promise<void> {
  return unlessSuperseded(async () => {
    const due = await readDue(services, roundId);
    if (!due) return;
    for (const id of due.messageIds) await giveUpMessage(services, id);
    await endRound(services, { ...due, mayRank: false });
  });
}

/** Has the models answer that a person has asked by name, all at once. */
export function answerPost(services: ModelServices, postId: string, signal: AbortSignal): Promise<void> {
  return unlessSuperseded(async () => {
    const due = await readAsked(services, postId);
    await together(due.map((id) => speak(services, id, signal)));
  });
}

/** Ends the answers that nobody will give any more. */
export function giveUpPost(services: ModelServices, postId: string): Promise<void> {
  return unlessSuperseded(async () => {
    for (const id of await readAsked(services, postId)) await giveUpMessage(services, id);
  });
}

/** Waits for all of them, also where one fails: none is left behind that still writes. */
async function together(speeches: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(speeches);
  const errors = settled.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  // A fault outranks having been overtaken: the job has to be tried again.
  const fault = errors.find((error) => !(error instanceof SupersededError)) ?? errors[0];
  if (fault !== undefined) throw fault;
}

/** Who is still to speak in a round that is being held, in their order; null when it is over. */
async function readDue({ prisma }: ModelServices, roundId: string) {
  const round = await prisma.round.findUnique({
    where: { id: roundId },
    include: {
      messages: { where: { kind: { in: ["ANSWER", "RANKING"] } }, orderBy: { position: "asc" } },
      discussion: { select: { correlationId: true, project: { select: { id: true, ownerId: true } } } },
    },
  });
  if (round?.status !== "RUNNING") return null;
  const { correlationId, project } = round.discussion;
  const due = round.messages.filter(isUnsaid);
  return {
    roundId,
    projectId: project.id,
    ownerId: project.ownerId,
    correlationId,
    messageIds: due.map(({ id }) => id),
    isSequential: round.type === "SEQUENTIAL" && due[0]?.kind === "ANSWER",
  };
}

async function readAsked({ prisma }: ModelServices, postId: string): Promise<string[]> {
  const asked = await prisma.message.findMany({
    where: { replyToId: postId, kind: "DIRECT" },
    orderBy: { position: "asc" },
  });
  return asked.filter(isUnsaid).map(({ id }) => id);
}

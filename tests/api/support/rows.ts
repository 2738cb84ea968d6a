import { createHash } from "node:crypto";
import type { Database } from "../../../src/db/database.ts";
import type { Clock } from "../../../src/domain/clock.ts";
import type { EventType } from "../../../src/domain/event/types.ts";
import { appendEvents } from "../../../src/events/append.ts";
import { parseId } from "../../../src/schema/ids.ts";

/** Where rows are written that no mutation writes yet. */
export interface Writer {
  readonly database: Database;
  readonly clock: Clock;
}

/** The UUID of an id that the API gave. */
export function uuidOf(id: string): string {
  const parsed = parseId(id);
  if (!parsed) throw new Error(`${id} is not an id.`);
  return parsed.uuid;
}

// Runs come later; their events are in the log's vocabulary already.
const RUN_ENDED = "run_ended" as EventType;

/** Appends what runs will tell of themselves: that one came to a state. */
export async function appendRun(
  { database, clock }: Writer,
  projectId: string,
  toState: string,
): Promise<void> {
  await database.prisma.$transaction(async (tx) => {
    const id = uuidOf(projectId);
    const project = await tx.project.findUniqueOrThrow({ where: { id } });
    const head = { projectId: id, sequence: project.eventSequence, hash: project.eventHash };
    const [event] = await appendEvents(
      tx,
      head,
      [{ subject: "RUN", subjectId: crypto.randomUUID(), type: RUN_ENDED, toState }],
      { actor: "AGENT", correlationId: crypto.randomUUID(), at: clock.now() },
      () => crypto.randomUUID(),
    );
    if (!event) throw new Error("The event is there.");
    await tx.project.update({
      where: { id },
      data: { eventSequence: event.sequence, eventHash: event.hash },
    });
  });
}

/** Logs the use of tokens by a user. */
export async function useTokens({ database, clock }: Writer, userId: string, tokens: number): Promise<void> {
  const half = Math.floor(tokens / 2);
  await database.prisma.usageLog.create({
    data: {
      id: crypto.randomUUID(),
      userId: uuidOf(userId),
      model: "offline",
      inputTokens: half,
      outputTokens: tokens - half,
      costMicrodollars: 0,
      createdAt: clock.now(),
    },
  });
}

/** All that commands and the writing of documents write, but the log itself: equal means that nothing was written. */
export async function fingerprint({ database }: Pick<Writer, "database">): Promise<string> {
  const { prisma } = database;
  const byId = { orderBy: { id: "asc" } } as const;
  const all = await Promise.all([
    prisma.project.findMany(byId),
    prisma.stageConfig.findMany(byId),
    prisma.decisionGate.findMany(byId),
    prisma.artifact.findMany(byId),
    prisma.artifactGeneration.findMany(byId),
    prisma.usageLog.findMany(byId),
    prisma.idempotencyRecord.count(),
    prisma.user.findMany(byId),
    prisma.discussion.findMany(byId),
    prisma.round.findMany(byId),
    prisma.message.findMany(byId),
    prisma.consensus.findMany(byId),
  ]);
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

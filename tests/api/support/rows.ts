import { createHash } from "node:crypto";
import type { Database } from "../../../src/db/database.ts";
import type { Clock } from "../../../src/domain/clock.ts";
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
export async function fingerprint(
  { database }: Pick<Writer, "database">,
  { withHeads = true }: { readonly withHeads?: boolean } = {},
): Promise<string> {
  const { prisma } = database;
  // Where a project's log ends moves with what is recorded.
  const heads = { omit: { eventSequence: !withHeads, eventHash: !withHeads } };
  const byId = { orderBy: { id: "asc" } } as const;
  const all = await Promise.all([
    prisma.project.findMany({ ...byId, ...heads }),
    prisma.stageConfig.findMany(byId),
    prisma.decisionGate.findMany(byId),
    prisma.artifact.findMany(byId),
    prisma.artifactGeneration.findMany(byId),
    prisma.usageLog.findMany(byId),
    prisma.run.findMany(byId),
    prisma.workstream.findMany(byId),
    prisma.workstreamDependency.findMany({
      orderBy: [{ workstreamId: "asc" }, { dependsOnId: "asc" }],
    }),
    prisma.stepAttempt.findMany(byId),
    prisma.runError.findMany(byId),
    prisma.agentEscalation.findMany(byId),
    prisma.escalationWorkstream.findMany({ orderBy: [{ escalationId: "asc" }, { position: "asc" }] }),
    prisma.failureStreak.findMany({ orderBy: [{ workstreamId: "asc" }, { errorSignature: "asc" }] }),
    prisma.idempotencyRecord.count(),
    prisma.user.findMany(byId),
    prisma.discussion.findMany(byId),
    prisma.round.findMany(byId),
    prisma.message.findMany(byId),
    prisma.consensus.findMany(byId),
    prisma.projectMember.findMany({ orderBy: [{ projectId: "asc" }, { userId: "asc" }] }),
    prisma.projectInvitation.findMany(byId),
    prisma.apiKey.findMany({ ...byId, omit: { lastUsedAt: true } }),
  ]);
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

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

/** How many events there are, of all projects, and the newest hash of each: equal means that nothing was written. */
export async function fingerprint({ database }: Pick<Writer, "database">): Promise<string> {
  const [projects, configs, gates, runs, workstreams, dependencies, attempts, errors, keys, users] =
    await Promise.all([
      database.prisma.project.findMany({ orderBy: { id: "asc" } }),
      database.prisma.stageConfig.findMany({ orderBy: { id: "asc" } }),
      database.prisma.decisionGate.findMany({ orderBy: { id: "asc" } }),
      database.prisma.run.findMany({ orderBy: { id: "asc" } }),
      database.prisma.workstream.findMany({ orderBy: { id: "asc" } }),
      database.prisma.workstreamDependency.findMany({
        orderBy: [{ workstreamId: "asc" }, { dependsOnId: "asc" }],
      }),
      database.prisma.stepAttempt.findMany({ orderBy: { id: "asc" } }),
      database.prisma.runError.findMany({ orderBy: { id: "asc" } }),
      database.prisma.idempotencyRecord.count(),
      database.prisma.user.findMany({ orderBy: { id: "asc" } }),
    ]);
  const all = JSON.stringify({
    projects,
    configs,
    gates,
    runs,
    workstreams,
    dependencies,
    attempts,
    errors,
    keys,
    users,
  });
  return createHash("sha256").update(all).digest("hex");
}

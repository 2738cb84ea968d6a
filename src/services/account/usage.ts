import type { PrismaClient } from "../../generated/prisma/client.ts";
import { readLimit } from "./budget.ts";

/** The calls of one model. */
export interface ModelUsage {
  readonly model: string;
  /** How many calls were made, failed ones and those under way too. */
  readonly calls: number;
  readonly failedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar. */
  readonly costMicrodollars: number;
}

/** What a user's model calls came to in the present UTC day, against what the plan allows. */
export interface DayUsage {
  /** When the day began. */
  readonly since: Date;
  readonly tokensPerDay: number;
  /** Input and output together, those reserved by calls under way too. */
  readonly tokensUsed: number;
  readonly tokensReserved: number;
  readonly costMicrodollars: number;
  /** By model, in the order of their names. */
  readonly models: readonly ModelUsage[];
}

/**
 * Reads what a user has used today.
 *
 * @param projectId the one project whose calls are read, null for all
 */
export async function readUsage(
  prisma: PrismaClient,
  userId: string,
  now: Date,
  projectId: string | null = null,
): Promise<DayUsage> {
  const { limit, since } = await readLimit(prisma, userId, now);
  const rows = await prisma.usageLog.groupBy({
    by: ["model", "status"],
    where: { userId, createdAt: { gte: since }, ...(projectId !== null && { projectId }) },
    _count: true,
    _sum: { inputTokens: true, outputTokens: true, costMicrodollars: true },
    orderBy: [{ model: "asc" }, { status: "asc" }],
  });
  const models = [...Map.groupBy(rows, ({ model }) => model)].map(([model, group]) => ({
    model,
    calls: sum(group, (row) => row._count),
    failedCalls: sum(group, (row) =>
      row.status === "FAILED" || row.status === "ABANDONED" ? row._count : 0,
    ),
    inputTokens: sum(group, (row) => row._sum.inputTokens),
    outputTokens: sum(group, (row) => row._sum.outputTokens),
    costMicrodollars: sum(group, (row) => row._sum.costMicrodollars),
  }));
  const reserved = rows.filter(({ status }) => status === "RESERVED");
  return {
    since,
    tokensPerDay: limit,
    tokensUsed: sum(models, (model) => model.inputTokens + model.outputTokens),
    tokensReserved: sum(reserved, ({ _sum }) => (_sum.inputTokens ?? 0) + (_sum.outputTokens ?? 0)),
    costMicrodollars: sum(models, (model) => model.costMicrodollars),
    models,
  };
}

function sum<Row>(rows: readonly Row[], amountOf: (row: Row) => number | null): number {
  return rows.reduce((total, row) => total + (amountOf(row) ?? 0), 0);
}

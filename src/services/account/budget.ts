import { NotFoundError, QuotaExceededError } from "../../domain/errors.ts";
import { startOfUtcDay } from "../../domain/stage/system-risk.ts";
import type { Transaction } from "../command/command.ts";

/** What a user's plan allows in the present UTC day, and what is used or reserved of it. */
export interface Budget {
  readonly limit: number;
  readonly used: number;
  /** When the day began. */
  readonly since: Date;
}

/** Reads a user's budget. Two that decide on it at once lock the user's row first. */
export async function readBudget(
  tx: Pick<Transaction, "user" | "usageLog">,
  userId: string,
  now: Date,
): Promise<Budget> {
  const { limit, since } = await readLimit(tx, userId, now);
  const { _sum } = await tx.usageLog.aggregate({
    where: { userId, createdAt: { gte: since } },
    _sum: { inputTokens: true, outputTokens: true },
  });
  return { limit, used: (_sum.inputTokens ?? 0) + (_sum.outputTokens ?? 0), since };
}

/** The same without what is used of it. */
export async function readLimit(
  tx: Pick<Transaction, "user">,
  userId: string,
  now: Date,
): Promise<Omit<Budget, "used">> {
  const user = await tx.user.findUnique({
    where: { id: userId },
    select: { planTier: { select: { tokensPerDay: true } } },
  });
  if (!user) throw new NotFoundError("There is no such user.");
  return { limit: user.planTier.tokensPerDay, since: startOfUtcDay(now) };
}

/** @throws QuotaExceededError when the day's budget does not hold `tokens` more */
export function checkBudget({ limit, used }: Budget, tokens: number): void {
  if (used + tokens <= limit) return;
  const message = `The plan allows ${limit} model tokens a day, ${used} are used or reserved, and this takes up to ${tokens}. The day ends at midnight UTC.`;
  throw new QuotaExceededError(message, limit, used);
}

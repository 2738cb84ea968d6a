import { CallFailedError, type Estimate, type Meter, type Usage } from "../../llm/runner.ts";
import type { Services } from "../services.ts";
import { checkBudget, readBudget } from "./budget.ts";

/** On whose account calls to models go, and what they are made for. */
export interface Account {
  readonly userId: string;
  readonly projectId: string;
  readonly purpose: "ARTIFACT" | "DISCUSSION";
  readonly subjectId: string;
}

type Outcome = "SETTLED" | "FAILED";

/**
 * Puts calls to models on an account: each reserves the most that it can use before it is made, and settles what it did
 * use when it is over. So calls that run at the same time never use more than the plan allows between them, and
 * every call has its row, failed ones too.
 */
export function createMeter(services: Services, account: Account): Meter {
  return async <T extends { readonly usage: Usage }>(
    { model, inputTokens, maxOutputTokens }: Estimate,
    call: () => Promise<T>,
  ): Promise<T> => {
    const id = await reserve(services, account, { model, inputTokens, outputTokens: maxOutputTokens });
    let result: T;
    try {
      result = await call();
    } catch (error) {
      await settle(services, id, "FAILED", error instanceof CallFailedError ? error.usage : null);
      throw error;
    }
    // Where this fails the row keeps what was reserved: rather too much than nothing.
    await settle(services, id, "SETTLED", isTold(result.usage) ? result.usage : null);
    return result;
  };
}

/** Some servers do not say what an answer used; it was not nothing. */
function isTold({ inputTokens, outputTokens }: Usage): boolean {
  return inputTokens + outputTokens > 0;
}

/** @throws QuotaExceededError */
async function reserve(
  { prisma, clock, ids }: Services,
  account: Account,
  estimate: { model: string; inputTokens: number; outputTokens: number },
): Promise<string> {
  const id = ids.next();
  await prisma.$transaction(
    async (tx) => {
      // The user's row is the lock of the budget: of two that would both fit alone, the second sees the first.
      await tx.$queryRaw`SELECT 1 FROM user_account WHERE id = ${account.userId}::uuid FOR NO KEY UPDATE`;
      const now = clock.now();
      checkBudget(await readBudget(tx, account.userId, now), estimate.inputTokens + estimate.outputTokens);
      await tx.usageLog.create({
        data: { id, ...account, ...estimate, status: "RESERVED", costMicrodollars: 0, createdAt: now },
      });
    },
    { maxWait: 10_000, timeout: 15_000 },
  );
  return id;
}

/**
 * @param usage null when nobody knows: then what was reserved stays, but for the output of a call that failed. A provider
 *   is paid for what it was asked, also where its answer was lost
 */
async function settle(
  { prisma, clock }: Services,
  id: string,
  status: Outcome,
  usage: Usage | null,
): Promise<void> {
  const used = usage ?? (status === "FAILED" ? { outputTokens: 0 } : {});
  await prisma.usageLog.updateMany({ where: { id }, data: { ...used, status, settledAt: clock.now() } });
}

/**
 * Closes the reservations of calls that nobody waits for any more, because their process has died or took too long. What
 * they used is unknown, so all that was reserved counts: a call that is alive after all may still use it, and settles over it.
 */
export async function abandonReservations(
  { usageLog }: Pick<Services["prisma"], "usageLog">,
  subjectId: string,
  now: Date,
): Promise<void> {
  await usageLog.updateMany({
    where: { subjectId, status: "RESERVED" },
    data: { status: "ABANDONED", settledAt: now },
  });
}

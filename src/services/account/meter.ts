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

/** No model reads or writes as many tokens in one call. */
const MAX_TOKENS = 10_000_000;
/** What the column holds. */
const MAX_COST_MICRODOLLARS = 2 ** 31 - 1;

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
    const end = (outcome: Outcome, usage: Usage | null) =>
      settle(services, id, outcome, usage, (error) => {
        services.onUsageFault?.({ model, usage, ...(error !== undefined && { error }) });
      });
    let result: T;
    try {
      result = await call();
    } catch (error) {
      await end("FAILED", error instanceof CallFailedError ? error.usage : null);
      throw error;
    }
    await end("SETTLED", isTold(result.usage) ? result.usage : null);
    return result;
  };
}

/** Some servers do not say what an answer used; it was not nothing. */
function isTold({ inputTokens, outputTokens }: Usage): boolean {
  return inputTokens !== 0 || outputTokens !== 0;
}

/** Figures come from servers of all kinds: what is no count of tokens must not keep an answer from being stored. */
function isPossible({ inputTokens, outputTokens, costMicrodollars }: Usage): boolean {
  const isCount = (tokens: number) => Number.isInteger(tokens) && tokens >= 0 && tokens <= MAX_TOKENS;
  return isCount(inputTokens) && isCount(outputTokens) && costMicrodollars >= 0;
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
 * Books what a call used. It never fails: the call is over and paid for, and whoever made it goes on with what came of it.
 * Where the booking fails the row keeps what was reserved.
 *
 * @param usage null when nobody knows: then what was reserved stays, but for the output of a call that failed. A provider
 *   is paid for what it was asked, also where its answer was lost
 * @param onFault is told of figures that are impossible, for which what was reserved stays, and of an error of the database
 */
async function settle(
  { prisma, clock }: Services,
  id: string,
  status: Outcome,
  usage: Usage | null,
  onFault: (error?: unknown) => void,
): Promise<void> {
  if (usage !== null && !isPossible(usage)) onFault();
  const data = { ...bookedOf(status, usage), status, settledAt: clock.now() };
  await prisma.usageLog.updateMany({ where: { id }, data }).catch(onFault);
}

function bookedOf(status: Outcome, usage: Usage | null): Partial<Usage> {
  if (usage === null) return status === "FAILED" ? { outputTokens: 0 } : {};
  if (!isPossible(usage)) return {};
  return { ...usage, costMicrodollars: Math.min(usage.costMicrodollars, MAX_COST_MICRODOLLARS) };
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

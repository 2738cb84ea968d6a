import { z } from "zod";

const DAY_MS = 24 * 60 * 60 * 1000;
const DECISION_DAYS = 7;
const INACTIVE_DAYS = 14;
const FAILED_RUNS = 3;
const BUDGET_PERCENT = 80;

export const SYSTEM_RISK_KINDS = ["NO_GATE_DECISION", "FAILED_RUNS", "INACTIVE", "TOKEN_BUDGET"] as const;
export type SystemRiskKind = (typeof SYSTEM_RISK_KINDS)[number];

/** What the system knows about a project that could be a risk. */
export interface SystemSignals {
  /** When a gate was last decided; before the first decision, when the project was created. */
  readonly lastDecisionAt: Date;
  /** When anything last happened. */
  readonly lastActivityAt: Date;
  /** The unbroken row of failed runs up to now, and when its first one failed. */
  readonly failedRuns: { readonly count: number; readonly since: Date | null };
  /** The owner's model tokens, used in the present UTC day and allowed per day. */
  readonly tokensUsed: number;
  readonly tokensPerDay: number;
}

export interface SystemRisk {
  readonly kind: SystemRiskKind;
  /** How bad it is: 1 when it first shows, more as it gets worse. */
  readonly level: number;
  /** Since when: together with the kind, this is the occurrence that a dismissal speaks of. */
  readonly since: Date;
  readonly message: string;
}

export const riskDismissalsSchema = z.array(
  z.object({ kind: z.enum(SYSTEM_RISK_KINDS), level: z.number().int(), since: z.string() }),
);
/** A system risk as it was when somebody dismissed it. */
export type RiskDismissal = z.infer<typeof riskDismissalsSchema>[number];

/**
 * The risks that follow from how a project is going, computed whenever they are read: no gate decision for 7
 * days or more, 3 or more consecutive failed runs, no activity for 14 days or more, 80 % or more of the day's
 * token budget used. A level is a further week, run, fortnight, or 10 % of the budget.
 */
export function detectSystemRisks(signals: SystemSignals, now: Date): SystemRisk[] {
  const risks: SystemRisk[] = [];
  const undecided = daysBetween(signals.lastDecisionAt, now);
  if (undecided >= DECISION_DAYS) {
    risks.push({
      kind: "NO_GATE_DECISION",
      level: Math.floor(undecided / DECISION_DAYS),
      since: signals.lastDecisionAt,
      message: `No gate has been decided for ${undecided} days.`,
    });
  }
  const { count, since } = signals.failedRuns;
  if (count >= FAILED_RUNS && since) {
    const message = `The last ${count} runs failed.`;
    risks.push({ kind: "FAILED_RUNS", level: count - FAILED_RUNS + 1, since, message });
  }
  const inactive = daysBetween(signals.lastActivityAt, now);
  if (inactive >= INACTIVE_DAYS) {
    risks.push({
      kind: "INACTIVE",
      level: Math.floor(inactive / INACTIVE_DAYS),
      since: signals.lastActivityAt,
      message: `Nothing has happened for ${inactive} days.`,
    });
  }
  const percent = Math.floor((100 * signals.tokensUsed) / signals.tokensPerDay);
  if (percent >= BUDGET_PERCENT) {
    risks.push({
      kind: "TOKEN_BUDGET",
      level: Math.floor((percent - BUDGET_PERCENT) / 10) + 1,
      since: startOfUtcDay(now),
      message: `${percent} % of today's token budget is used.`,
    });
  }
  return risks;
}

/** A dismissed risk stays dismissed until it gets worse or comes anew. */
export function isDismissed(risk: SystemRisk, dismissals: readonly RiskDismissal[]): boolean {
  return dismissals.some(
    ({ kind, level, since }) =>
      kind === risk.kind && since === risk.since.toISOString() && level >= risk.level,
  );
}

/** The dismissals with this one added; an older one of the same kind has nothing left to say. */
export function dismissSystemRisk(
  risk: SystemRisk,
  dismissals: readonly RiskDismissal[],
): readonly RiskDismissal[] {
  const { kind, level, since } = risk;
  return [...dismissals.filter((other) => other.kind !== kind), { kind, level, since: since.toISOString() }];
}

export function startOfUtcDay(now: Date): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
}

function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY_MS);
}

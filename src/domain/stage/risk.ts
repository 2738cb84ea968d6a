import { z } from "zod";

export const RISK_TYPE = /^[a-z][a-z0-9_]{0,49}$/;
export const MAX_RISKS = 100;

export const riskSchema = z.object({
  id: z.string(),
  /** A short key, such as "technical" or "market". */
  type: z.string(),
  message: z.string(),
  /** A blocking risk keeps its stage from being left forward until it is dismissed. */
  blocking: z.boolean(),
  dismissed: z.boolean(),
  /** ISO 8601. */
  raisedAt: z.string(),
  dismissedAt: z.string().nullable(),
});
export const risksSchema = z.array(riskSchema);

/** A risk that somebody raised on a stage. */
export type Risk = z.infer<typeof riskSchema>;

export function openRisks(risks: readonly Risk[]): Risk[] {
  return risks.filter((risk) => !risk.dismissed);
}

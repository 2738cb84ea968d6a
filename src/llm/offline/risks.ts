import type { DomainRisk } from "./domains/domain.ts";
import type { Facts } from "./facts/facts.ts";
import { clip, flow, quoted, withoutStop } from "./text.ts";
import { asLabel, asLine, fill } from "./voice.ts";

export interface Risk {
  readonly title: string;
  readonly description: string;
  readonly severity: DomainRisk["severity"];
  readonly mitigation: string;
}

/** As many as a section of the log holds. */
export const MOST_RISKS = 30;

type RiskKind = "TECHNICAL" | "MARKET" | "FINANCIAL" | "STRATEGIC" | "EXECUTION";

/** The types that people give risks are free words; tried in this order, the rest is a matter of execution. */
const TYPES: readonly (readonly [RiskKind, RegExp])[] = [
  ["TECHNICAL", /tech|secur|data|perform|scal|architect|quality|integrat|infra/],
  ["MARKET", /market|user|customer|sales|demand|adoption|retention|growth|reach/],
  ["FINANCIAL", /financ|budget|cost|money|cash|fund|price|pricing|revenue/],
  ["STRATEGIC", /strateg|compet|legal|regulat|complian|partner|politic/],
];

/** The risks of a kind that people have raised, in their order. */
function raisedRisks(facts: Facts, kind: RiskKind): Facts["risks"] {
  return facts.risks.filter(
    ({ type }) => (TYPES.find(([, pattern]) => pattern.test(type))?.[0] ?? "EXECUTION") === kind,
  );
}

/** A risk that products of the kind usually have. */
export function told(
  { title, what, severity, mitigation }: DomainRisk,
  facts: Facts,
  users = facts.users,
): Risk {
  return {
    title: fill(title, facts, users),
    description: fill(what, facts, users),
    severity,
    mitigation: fill(mitigation, facts, users),
  };
}

/** What people have raised comes first; what is usual fills up, but leaves the log as long as it would be without. */
export function filled(
  facts: Facts,
  kind: RiskKind,
  milestone: string | undefined,
  usual: readonly (Risk | undefined)[],
): Risk[] {
  const raised = raisedRisks(facts, kind)
    .slice(0, MOST_RISKS)
    .map(({ stage, message }) => ofPeople(facts, stage, message, milestone));
  const others = usual.filter((risk) => risk !== undefined);
  const room = Math.max(raised.length === 0 ? others.length : 1, others.length - raised.length);
  return [...raised, ...others.slice(0, room)]
    .slice(0, MOST_RISKS)
    .map(({ title, description, severity, mitigation }) => ({
      title: asLabel(title),
      description: asLine(description),
      severity,
      mitigation: asLine(mitigation),
    }));
}

function ofPeople(facts: Facts, stage: string, message: string, milestone: string | undefined): Risk {
  const title = withoutStop(clip(message, 200)) || "A risk that we raised";
  const where = milestone === undefined ? "" : `If it comes true, it hits our milestone “${milestone}”.`;
  return {
    title,
    description: flow(clip(`We raised it ourselves at “${stage}”: ${quoted(message, 200)}`, 290), where),
    severity: "HIGH",
    mitigation: facts.pick(`raised ${title}`, [
      "We find out within a week how often it really happens, and decide then: build around it, choose other users, or live with it.",
      "One of us owns it from today, tries the cheapest way around it, and reports at the next gate.",
      "We talk to the three people whom it would hit first, before we build anything that depends on it.",
    ]),
  };
}

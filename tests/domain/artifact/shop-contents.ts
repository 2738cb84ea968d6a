import { SCHEMA_VERSION_KEY, type StoredContent } from "../../../src/domain/artifact/content.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../../src/domain/artifact/type.ts";

const versioned = (content: StoredContent): StoredContent => ({ [SCHEMA_VERSION_KEY]: 1, ...content });

const risk = (title: string, severity: string) => ({
  title,
  description: `We may not reach Stocktaking in time because of it: ${title.toLowerCase()}.`,
  severity,
  mitigation: "We test it in the second week, with three shops.",
});

/** The five documents of a project, complete, as a model would write them. */
export const SHOP_CONTENTS: Readonly<Record<ArtifactType, StoredContent>> = {
  BRIEF: versioned({
    problemStatement:
      "Owners of small shops count their stock by hand, at night, and are wrong by a tenth.\n\nIt costs them four hours a week and the goods that they order twice.",
    targetUser: "We build for owners of shops with up to three employees.",
    valueProposition: "We tell you what to order before you run out of it.",
    keyConstraint: "Our users have a phone and no scanner.",
    differentiationPoints: [
      "We need no scanner",
      "We work without a connection",
      "We speak the shop's language",
    ],
    marketAnalysis: "There are 180,000 such shops, and each pays €30 a month for a till.",
    competitiveStrategy: "We begin where the makers of tills end.",
  }),
  MVP_SCOPE: versioned({
    coreFeatures: [
      {
        name: "Stocktaking",
        description: "Our users count with the camera of their phone.",
        priority: "HIGH",
      },
      { name: "Order list", description: "They see in the morning what to order.", priority: "HIGH" },
      { name: "Suppliers", description: "They send the list to whom they buy from.", priority: "LOW" },
    ],
    outOfScope: ["Payments", "More than one shop"],
    successMetrics: ["Half of our users open the order list on five days a week"],
    technicalArchitecture: "We keep the stock on the phone and send changes when there is a connection.",
    scalabilityPlan: "We split the shops by country.",
  }),
  MILESTONES: versioned({
    milestones: [
      {
        title: "Count one shelf",
        description: "We deliver Stocktaking for one shelf.",
        successCriteria: ["Three shops count a shelf in under a minute", "They are right in 19 of 20 cases"],
        estimatedWeeks: 3,
      },
      {
        title: "Order for a week",
        description: "We deliver the Order list.",
        successCriteria: ["Nobody orders twice"],
        estimatedWeeks: 4,
      },
    ],
    criticalPath: ["Count one shelf", "Order for a week"],
    totalDurationWeeks: 7,
    resourcePlan: "We need two developers and one shop.",
    riskMitigationTimeline: "We test the camera in the first week.",
  }),
  RISK_LOG: versioned({
    technicalRisks: [risk("The camera miscounts", "HIGH"), risk("Phones are too slow", "MEDIUM")],
    marketRisks: [risk("Owners keep counting by hand", "MEDIUM")],
    executionRisks: [risk("We find no third shop", "LOW")],
    financialRisks: [risk("Storage costs more than we think", "LOW")],
    strategicRisks: [risk("The makers of tills do it too", "MEDIUM")],
  }),
  HOW_IT_WORKS: versioned({
    userJourney: [
      { stepNumber: 1, title: "Open the app", description: "They see the shelves that are due." },
      { stepNumber: 2, title: "Film a shelf", description: "We count what is on it." },
      { stepNumber: 3, title: "Send the order", description: "We have written it for them." },
    ],
    architecture: "An app, an API and a database.",
    dataFlow: "Pictures stay on the phone; counts go to us.",
    integrationPoints: "We build on the phone's camera.",
    securityCompliance: "We keep no pictures of people.",
  }),
};

/** Something about every document. */
export function forEveryDocument<Value>(
  value: (type: ArtifactType, content: StoredContent) => Value,
): Record<ArtifactType, Value> {
  return Object.fromEntries(ARTIFACT_TYPES.map((type) => [type, value(type, SHOP_CONTENTS[type])])) as Record<
    ArtifactType,
    Value
  >;
}

import {
  business,
  choiceOf,
  core,
  defineDocument,
  itemOf,
  label,
  line,
  listOf,
  strategic,
} from "./section.ts";

const severity = choiceOf("RiskSeverity", "How bad it would be for us.", {
  HIGH: "It would stop us.",
  MEDIUM: "It would cost us weeks, or many of our users.",
  LOW: "We would notice it, and go on.",
});

const riskItem = itemOf(
  { id: "RiskItem", label: "title", description: "Something that could go wrong, and what we do about it." },
  {
    title: label().describe("What we call the risk."),
    description: line().describe("What could go wrong, and which of our milestones it would hit."),
    severity,
    mitigation: line().describe("What we do about it, and when."),
  },
);

const risks = () => listOf(riskItem);

export const riskLog = defineDocument({
  type: "RISK_LOG",
  typeName: "RiskLog",
  title: "Risk log",
  description: "What could go wrong, and what we do about it.",
  sections: {
    technicalRisks: core({
      title: "Technical risks",
      description: "What could fail in what we build, and which milestone it would delay.",
      schema: risks(),
      uses: ["MVP_SCOPE.coreFeatures", "MILESTONES.milestones"],
    }),
    marketRisks: core({
      title: "Market risks",
      description: "Why our users might not come, stay or pay.",
      schema: risks(),
      uses: ["BRIEF.targetUser", "BRIEF.valueProposition", "MILESTONES.milestones"],
    }),
    executionRisks: core({
      title: "Execution risks",
      description: "What could keep us from delivering in time.",
      schema: risks(),
      uses: ["MILESTONES.milestones", "MILESTONES.criticalPath", "MILESTONES.totalDurationWeeks"],
    }),
    financialRisks: business({
      title: "Financial risks",
      description: "What could make it cost us more, or earn us less, than we plan.",
      schema: risks(),
      uses: ["BRIEF.marketAnalysis", "MILESTONES.resourcePlan"],
    }),
    strategicRisks: strategic({
      title: "Strategic risks",
      description: "What others could do, and what could make our direction wrong.",
      schema: risks(),
      uses: ["BRIEF.competitiveStrategy", "MILESTONES.riskMitigationTimeline"],
    }),
  },
});

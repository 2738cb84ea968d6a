import {
  business,
  choiceOf,
  core,
  defineDocument,
  itemOf,
  label,
  line,
  listOf,
  prose,
  strategic,
} from "./section.ts";

const priority = choiceOf("FeaturePriority", "How much we need it in the first release.", {
  HIGH: "Without it we do not release.",
  MEDIUM: "We want it in the first release, and could do without.",
  LOW: "It can come later.",
});

const featureItem = itemOf(
  { id: "FeatureItem", label: "name", description: "A feature that we build." },
  {
    name: label().describe("What we call it; the other documents refer to it by this name."),
    description: line().describe("What our users can do with it."),
    priority,
  },
);

export const mvpScope = defineDocument({
  type: "MVP_SCOPE",
  typeName: "MvpScope",
  title: "MVP scope",
  description: "What we build first, what we leave out, and how we know that it works.",
  sections: {
    coreFeatures: core({
      title: "Core features",
      description: "The features of our first release, the most needed first, and how they keep our promise.",
      schema: listOf(featureItem),
      uses: ["BRIEF.valueProposition", "BRIEF.targetUser", "BRIEF.problemStatement"],
    }),
    outOfScope: core({
      title: "Out of scope",
      description: "What we leave out of the first release on purpose, and why it can wait.",
      schema: listOf(line()),
      uses: ["BRIEF.keyConstraint", "BRIEF.differentiationPoints"],
    }),
    successMetrics: core({
      title: "Success metrics",
      description: "The numbers by which we know that our users have what we promised them.",
      schema: listOf(line()),
      uses: ["BRIEF.valueProposition"],
    }),
    technicalArchitecture: business({
      title: "Technical architecture",
      description: "The parts that we build the first release from, and why these.",
      schema: prose(),
      uses: ["BRIEF.keyConstraint"],
    }),
    scalabilityPlan: strategic({
      title: "Scalability plan",
      description: "What we change when ten and a hundred times as many people use it.",
      schema: prose(),
      uses: ["BRIEF.marketAnalysis", "BRIEF.competitiveStrategy"],
    }),
  },
});

import { z } from "zod";
import { business, core, defineDocument, itemOf, label, line, listOf, prose, strategic } from "./section.ts";

const journeyStep = itemOf(
  { id: "JourneyStep", label: "title", description: "A step of what our users do." },
  {
    stepNumber: z.number().int().min(1).max(100).describe("Its place, from 1 on."),
    title: label().describe("What our users do in it."),
    description: line().describe("What they see, and what we do for them."),
  },
);

export const howItWorks = defineDocument({
  type: "HOW_IT_WORKS",
  typeName: "HowItWorks",
  title: "How it works",
  description: "How our users go through the product, and how it is built.",
  sections: {
    userJourney: core({
      title: "User journey",
      description: "How our users go through the product, step by step, with the features that they meet.",
      schema: listOf(journeyStep),
      uses: ["BRIEF.targetUser", "MVP_SCOPE.coreFeatures"],
    }),
    architecture: core({
      title: "Architecture",
      description: "The parts of our product and what each of them does, and in which milestone it comes.",
      schema: prose(),
      uses: ["MVP_SCOPE.coreFeatures", "MILESTONES.milestones"],
    }),
    dataFlow: core({
      title: "Data flow",
      description: "Where our data comes from, where it goes, and who sees it.",
      schema: prose(),
      uses: ["MVP_SCOPE.coreFeatures"],
    }),
    integrationPoints: business({
      title: "Integration points",
      description: "What of other people's we build on, and what we do when it is not there.",
      schema: prose(),
      uses: ["MVP_SCOPE.technicalArchitecture", "RISK_LOG.technicalRisks"],
    }),
    securityCompliance: strategic({
      title: "Security and compliance",
      description: "How we keep what our users entrust to us, and which rules we are held to.",
      schema: prose(),
      uses: ["MVP_SCOPE.scalabilityPlan", "RISK_LOG.strategicRisks"],
    }),
  },
});

import { z } from "zod";
import { business, core, defineDocument, itemOf, label, line, listOf, prose, strategic } from "./section.ts";

const weeks = z.number().int().min(1, "must be at least 1 week").max(260, "must be at most 260 weeks");

const plannedMilestone = itemOf(
  { id: "PlannedMilestone", label: "title", description: "A step of our plan." },
  {
    title: label().describe("What we call it; the other documents refer to it by this name."),
    description: line().describe("What we do in it, and which features it delivers."),
    successCriteria: listOf(line(), 10).describe("How we know that we have reached it."),
    estimatedWeeks: weeks.describe("How many weeks we give it."),
  },
);

export const milestonePlan = defineDocument({
  type: "MILESTONES",
  typeName: "MilestonePlan",
  title: "Milestones",
  description: "In which steps we build it, and how long that takes.",
  sections: {
    milestones: core({
      title: "Milestones",
      description: "Our steps in their order, each naming the features that it delivers.",
      schema: listOf(plannedMilestone),
      uses: ["MVP_SCOPE.coreFeatures"],
    }),
    criticalPath: core({
      title: "Critical path",
      description: "The steps that delay everything we do when they are late.",
      schema: listOf(line()),
      uses: ["MVP_SCOPE.coreFeatures", "BRIEF.keyConstraint"],
    }),
    totalDurationWeeks: core({
      title: "Total duration in weeks",
      description: "How many weeks we need until the first release.",
      schema: weeks,
      uses: ["MVP_SCOPE.coreFeatures"],
    }),
    resourcePlan: business({
      title: "Resources",
      description: "Who we need for it, when, and what that costs.",
      schema: prose(),
      uses: ["MVP_SCOPE.coreFeatures", "MVP_SCOPE.technicalArchitecture"],
    }),
    riskMitigationTimeline: strategic({
      title: "Risk mitigation timeline",
      description: "When we test our riskiest assumptions, and what we do if they do not hold.",
      schema: prose(),
      uses: ["MVP_SCOPE.successMetrics", "MVP_SCOPE.scalabilityPlan"],
    }),
  },
});

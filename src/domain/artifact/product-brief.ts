import { business, core, defineDocument, line, listOf, prose, strategic } from "./section.ts";

export const productBrief = defineDocument({
  type: "BRIEF",
  typeName: "ProductBrief",
  title: "Product brief",
  description: "What we build, for whom, and why it is worth building.",
  sections: {
    problemStatement: core({
      title: "Problem",
      description: "The problem that we solve: who has it, when it hurts, and what it costs them today.",
      schema: prose(),
    }),
    targetUser: core({
      title: "Target user",
      description: "Who we build for first, and what their day looks like.",
      schema: prose(),
    }),
    valueProposition: core({
      title: "Value proposition",
      description: "What we promise our users, in a sentence that they would repeat.",
      schema: prose(),
    }),
    keyConstraint: core({
      title: "Key constraint",
      description: "The one constraint that shapes everything we decide.",
      schema: prose(),
    }),
    differentiationPoints: core({
      title: "What sets us apart",
      description: "What we do differently from what our users have today.",
      schema: listOf(line()),
    }),
    marketAnalysis: business({
      title: "Market",
      description: "How large our market is, how we reach it, and what it pays today.",
      schema: prose(),
    }),
    competitiveStrategy: strategic({
      title: "Competitive strategy",
      description: "How we win against those who are there already, and what keeps them from copying us.",
      schema: prose(),
    }),
  },
});

import type { DayUsage, ModelUsage } from "../../services/account/usage.ts";
import { builder } from "../builder.ts";

const ModelUsageType = builder.objectRef<ModelUsage>("ModelUsage").implement({
  description: "The calls of one model in a day.",
  fields: (t) => ({
    model: t.exposeString("model", { description: "The model's name, as the configuration gives it." }),
    calls: t.exposeInt("calls", {
      description: "How many calls were made, failed ones and those under way too.",
    }),
    failedCalls: t.exposeInt("failedCalls", { description: "How many of them failed." }),
    inputTokens: t.exposeInt("inputTokens", { description: "What they were given." }),
    outputTokens: t.exposeInt("outputTokens", { description: "What they answered." }),
    costMicrodollars: t.exposeInt("costMicrodollars", {
      description: "What they cost, in millionths of a US dollar, by the configured prices.",
    }),
  }),
});

export const UsageType = builder.objectRef<DayUsage>("Usage").implement({
  description:
    "What a user's model calls came to in the present UTC day. A call reserves the most that it can use before it is made, and settles what it did use.",
  fields: (t) => ({
    since: t.expose("since", { type: "DateTime", description: "When the day began." }),
    tokensPerDay: t.exposeInt("tokensPerDay", { description: "What the plan allows." }),
    tokensUsed: t.exposeInt("tokensUsed", {
      description: "Input and output together, with what calls under way have reserved.",
    }),
    tokensReserved: t.exposeInt("tokensReserved", { description: "What calls under way have reserved." }),
    costMicrodollars: t.exposeInt("costMicrodollars", {
      description: "What it cost, in millionths of a US dollar.",
    }),
    models: t.field({
      type: [ModelUsageType],
      description: "The same by model.",
      resolve: ({ models }) => [...models],
    }),
  }),
});

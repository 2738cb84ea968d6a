import { type Blocker, GUARD_RULES, type GuardRule } from "../domain/guard.ts";
import { builder } from "./builder.ts";

export const GuardRuleEnum = builder.enumType("GuardRule", {
  description: "The rules that can stand in the way of a command.",
  values: Object.fromEntries(
    Object.entries(GUARD_RULES).map(([rule, description]) => [rule, { description }]),
  ) as Record<GuardRule, { description: string }>,
});

export const BlockerType = builder.objectRef<Blocker>("Blocker").implement({
  description: "A rule that stands in the way.",
  fields: (t) => ({
    rule: t.field({ type: GuardRuleEnum, description: "Which rule.", resolve: ({ rule }) => rule }),
    message: t.exposeString("message", { description: "What the rule says." }),
  }),
});

import { z } from "zod";
import { plainLines } from "../plain-line.ts";
import { optionalText, requiredText, shownText } from "../text.ts";
import { DEFAULT_OPTIONS, needsGuidance } from "./option.ts";
import { BREAKER_POLICIES, EXPIRY_POLICIES, type ExpiryPolicy } from "./state.ts";

/** How long guidance may be, in characters. */
export const MAX_GUIDANCE = 10_000;
/** How long a question may be, in characters. */
export const MAX_PROBLEM = 10_000;
export const MAX_OPTIONS = 10;
export const MAX_ATTEMPTS = 20;
/** How long a breaker's question may be given at the shortest and the longest, in seconds: a minute and 90 days. */
export const MIN_ANSWER_SECONDS = 60;
export const MAX_ANSWER_SECONDS = 90 * 24 * 3_600;

const id = z.uuid();
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$/,
    "must be 1 to 100 letters, digits and . _ / : -, and begin with a letter or a digit",
  );
const option = z.object({
  value: name,
  label: shownText(100),
  description: optionalText(1_000).default("").transform(plainLines),
});

/** What a run says beforehand about the questions of its breaker. */
export const escalationDefaults = z
  .object({
    answerWithinSeconds: z
      .number()
      .int()
      .min(MIN_ANSWER_SECONDS, `must be at least ${MIN_ANSWER_SECONDS}`)
      .max(MAX_ANSWER_SECONDS, `must not be more than ${MAX_ANSWER_SECONDS.toLocaleString("en")}`)
      .optional(),
    onExpiry: z.enum(BREAKER_POLICIES, `must be one of ${BREAKER_POLICIES.join(", ")}`).default("WAIT"),
  })
  .refine((given) => given.onExpiry === "WAIT" || given.answerWithinSeconds !== undefined, {
    path: ["answerWithinSeconds"],
    message: "must be given with an onExpiry other than WAIT",
  });

/** What every command on an escalation is given, and the rules for it. Whether an option is offered is looked at afterwards. */
export const escalationInputs = {
  raiseEscalation: z
    .object({
      workstreamId: id,
      leaseToken: id,
      problem: shownText(MAX_PROBLEM),
      recommendedAction: shownText(2_000).default("Answer the agent's question."),
      errorType: name.default("agent_question"),
      attempts: z
        .array(shownText(1_000))
        .max(MAX_ATTEMPTS, `must not be more than ${MAX_ATTEMPTS}`)
        .default([]),
      options: z
        .array(option)
        .min(1, "must hold at least one option, or be left out")
        .max(MAX_OPTIONS, `must not be more than ${MAX_OPTIONS}`)
        .default([...DEFAULT_OPTIONS]),
      dueAt: z.date().optional(),
      onExpiry: z.enum(Object.keys(EXPIRY_POLICIES) as [ExpiryPolicy, ...ExpiryPolicy[]]).default("WAIT"),
      defaultOption: name.optional(),
    })
    .superRefine(({ options, onExpiry, dueAt, defaultOption }, context) => {
      const values = options.map(({ value }) => value);
      for (const [place, value] of values.entries()) {
        if (values.indexOf(value) === place) continue;
        const path = ["options", place, "value"];
        context.addIssue({ code: "custom", path, message: `"${value}" is given twice` });
      }
      if (onExpiry !== "WAIT" && dueAt === undefined) {
        const message = "must be given with an onExpiry other than WAIT";
        context.addIssue({ code: "custom", path: ["dueAt"], message });
      }
      if ((onExpiry === "DEFAULT_OPTION") !== (defaultOption !== undefined)) {
        const message = "must be given when onExpiry is DEFAULT_OPTION, and only then";
        context.addIssue({ code: "custom", path: ["defaultOption"], message });
      }
      if (defaultOption !== undefined && needsGuidance(defaultOption)) {
        const message = "must not be an option that needs guidance: a deadline has none to give";
        context.addIssue({ code: "custom", path: ["defaultOption"], message });
      } else if (defaultOption !== undefined && !values.includes(defaultOption)) {
        const message = `must be one of ${values.join(", ")}`;
        context.addIssue({ code: "custom", path: ["defaultOption"], message });
      }
    }),
  resolveEscalation: z.object({
    escalationId: id,
    decision: requiredText(255),
    guidance: optionalText(MAX_GUIDANCE).trim().optional(),
  }),
  skipEscalation: z.object({ escalationId: id, reason: optionalText(2_000).optional() }),
} as const;

export type EscalationCommand = keyof typeof escalationInputs;
/** What a caller hands in, before it is checked. */
export type EscalationInput<Name extends EscalationCommand> = z.input<(typeof escalationInputs)[Name]>;

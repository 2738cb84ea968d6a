import { z } from "zod";
import { requiredText } from "../text.ts";
import { MAX_MODELS, MAX_ROUNDS, MIN_RANKED_MODELS } from "./limits.ts";
import { settingsInput } from "./settings.ts";
import { DISCUSSION_TYPES, ROUND_TYPES } from "./states.ts";

const id = z.uuid();
const modelName = requiredText(50);
const rounds = z
  .number()
  .int()
  .min(1, "must be at least 1")
  .max(MAX_ROUNDS, `must not be more than ${MAX_ROUNDS}`);

/** Who takes part: 1 to 10 names, each once. Which names there are, the configuration says. */
const models = z
  .array(modelName)
  .min(1, "must name at least one model")
  .max(MAX_MODELS, `must not be more than ${MAX_MODELS} models`)
  .refine((names) => new Set(names).size === names.length, "must not name a model twice");

/** What every command on discussions is given, and the rules for it. */
export const discussionInputs = {
  startDiscussion: z
    .object({
      projectId: id,
      question: requiredText(10_000),
      type: z.enum(DISCUSSION_TYPES),
      models: models.optional(),
      rounds: rounds.optional(),
      peerRanking: z.boolean().default(false),
    })
    .superRefine(({ type, rounds: asked, peerRanking, models: named }, context) => {
      if (type === "OPEN" && asked !== undefined && asked !== 1) {
        context.addIssue({
          code: "custom",
          path: ["rounds"],
          message: "must be 1: an OPEN discussion has one",
        });
      }
      if (type === "OPEN" && peerRanking) {
        const message = "must be false: only the models of a DISCUSS rank each other";
        context.addIssue({ code: "custom", path: ["peerRanking"], message });
      }
      if (named !== undefined && named.length > 0)
        checkCompany({ type, peerRanking, models: named }, context.addIssue);
    }),
  addRound: z.object({ discussionId: id, type: z.enum(ROUND_TYPES).optional() }),
  postMessage: z.object({ discussionId: id, content: requiredText(10_000) }),
  summarizeConsensus: z.object({ discussionId: id, by: modelName.optional() }),
  completeDiscussion: z.object({ discussionId: id }),
  updateProjectSettings: z
    .object({
      projectId: id,
      models: models.optional(),
      ...settingsInput.shape,
      expectedVersion: z.number().int().optional(),
    })
    .refine(
      ({ projectId: _project, expectedVersion: _version, ...fields }) =>
        Object.values(fields).some((field) => field !== undefined),
      "must change the models or a setting",
    ),
} as const;

/** What a caller hands in, before it is checked. */
export type DiscussionInput<Name extends keyof typeof discussionInputs> = z.input<
  (typeof discussionInputs)[Name]
>;

interface Company {
  readonly type: (typeof DISCUSSION_TYPES)[number];
  readonly peerRanking: boolean;
  readonly models: readonly string[];
}

/** What is wrong with who takes part, as far as the kind of discussion says: too few to discuss, or to rank. */
export function companyProblem({ type, peerRanking, models: named }: Company): string | null {
  if (type === "DISCUSS" && named.length < 2) return "must be at least two: one model discusses with nobody";
  if (peerRanking && named.length < MIN_RANKED_MODELS) {
    return `must be at least ${MIN_RANKED_MODELS}, so that each can rank the others`;
  }
  return null;
}

function checkCompany(
  company: Company,
  addIssue: (issue: { code: "custom"; path: string[]; message: string }) => void,
): void {
  const message = companyProblem(company);
  if (message !== null) addIssue({ code: "custom", path: ["models"], message });
}

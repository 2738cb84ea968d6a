import type { Failed, ModelFailure } from "../../domain/discussion/states.ts";
import { builder } from "../builder.ts";
import { ModelFailureEnum } from "./enums.ts";

export const ModelFailureType = builder.objectRef<Failed>("ModelFailure").implement({
  description: "Why a model did not say what it was asked for.",
  fields: (t) => ({
    reason: t.field({
      type: ModelFailureEnum,
      description: "Which kind of reason.",
      resolve: ({ failure }) => failure,
    }),
    message: t.exposeString("message", { description: "What was the matter, in words for people." }),
  }),
});

/** A stored failure; null where there is none. */
export function failureOf(reason: string | null, message: string | null): Failed | null {
  return reason === null ? null : { failure: reason as ModelFailure, message: message ?? "" };
}

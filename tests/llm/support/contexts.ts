import type { z } from "zod";
import type { GenerationContext } from "../../../src/domain/artifact/context.ts";
import { outputSchemaOf } from "../../../src/llm/ai-sdk/output-schema.ts";

/** A project with one document, a decision and a risk. */
export const CONTEXT: GenerationContext = {
  project: {
    name: "Shelf",
    description: "Counts what small shops have on their shelves.",
    stage: "Validated direction",
  },
  decisions: [
    {
      gateType: "stage_advance",
      stage: "Thesis defined",
      decision: "PROCEED",
      reason: "Nine of ten owners count by hand.",
    },
  ],
  risks: [{ stage: "Validated direction", type: "market", message: "Owners may not pay." }],
  documents: {
    BRIEF: {
      problemStatement: "We know that counting takes two hours every night.",
      targetUser: "Owners of shops with up to three people.",
      valueProposition: "We count while you sell.",
      differentiationPoints: ["No scanner", "Works offline"],
      marketAnalysis: "We see 40,000 such shops.",
    },
  },
};

/** The smallest object that a schema accepts, as far as its JSON schema tells: the first choice, one item, some text. */
export function exampleOf(schema: z.ZodType): unknown {
  return build(outputSchemaOf(schema).schema);
}

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema
function build({ type, enum: options, properties = {}, items }: any): unknown {
  if (options) return options[0];
  if (type === "integer" || type === "number") return 3;
  if (type === "array") return [build(items)];
  if (type !== "object") return "We keep it short.";
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, build(property)]));
}

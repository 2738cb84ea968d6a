import { z } from "zod";
import { optionalText } from "../text.ts";
import { MAX_ROUNDS } from "./limits.ts";

/** The settings of a project's discussions, as they are edited: what is left out stays. */
export const settingsInput = z.object({
  defaultRounds: z
    .number()
    .int()
    .min(1, "must be at least 1")
    .max(MAX_ROUNDS, `must not be more than ${MAX_ROUNDS}`)
    .optional(),
  consensusThreshold: z.number().min(0, "must be 0 to 1").max(1, "must be 0 to 1").optional(),
  systemPromptOverride: optionalText(4_000).optional(),
});

const storedSettings = z.object({
  defaultRounds: z.number().int().min(1).max(MAX_ROUNDS).default(3),
  consensusThreshold: z.number().min(0).max(1).default(0.8),
  systemPromptOverride: z.string().nullable().default(null),
});

/** How a project's discussions are held unless told otherwise. */
export type DiscussionSettings = z.infer<typeof storedSettings>;

/** A project's settings as they are stored, with what they are where nobody has said. */
export function readSettings(stored: unknown): DiscussionSettings {
  return storedSettings.parse(stored);
}

/** The settings after an edit. An empty prompt takes the override away. */
export function changeSettings(
  { defaultRounds, consensusThreshold, systemPromptOverride }: DiscussionSettings,
  edit: z.infer<typeof settingsInput>,
): DiscussionSettings {
  const prompt = edit.systemPromptOverride?.trim();
  return {
    defaultRounds: edit.defaultRounds ?? defaultRounds,
    consensusThreshold: edit.consensusThreshold ?? consensusThreshold,
    systemPromptOverride: prompt === undefined ? systemPromptOverride : prompt === "" ? null : prompt,
  };
}

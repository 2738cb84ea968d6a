import { z } from "zod";
import { isStorable } from "../text.ts";
import { messageAt, type Said, speakersOf } from "./transcript.ts";

const text = (max: number) => z.string().trim().min(1).max(max).refine(isStorable);
const cites = z
  .array(z.string().max(20))
  .max(200)
  .describe("The labels of the messages that it rests on, such as M3; at least one.");
const modelName = z.string().max(50).describe("The model's name.");

/** What a model answers when it is asked what the others agree on. */
export const consensusSchema = z.object({
  agreements: z
    .array(z.object({ statement: text(1_000).describe("What they agree on, in one sentence."), cites }))
    .max(20),
  disagreements: z
    .array(
      z.object({
        topic: text(300).describe("What they differ about, in a few words."),
        positions: z
          .array(
            z.object({
              model: modelName,
              position: text(1_000).describe("What that model holds, in one sentence."),
              cites,
            }),
          )
          .max(10),
      }),
    )
    .max(20),
  dissent: z
    .array(
      z.object({
        model: modelName,
        statement: text(1_000).describe("What it holds against the agreements, in one sentence."),
        cites,
      }),
    )
    .max(10),
  score: z.number().min(0).max(1).describe("How far they agree: 0 on nothing, 1 on everything that matters."),
});
export type ConsensusDraft = z.infer<typeof consensusSchema>;

/** Something that the models agree on, and the ids of the messages that it rests on. */
export interface Agreement {
  readonly statement: string;
  readonly messages: readonly string[];
}

export interface Position {
  readonly position: string;
  readonly messages: readonly string[];
}

export interface Disagreement {
  readonly topic: string;
  /** By the models' names. */
  readonly positions: Readonly<Record<string, Position>>;
}

export interface Dissent extends Agreement {
  readonly model: string;
}

/** A consensus whose every point rests on what was said, and which leaves nobody out. */
export interface CheckedConsensus {
  readonly agreements: readonly Agreement[];
  readonly disagreements: readonly Disagreement[];
  readonly dissent: readonly Dissent[];
  readonly score: number;
}

/** How consensus is stored. */
const messages = z.array(z.string());
export const storedAgreements = z.array(z.object({ statement: z.string(), messages }));
export const storedDisagreements = z.array(
  z.object({
    topic: z.string(),
    positions: z.record(z.string(), z.object({ position: z.string(), messages })),
  }),
);
export const storedDissent = z.array(z.object({ model: z.string(), statement: z.string(), messages }));

/**
 * Holds a summary against what was said: every point cites messages that are there, every position and dissent one of the
 * model's own, and every model that spoke appears: it has a position or a dissent, or an agreement rests on its words.
 *
 * @returns the consensus with the messages' ids in the place of their labels, or everything that is wrong with it
 */
export function checkConsensus(
  draft: ConsensusDraft,
  transcript: readonly Said[],
): { readonly consensus: CheckedConsensus } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const speakers = speakersOf(transcript);
  const present = new Set<string>();

  const resolve = (labels: readonly string[], where: string): Said[] => {
    if (labels.length === 0) problems.push(`${where} cites no message.`);
    const found = labels.map((label) => ({ label, said: messageAt(transcript, label) }));
    for (const { label, said } of found) {
      if (said === null) problems.push(`${where} cites "${label}", which is none of the messages.`);
    }
    return found.flatMap(({ said }) => said ?? []);
  };
  const ids = (said: readonly Said[]) => [...new Set(said.map(({ id }) => id))];
  const resolveOf = (model: string, labels: readonly string[], where: string): string[] => {
    const said = resolve(labels, where);
    if (!speakers.includes(model)) problems.push(`${where} names "${model}", which did not speak.`);
    else if (said.length > 0 && !said.some((message) => message.model === model)) {
      problems.push(`${where} cites no message of ${model}.`);
    }
    present.add(model);
    return ids(said);
  };

  const agreements = draft.agreements.map(({ statement, cites: labels }, index) => {
    const said = resolve(labels, `Agreement ${index + 1}`);
    for (const { model } of said) if (model !== null) present.add(model);
    return { statement, messages: ids(said) };
  });
  const disagreements = draft.disagreements.map(({ topic, positions }, index) => {
    const where = `Disagreement ${index + 1}`;
    const names = positions.map(({ model }) => model);
    if (new Set(names).size !== names.length) problems.push(`${where} gives a model two positions.`);
    if (new Set(names).size < 2) problems.push(`${where} has fewer than two positions.`);
    const entries = positions.map(({ model, position, cites: labels }) => {
      const cited = resolveOf(model, labels, `${where}, the position of ${model},`);
      return [model, { position, messages: cited }] as const;
    });
    return { topic, positions: Object.fromEntries(entries) };
  });
  const dissent = draft.dissent.map(({ model, statement, cites: labels }) => ({
    model,
    statement,
    messages: resolveOf(model, labels, `The dissent of ${model}`),
  }));
  for (const model of speakers) {
    if (!present.has(model)) problems.push(`${model} spoke and does not appear.`);
  }
  if (problems.length > 0) return { problems };
  return { consensus: { agreements, disagreements, dissent, score: draft.score } };
}

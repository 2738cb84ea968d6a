import { createHash } from "node:crypto";
import { z } from "zod";
import { plainLine } from "../artifact/plain-text.ts";
import type { Said } from "./transcript.ts";

/** What a model answers when it is asked to rank. */
export const rankingSchema = z.object({
  ranking: z
    .array(
      z.object({
        label: z.string().max(20).describe("The letter of the answer."),
        reason: z.string().max(1_000).describe("Why it stands there, in one sentence."),
      }),
    )
    .max(20)
    .describe("All answers, the best one first, each once."),
});
export type RankingDraft = z.infer<typeof rankingSchema>;

/** An answer under the label by which one of its judges knows it. */
export interface Labelled {
  readonly label: string;
  readonly message: Said;
  /** What it says, without the names of models. */
  readonly text: string;
}

/** "A", "B", "C" …, as many as there are answers to rank. */
export function rankingLabels(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index));
}

/**
 * What a judge is given: the others' answers, without names and in an order that tells nothing, for each judge another
 * one. The same answers and judge give the same order, so that an attempt which is made again reads the same.
 */
export function anonymize(judge: string, answers: readonly Said[], models: readonly string[]): Labelled[] {
  const others = answers.filter(({ model }) => model !== judge);
  const shuffled = others
    .map((message) => ({
      message,
      key: createHash("sha256").update(`${judge}\n${message.id}`).digest("hex"),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const labels = rankingLabels(shuffled.length);
  return shuffled.map(({ message }, index) => ({
    label: labels[index] ?? "",
    message,
    text: withoutNames(message.text, models),
  }));
}

/** A text in which no model is named. */
function withoutNames(text: string, models: readonly string[]): string {
  const names = models.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (names.length === 0) return text;
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join("|")})(?![\\p{L}\\p{N}])`, "giu"),
    "somebody",
  );
}

export type CheckedRanking =
  /** The ids of the ranked messages, best first, and the ranking in words. */
  { readonly ranking: readonly string[]; readonly content: string } | { readonly problem: string };

/** Checks a ranking: every answer exactly once. What it says in words names the models again. */
export function checkRanking(draft: RankingDraft, candidates: readonly Labelled[]): CheckedRanking {
  const ranked = draft.ranking.map(({ label, reason }) => {
    const letter = /^\W*(?:answer\s+)?([a-z])\W*$/i.exec(label)?.[1]?.toUpperCase();
    return { candidate: candidates.find((one) => one.label === letter), label, reason: plainLine(reason) };
  });
  const unknown = ranked.find(({ candidate }) => candidate === undefined);
  if (unknown) return { problem: `It ranks "${unknown.label}", which is none of the answers.` };
  const found = ranked.flatMap(({ candidate, reason }) => (candidate ? [{ candidate, reason }] : []));
  if (new Set(found.map(({ candidate }) => candidate.label)).size !== found.length) {
    return { problem: "It ranks an answer twice." };
  }
  if (found.length !== candidates.length) return { problem: "It does not rank all of the answers." };
  const lines = found.map(
    ({ candidate, reason }, index) => `${index + 1}. ${candidate.message.model ?? ""}: ${reason}`,
  );
  return { ranking: found.map(({ candidate }) => candidate.message.id), content: lines.join("\n") };
}

/** What a model's answer came to in the others' rankings. */
export interface Score {
  readonly model: string;
  /** From 0, last for everybody, to 1, first for everybody. */
  readonly score: number;
  /** How many models ranked it. */
  readonly rankings: number;
}

/**
 * The models by what the others think of their answers: Borda's count. The first of n gets n − 1 points, the last 0; the
 * score is the share of the points that the model could have got from those who ranked it. Best first, equal ones by
 * name; whoever nobody ranked is left out.
 */
export function aggregateRankings(
  rankings: readonly (readonly string[])[],
  authors: ReadonlyMap<string, string>,
): Score[] {
  const tally = new Map<string, { points: number; most: number; rankings: number }>();
  for (const ranking of rankings) {
    for (const [place, messageId] of ranking.entries()) {
      const model = authors.get(messageId);
      if (model === undefined) continue;
      const { points, most, rankings: count } = tally.get(model) ?? { points: 0, most: 0, rankings: 0 };
      const worth = ranking.length - 1;
      tally.set(model, { points: points + worth - place, most: most + worth, rankings: count + 1 });
    }
  }
  return [...tally]
    .map(([model, { points, most, rankings: count }]) => ({
      model,
      // A single answer is first and last at once.
      score: most === 0 ? 1 : Math.round((points / most) * 1_000) / 1_000,
      rankings: count,
    }))
    .sort((a, b) => b.score - a.score || (a.model < b.model ? -1 : 1));
}

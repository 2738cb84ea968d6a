import type { z } from "zod";
import { consensusSchema } from "../../../domain/discussion/consensus.ts";
import { type RankingDraft, rankingSchema } from "../../../domain/discussion/ranking.ts";
import type { ChatMessage } from "../../runner.ts";
import { answerOf } from "../conversation.ts";
import { flow, quotedFirst, tidy } from "../text.ts";
import { draftConsensus } from "./consensus.ts";
import { type ReadPrompt, readPrompt } from "./read-prompt.ts";
import { recommendation } from "./stance.ts";

/** What an offline model says in a discussion; null when it is asked something else. */
export function discussionAnswer(
  model: string,
  models: readonly string[],
  system: string,
  messages: readonly ChatMessage[],
): string | null {
  const read = readPrompt(messages[0]?.content ?? "");
  if (!read) return null;
  const { transcript, asked } = read;
  const answer = answerOf(model, models, system, conversationOf(read));
  return flow(answer, asked === null ? recommendation(model, models, transcript) : "");
}

/** An object about a discussion, made from what was said in it; null when another one is asked for. */
export function discussionObject(
  schema: z.ZodType,
  messages: readonly ChatMessage[],
): z.input<typeof consensusSchema> | RankingDraft | null {
  const read = readPrompt(messages[0]?.content ?? "");
  if (read && schema === consensusSchema) return draftConsensus(read);
  return read && schema === rankingSchema ? draftRanking(read) : null;
}

/** The more an answer says, the better it is; equal ones by their letters. */
function draftRanking({ candidates }: ReadPrompt): RankingDraft {
  const ranked = candidates.toSorted((a, b) => b.text.length - a.text.length || (a.label < b.label ? -1 : 1));
  return {
    ranking: ranked.map(({ label, text }) => ({
      label,
      reason: `It stands here for how much it says about the question, beginning with ${quotedFirst(text, 120)}`,
    })),
  };
}

/** The same as a conversation: what the project is, who said what, and at the end what is asked. */
function conversationOf({ project, question, transcript, asked }: ReadPrompt): ChatMessage[] {
  return [
    { role: "user", content: project },
    ...transcript.map(({ model, text }) => ({
      role: "assistant" as const,
      content: `${model}: ${tidy(text)}`,
    })),
    { role: "user", content: asked ?? question },
  ];
}

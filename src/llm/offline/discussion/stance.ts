import { PERSON, type Said } from "../../../domain/discussion/transcript.ts";

/** What the offline models would do first, each by its place. They are few, so that models can come to agree. */
const STANCES = [
  "try the riskiest part with real data before building anything around it",
  "put the smallest useful version in front of five people this week",
  "name a price first and see who says yes",
] as const;

const MARK = "I would";
const STATED = new RegExp(`${MARK} (${STANCES.join("|")})\\.`);

/** What a message recommends; null when it recommends nothing. */
export function stanceIn(text: string): string | null {
  return STATED.exec(text)?.[1] ?? null;
}

/** The last thing that each model recommended, in the order in which they first spoke. */
export function stancesOf(transcript: readonly Said[]): Map<string, { stance: string; said: Said }> {
  const latest = new Map<string, { stance: string; said: Said }>();
  for (const said of transcript) {
    const stance = stanceIn(said.text);
    if (said.model !== null && said.model !== PERSON && stance !== null)
      latest.set(said.model, { stance, said });
  }
  return latest;
}

/**
 * What a model recommends, as a sentence. Each begins with a stance of its own; in every round one more comes over to
 * what the first of them holds, and says so: three models agree in the third round.
 */
export function recommendation(
  model: string,
  models: readonly string[],
  transcript: readonly Said[],
): string {
  const place = Math.max(0, models.indexOf(model));
  const own = STANCES[place % STANCES.length] ?? STANCES[0];
  const turns = transcript.filter((said) => said.model === model).length;
  const leader = models[0] ?? model;
  const leading = stancesOf(transcript).get(leader)?.stance;
  if (leading === undefined || leader === model || leading === own || turns < place) {
    return `${MARK} ${own}.`;
  }
  return `${leader} has convinced me: ${MARK} ${leading}.`;
}

import type { ConsensusDraft } from "../../../domain/discussion/consensus.ts";
import { PERSON, type Said } from "../../../domain/discussion/transcript.ts";
import { clip, joined, sentencesOf, upperFirst } from "../text.ts";
import type { ReadPrompt } from "./read-prompt.ts";
import { stanceIn } from "./stance.ts";

interface View {
  readonly model: string;
  /** The message that says it. */
  readonly label: string;
  readonly stance: string;
}

const MAX_CHARS = 400;

/** What the models of a discussion agree on: those whose latest recommendations are the same. */
export function draftConsensus({ transcript }: ReadPrompt): ConsensusDraft {
  const views = viewsOf(transcript);
  const groups = [...Map.groupBy(views, ({ stance }) => stance).values()].sort((a, b) => b.length - a.length);
  const [largest = []] = groups;
  const agrees = largest.length > 1;
  const others = views.filter((view) => !largest.includes(view));
  const differ = others.length > 0;
  return {
    agreements: agrees ? [agreementOf(largest)] : [],
    disagreements: differ ? [{ topic: "What to do first", positions: views.map(positionOf) }] : [],
    dissent: agrees ? others.map(dissentOf) : [],
    score: views.length === 0 ? 0 : Math.round((largest.length / views.length) * 100) / 100,
  };
}

/** What each model recommends by now; of one that recommends nothing, what it says last. */
function viewsOf(transcript: readonly Said[]): View[] {
  const bySpeaker = Map.groupBy(
    transcript.filter(({ model }) => model !== PERSON),
    ({ model }) => model ?? "",
  );
  return [...bySpeaker].map(([model, messages]) => {
    const recommending = messages.findLast(({ text }) => stanceIn(text) !== null);
    const said = recommending ?? messages.at(-1);
    const stance =
      stanceIn(said?.text ?? "") ?? clip(sentencesOf(said?.text ?? "")[0] ?? "say nothing", MAX_CHARS);
    return { model, label: said?.id ?? "", stance };
  });
}

function agreementOf(views: readonly View[]) {
  const names = joined(views.map(({ model }) => model));
  const statement = `${names} would ${views[0]?.stance}.`;
  return { statement, cites: views.map(({ label }) => label) };
}

function positionOf({ model, label, stance }: View) {
  return { model, position: `${upperFirst(stance)}.`, cites: [label] };
}

function dissentOf({ model, label, stance }: View) {
  return { model, statement: `${upperFirst(stance)} instead.`, cites: [label] };
}

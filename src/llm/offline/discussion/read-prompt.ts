import type { Said } from "../../../domain/discussion/transcript.ts";

/** What a prompt of a discussion says: the offline models read it as the others do, from its text alone. */
export interface ReadPrompt {
  readonly project: string;
  readonly question: string;
  /** The ids are the messages' labels. */
  readonly transcript: readonly Said[];
  /** The answers that are to be ranked, by their labels. */
  readonly candidates: readonly { readonly label: string; readonly text: string }[];
  /** What a person asks by name; null when nobody does. */
  readonly asked: string | null;
}

const MATERIAL = /<discussion>\n([\s\S]*)\n<\/discussion>/;
const ROUND = /^Round (\d+)$/;
const MESSAGE = /^\[(M\d+)\] ([^\s:]+): ([\s\S]*)$/;
const ANSWER = /^Answer ([A-Z])$/;
const ASKED = /asks you by name:\n\n([\s\S]*)\n\nAnswer them directly\.$/;

/** Reads a prompt of a discussion; null when it is none. */
export function readPrompt(prompt: string): ReadPrompt | null {
  const material = MATERIAL.exec(prompt)?.[1];
  if (material === undefined) return null;
  const [about = "", rest = ""] = split(material, /\n\n(?=Round \d+\n\n\[M1\]|Answer A\n\n)/);
  const [project = "", question = ""] = split(about, /\n\nQuestion: /);
  return {
    project: project.replace(/^Project: /, ""),
    question,
    transcript: readTranscript(rest),
    candidates: readCandidates(rest),
    asked: ASKED.exec(prompt)?.[1] ?? null,
  };
}

function split(text: string, at: RegExp): [string, string] {
  const found = at.exec(text);
  return found ? [text.slice(0, found.index), text.slice(found.index + found[0].length)] : [text, ""];
}

function readTranscript(text: string): Said[] {
  const said: { id: string; roundNumber: number; model: string; text: string }[] = [];
  let roundNumber = 0;
  for (const block of text.split("\n\n")) {
    const round = ROUND.exec(block);
    const message = MESSAGE.exec(block);
    if (round) roundNumber = Number(round[1]);
    else if (message)
      said.push({ id: message[1] ?? "", roundNumber, model: message[2] ?? "", text: message[3] ?? "" });
    else continued(said, block);
  }
  return said;
}

/** A paragraph that begins nothing belongs to what was said before it. */
function continued(blocks: { text: string }[], paragraph: string): void {
  const last = blocks.at(-1);
  if (last) last.text += `\n\n${paragraph}`;
}

function readCandidates(text: string): ReadPrompt["candidates"] {
  const candidates: { label: string; text: string }[] = [];
  for (const block of text.split("\n\n")) {
    const label = ANSWER.exec(block)?.[1];
    const last = candidates.at(-1);
    if (label !== undefined) candidates.push({ label, text: "" });
    else if (last) last.text = last.text === "" ? block : `${last.text}\n\n${block}`;
  }
  return candidates;
}

import { fitTexts } from "../fit-texts.ts";
import { MAX_TRANSCRIPT_CHARACTERS_PER_MODEL } from "./limits.ts";

/** A thing that was said in a discussion, whole. */
export interface Said {
  readonly id: string;
  readonly roundNumber: number;
  /** Null when a person said it. */
  readonly model: string | null;
  readonly text: string;
  /** Whether the text ends at a limit and not where its model would have ended; absent: it does not. */
  readonly isCut?: boolean;
}

/** What people are called where a model would have its name. */
export const PERSON = "founder";

/** Tells a model that another one was cut off: a half sentence is nobody's opinion. */
const CUT_OFF = " (cut off here)";

/** "M1", "M2" …: how the messages of a transcript are cited. Ids would be 36 characters that a model gets wrong. */
export function labelOf(index: number): string {
  return `M${index + 1}`;
}

/** The message that a label of the transcript stands for. */
export function messageAt(transcript: readonly Said[], label: string): Said | null {
  const number = /^\s*\[?M?(\d{1,4})\]?\s*$/i.exec(label)?.[1];
  return number === undefined ? null : (transcript[Number(number) - 1] ?? null);
}

/** The models that said something, each once, in the order in which they first spoke. */
export function speakersOf(transcript: readonly Said[]): string[] {
  return [...new Set(transcript.flatMap(({ model }) => model ?? []))];
}

/**
 * What was said, for a model to read: each message under its label and its speaker's name, round by round. Where it is more
 * than a prompt holds, the longest messages are shortened; every message is there.
 */
export function writeTranscript(transcript: readonly Said[]): string {
  const texts = fitTexts(
    transcript.map(({ text }) => withoutLabels(text.trim())),
    MAX_TRANSCRIPT_CHARACTERS_PER_MODEL * Math.max(1, speakersOf(transcript).length),
  );
  const rounds = Map.groupBy(
    transcript.map((said, index) => ({ ...said, text: texts[index] ?? "", label: labelOf(index) })),
    ({ roundNumber }) => roundNumber,
  );
  return [...rounds]
    .map(([number, messages]) => {
      const lines = messages.map(
        ({ label, model, text, isCut = false }) =>
          `[${label}] ${model ?? PERSON}: ${text}${isCut ? CUT_OFF : ""}`,
      );
      return [`Round ${number}`, ...lines].join("\n\n");
    })
    .join("\n\n");
}

/** Nobody can put words into another's mouth: no line of a message looks like the beginning of one. */
function withoutLabels(text: string): string {
  return text.replace(/^\[(?=M\d+\])/gm, "(");
}

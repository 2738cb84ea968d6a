import { escapeText } from "../artifact/escape-markdown.ts";
import { inWords, plainLine, plainText } from "../artifact/plain-text.ts";
import type { CheckedConsensus } from "./consensus.ts";
import type { Score } from "./ranking.ts";
import { PERSON } from "./transcript.ts";

/** A message as it is written out. */
export interface WrittenMessage {
  readonly id: string;
  readonly kind: string;
  readonly model: string | null;
  readonly status: string;
  readonly content: string;
  /** Whether it ends at a limit. */
  readonly isCut: boolean;
  readonly failureMessage: string | null;
  readonly timestamp: Date | null;
}

export interface WrittenRound {
  readonly roundNumber: number;
  readonly type: string;
  readonly messages: readonly WrittenMessage[];
  readonly scores: readonly Score[];
  readonly failureMessage: string | null;
}

/** A discussion as it is written out. */
export interface WrittenDiscussion {
  readonly question: string;
  readonly type: string;
  readonly status: string;
  readonly models: readonly string[];
  readonly createdAt: Date;
  readonly rounds: readonly WrittenRound[];
  readonly consensus:
    | (CheckedConsensus & { readonly generatedBy: string; readonly roundNumber: number })
    | null;
  readonly consensusFailure: string | null;
}

/**
 * A discussion as Markdown: the question, every message of every round with who said it, and the consensus with links to
 * what it rests on. What was said is text: nothing in it is markup.
 */
export function discussionMarkdown(discussion: WrittenDiscussion): string {
  const { question, models, rounds, consensus, consensusFailure } = discussion;
  const numbers = numberMessages(rounds);
  const blocks = [
    `# Discussion`,
    quote(question),
    [
      `- Models: ${models.map(line).join(", ")}`,
      `- Type: ${inWords(discussion.type)}`,
      `- Status: ${inWords(discussion.status)}`,
      `- Started: ${discussion.createdAt.toISOString()}`,
    ].join("\n"),
    ...(consensus ? consensusBlocks(consensus, numbers) : []),
    ...(consensusFailure === null
      ? []
      : [`## No consensus`, `A summary came to nothing: ${line(consensusFailure)}`]),
    ...rounds.flatMap((round) => roundBlocks(round, numbers)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Messages are numbered through the discussion, so that a point can name those that it rests on. */
function numberMessages(rounds: readonly WrittenRound[]): ReadonlyMap<string, number> {
  const all = rounds.flatMap(({ messages }) => messages);
  return new Map(all.map(({ id }, index) => [id, index + 1]));
}

function consensusBlocks(
  consensus: NonNullable<WrittenDiscussion["consensus"]>,
  numbers: ReadonlyMap<string, number>,
): string[] {
  const { agreements, disagreements, dissent, score, generatedBy, roundNumber } = consensus;
  const cites = (messages: readonly string[]) =>
    messages
      .flatMap((id) => numbers.get(id) ?? [])
      .map((number) => `[${number}](#message-${number})`)
      .join(", ");
  return [
    `## Consensus`,
    `Score ${score}, by ${line(generatedBy)}, after round ${roundNumber}.`,
    ...list(
      "Agreements",
      agreements.map(({ statement, messages }) => `${line(statement)} (${cites(messages)})`),
    ),
    ...disagreements.flatMap(({ topic, positions }) =>
      list(
        `Disagreement: ${line(topic)}`,
        Object.entries(positions).map(
          ([model, { position, messages }]) => `**${line(model)}**: ${line(position)} (${cites(messages)})`,
        ),
      ),
    ),
    ...list(
      "Dissent",
      dissent.map(
        ({ model, statement, messages }) => `**${line(model)}**: ${line(statement)} (${cites(messages)})`,
      ),
    ),
  ];
}

function roundBlocks(
  { roundNumber, type, messages, scores, failureMessage }: WrittenRound,
  numbers: ReadonlyMap<string, number>,
): string[] {
  const ranked = scores.map(
    ({ model, score, rankings }) => `${line(model)}: ${score} (of ${rankings} rankings)`,
  );
  return [
    `## Round ${roundNumber}: ${inWords(type).toLowerCase()}`,
    ...(failureMessage === null ? [] : [`The round failed: ${line(failureMessage)}`]),
    ...messages.flatMap((message) => messageBlocks(message, numbers.get(message.id) ?? 0)),
    ...list("Scores", ranked),
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  DIRECT: ", asked by name",
  RANKING: ", ranking the others",
};

function messageBlocks(
  { kind, model, status, content, isCut, failureMessage, timestamp }: WrittenMessage,
  number: number,
): string[] {
  const when = timestamp === null ? "" : ` · ${timestamp.toISOString()}`;
  const heading = `### Message ${number}`;
  const speaker = `**${line(model ?? PERSON)}**${KINDS[kind] ?? ""}${when}`;
  const text = plainText(content) === "" ? [] : [paragraphs(content)];
  if (status === "FAILED") {
    return [heading, speaker, ...text, `*Not said to the end: ${line(failureMessage ?? "")}*`];
  }
  if (status !== "COMPLETED") return [heading, speaker, "*Not said yet.*"];
  return [heading, speaker, ...text, ...(isCut ? ["*Cut off at a limit.*"] : [])];
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`### ${title}`, items.map((item) => `- ${item}`).join("\n")];
}

const line = (text: string) => escapeText(plainLine(text));

/** Line by line: the lines of a paragraph stay lines, and white space before them would make code of them. */
function paragraphs(text: string): string {
  return plainText(text)
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => linesOf(paragraph).join("\\\n"))
    .join("\n\n");
}

function linesOf(text: string): string[] {
  return text.split("\n").map((each) => escapeText(each.trim()));
}

function quote(text: string): string {
  return plainText(text)
    .split("\n")
    .map((each) => `> ${escapeText(each.trim())}`.trimEnd())
    .join("\n");
}

import { assertNever } from "../assert-never.ts";
import { escapeText } from "./escape-markdown.ts";
import type { Block, Rich, Span } from "./outline-block.ts";
import { plainLine } from "./plain-text.ts";

/** Stands where a text has nothing that could be seen, so that what holds it keeps its form. */
const NOTHING = "–";

/** What a heading says: one line, and never nothing. */
export function headingText(text: string): string {
  return plainLine(text) || NOTHING;
}

/** A heading; its text is shown as it is. */
export function heading(level: number, text: string): string {
  return `${"#".repeat(level)} ${escapeText(headingText(text))}`;
}

/** A link to a heading of the same page. */
export function linkTo(slug: string, text: string): string {
  return `[${escapeText(headingText(text))}](#${slug})`;
}

/** A block other than a heading, without the empty line after it. */
export function blockMarkdown(block: Exclude<Block, { kind: "SUBHEADING" }>): string {
  switch (block.kind) {
    case "PARAGRAPH":
      return linesOf(block.text).join("\\\n");
    case "LIST":
      return block.items
        .map((item, index) => {
          const marker = block.ordered ? `${index + 1}. ` : "- ";
          return marker + linesOf(item).join(`\\\n${" ".repeat(marker.length)}`);
        })
        .join("\n");
    case "TABLE":
      return [
        row(block.columns.map((column) => [{ text: column }])),
        `|${" --- |".repeat(block.columns.length)}`,
        ...block.rows.map(row),
      ].join("\n");
    default:
      return assertNever(block);
  }
}

/** A cell has one line: what were several are separated by spaces. */
function row(cells: readonly Rich[]): string {
  return `| ${cells.map((cell) => (isEmpty(cell) ? "" : linesOf(cell).join(" "))).join(" | ")} |`;
}

function isEmpty(text: Rich): boolean {
  return text.every((span) => span.text === "");
}

/** The lines of a text, without empty ones: those would end the paragraph. */
function linesOf(text: Rich): string[] {
  const lines: Span[][] = [[]];
  for (const span of text) {
    span.text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      lines.at(-1)?.push({ ...span, text: part });
    });
  }
  const shown = lines.map((spans) => spans.map(spanMarkdown).join("").trim()).filter((line) => line !== "");
  return shown.length > 0 ? shown : [NOTHING];
}

function spanMarkdown({ text, style }: Span): string {
  if (text.trim() === "") return text;
  switch (style) {
    case undefined:
      return escapeText(text);
    case "STRONG":
      return `**${escapeText(text.trim())}**`;
    case "EMPHASIS":
      return `*${escapeText(text.trim())}*`;
    case "CODE":
      return codeSpan(text);
    default:
      return assertNever(style);
  }
}

/** Between more backticks than there are in it. A backslash is itself in code, but for a pipe's in a table. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const pad = /^`|`$/.test(text) ? " " : "";
  return `${fence}${pad}${text.trim().replaceAll("|", "\\|")}${pad}${fence}`;
}

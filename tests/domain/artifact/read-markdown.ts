import MarkdownIt from "markdown-it";
import { parse } from "yaml";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import {
  type ArtifactMarkdownInput,
  artifactMarkdown,
  type MarkdownDocument,
} from "../../../src/domain/artifact/markdown.ts";

/** CommonMark with GitHub's tables; HTML and bare links are let through, so that a test would see them. */
const parser = new MarkdownIt({ html: true, linkify: true });

/** What a reader sees of a page: its headings, lists, cells and paragraphs, without markup. */
export function read(markdown: string) {
  const tokens = parser.parse(markdown.replace(/^---\n[\s\S]*?\n---\n/, ""), {});
  const text = (index: number) =>
    (tokens[index]?.children ?? [])
      .map(({ type, content }) => (type === "hardbreak" || type === "softbreak" ? "\n" : content))
      .join("");
  const after = (type: string) =>
    tokens.flatMap((token, index) => (token.type === type ? [{ token, text: text(index + 1) }] : []));
  const inline = tokens.flatMap(({ children }) => children ?? []);
  return {
    headings: after("heading_open").map(({ token, text }) => `${token.markup} ${text}`),
    head: after("th_open").map(({ text }) => text),
    cells: after("td_open").map(({ text }) => text),
    items: tokens.flatMap((token, index) => (token.type === "list_item_open" ? [text(index + 2)] : [])),
    paragraphs: after("paragraph_open").flatMap(({ token, text }) => (token.level === 0 ? [text] : [])),
    links: inline.filter(({ type }) => type === "link_open").map((token) => String(token.attrGet("href"))),
    types: new Set([...tokens, ...inline].map(({ type }) => type)),
    frontMatter: parse(/^---\n([\s\S]*?)\n---\n/.exec(markdown)?.[1] ?? "null") as Record<string, unknown>,
  };
}

export const AT = new Date("2026-11-21T10:00:00Z");

/** A document that has not been written yet, unless something else is said. */
export const facts = (changes: Partial<MarkdownDocument> = {}): MarkdownDocument => ({
  content: null,
  locked: [],
  version: 2,
  status: "IDLE",
  editedSections: [],
  generatedAt: AT,
  updatedAt: AT,
  ...changes,
});

/** A brief for people, unless something else is said. */
export const artifact = ({ document, variant = "READABLE", ...changes }: Partial<ArtifactMarkdownInput>) =>
  artifactMarkdown({ document: document ?? DOCUMENTS.BRIEF, variant, ...facts(changes) });

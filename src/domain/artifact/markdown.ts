import type { JsonValue } from "../event/event.ts";
import { SCHEMA_VERSION_KEY } from "./content.ts";
import { frontMatter } from "./front-matter.ts";
import { headingSlugs } from "./heading-slug.ts";
import { blockMarkdown, heading, headingText, linkTo } from "./markdown-blocks.ts";
import {
  type DocumentOutline,
  dayInWords,
  documentOutline,
  type ExportVariant,
  type OutlinedDocument,
  projectOutline,
} from "./outline.ts";
import type { Block } from "./outline-block.ts";
import { plainText } from "./plain-text.ts";
import type { DocumentDefinition } from "./section.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "./type.ts";

/** A document to be written as Markdown, with what the front matter of the technical variant says of it. */
export interface MarkdownDocument extends OutlinedDocument {
  /** Null when it has not been written yet. */
  readonly version: number | null;
  readonly status: string;
  readonly editedSections: readonly string[];
  readonly generatedAt: Date | null;
  readonly updatedAt: Date | null;
}

export interface ArtifactMarkdownInput extends MarkdownDocument {
  readonly document: DocumentDefinition;
  readonly variant: ExportVariant;
}

export interface ProjectMarkdownInput {
  readonly name: string;
  readonly description: string;
  /** The day that stands on the cover. */
  readonly date: Date;
  readonly documents: Readonly<Partial<Record<ArtifactType, MarkdownDocument>>>;
  readonly variant: ExportVariant;
}

const CONTENTS = "Contents";

/** One document as Markdown (CommonMark with GitHub's tables), without any HTML. Ends with a line feed. */
export function artifactMarkdown({ document, variant, ...input }: ArtifactMarkdownInput): string {
  const outline = documentOutline(document, input, variant);
  const body = documentParts(outline, 1);
  const head = variant === "TECHNICAL" ? [frontMatter(facts(document.type, input))] : [];
  return page([...head, ...body.map(({ markdown }) => markdown)]);
}

/**
 * The whole project as one Markdown page: name, description and day, a table of contents whose links work where headings
 * get GitHub's anchors, and the five documents in the order of the chain.
 */
export function projectMarkdown(input: ProjectMarkdownInput): string {
  const { name, description, date, documents, variant } = input;
  const outlines = projectOutline(documents, variant);
  const parts = outlines.map((outline) => documentParts(outline, 2));
  const slug = headingSlugs();
  slug(headingText(name));
  slug(CONTENTS);
  const contents = outlines.flatMap((outline, index) => {
    const marker = `${index + 1}. `;
    const links: string[] = [];
    for (const part of parts[index] ?? []) {
      if (part.heading === undefined) continue;
      const anchor = slug(headingText(part.heading));
      if (part.listed) links.push(linkTo(anchor, part.heading));
    }
    const [document = outline.title, ...sections] = links;
    return [marker + document, ...sections.map((link) => `${" ".repeat(marker.length)}- ${link}`)];
  });
  const cover: Block[] = plainText(description)
    .split(/\n\s*\n/)
    .map((text) => ({ kind: "PARAGRAPH", text: [{ text }] }));
  return page([
    ...(variant === "TECHNICAL" ? [projectFrontMatter(input)] : []),
    heading(1, name),
    ...blockParts(description.trim() === "" ? [] : cover, 2).map(({ markdown }) => markdown),
    `*${dayInWords(date)}*`,
    heading(2, CONTENTS),
    contents.join("\n"),
    ...parts.flat().map(({ markdown }) => markdown),
  ]);
}

/** A block of the page. Headings have their text, and whether the table of contents lists them. */
interface Part {
  readonly markdown: string;
  readonly heading?: string;
  readonly listed?: boolean;
}

function documentParts({ title, lead, sections, closing }: DocumentOutline, level: number): Part[] {
  return [
    { markdown: heading(level, title), heading: title, listed: true },
    ...blockParts(lead, level + 1),
    ...sections.flatMap((section): Part[] => [
      { markdown: heading(level + 1, section.title), heading: section.title, listed: true },
      ...blockParts(section.blocks, level + 2),
    ]),
    ...blockParts(closing, level + 1),
  ];
}

function blockParts(blocks: readonly Block[], level: number): Part[] {
  return blocks.map((block) =>
    block.kind === "SUBHEADING"
      ? { markdown: heading(level, block.text), heading: block.text }
      : { markdown: blockMarkdown(block) },
  );
}

function page(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

function facts(type: ArtifactType, document: MarkdownDocument): Record<string, JsonValue> {
  const { content, version, status, editedSections, stale = [], generatedAt, updatedAt } = document;
  return {
    type,
    version,
    schemaVersion: content?.[SCHEMA_VERSION_KEY] ?? null,
    status,
    editedSections,
    ...(stale.length > 0 && { staleSections: stale.map(({ section }) => section) }),
    generatedAt: generatedAt?.toISOString() ?? null,
    updatedAt: updatedAt?.toISOString() ?? null,
  };
}

function projectFrontMatter({ name, date, documents }: ProjectMarkdownInput): string {
  const written = ARTIFACT_TYPES.flatMap((type) => {
    const document = documents[type];
    return document ? [facts(type, document)] : [];
  });
  return frontMatter({ project: plainText(name), exportedAt: date, documents: written });
}

import {
  type DocumentOutline,
  dayInWords,
  type OutlinedDocument,
  projectOutline,
} from "../domain/artifact/outline.ts";
import { line } from "../domain/artifact/outline-block.ts";
import { plainLine, plainText } from "../domain/artifact/plain-text.ts";
import type { ArtifactType } from "../domain/artifact/type.ts";
import { FontBook } from "./font-book.ts";
import type { KnownFonts } from "./machine-fonts.ts";
import { drawBlocks, drawHeading } from "./pdf-blocks.ts";
import { type ContentsEntry, drawContents, fillContents } from "./pdf-contents.ts";
import { REPLACEMENT } from "./pdf-fonts.ts";
import { INK, lineHeight, PAGE, PAGE_WIDTH, SIZE } from "./pdf-page.ts";
import { PdfWriter } from "./pdf-writer.ts";

export interface ProjectPdfInput {
  readonly name: string;
  readonly description: string;
  /** The day on the cover, and the time of creation in the file's metadata. */
  readonly date: Date;
  readonly documents: Readonly<Partial<Record<ArtifactType, OutlinedDocument>>>;
  /** Whether the file is to keep silent about the program that made it. */
  readonly whiteLabel: boolean;
  /** Whether its streams are compressed; they are unless this is false. */
  readonly compress?: boolean;
  /** Where fonts are for what those of the program lack: files and directories; null for the usual places; nowhere unless given. */
  readonly fontPlaces?: readonly string[] | null;
  /** What an earlier document has found out about the fonts there. */
  readonly knownFonts?: KnownFonts;
}

/** A PDF, and what it has found out about the machine's fonts; null when it needed none. */
export interface MadePdf {
  readonly bytes: Uint8Array;
  readonly knownFonts: KnownFonts | null;
}

/**
 * The whole project as a PDF of A4 pages: a cover, a table of contents with links, and the five documents in the order
 * of the chain, each beginning on a page of its own. It is tagged, has bookmarks, and is the same for the same input and
 * the same fonts.
 *
 * Characters that no font has are shown as a replacement character, and listed at the end.
 */
export async function projectPdf(input: ProjectPdfInput): Promise<Uint8Array> {
  return (await makeProjectPdf(input)).bytes;
}

/** The same, with what it has found out about fonts for the next one. */
export async function makeProjectPdf(input: ProjectPdfInput): Promise<MadePdf> {
  const { fontPlaces = [], knownFonts = new Map() } = input;
  const sample = JSON.stringify([input.name, input.description, input.documents]);
  const fonts = new FontBook(fontPlaces, knownFonts, sample);
  try {
    return { bytes: await drawProject(input, fonts), knownFonts: fonts.files };
  } catch (error) {
    // A font of the machine may be broken where nobody has looked yet. Without it the document is whole all the same.
    if (fonts.files === null) throw error;
    return { bytes: await drawProject(input, new FontBook([], knownFonts, sample)), knownFonts: fonts.files };
  }
}

function drawProject(input: ProjectPdfInput, fonts: FontBook): Promise<Uint8Array> {
  const { name, description, date, documents, whiteLabel, compress = true } = input;
  const title = plainLine(name) || "Project";
  const writer = new PdfWriter({
    title,
    subject: `Product documents of ${title}`,
    creator: whiteLabel ? null : "Gatehouse",
    date,
    compress,
    fonts,
  });
  const outlines = projectOutline(documents, "READABLE");
  drawCover(writer, title, description, date, whiteLabel);
  const entries = drawContents(
    writer,
    outlines.map((outline) => ({
      title: outline.title,
      sections: outline.sections.map((section) => section.title),
    })),
  );
  for (const outline of outlines) drawDocument(writer, outline, entries);
  drawMissing(writer);
  fillContents(writer, entries);
  drawFooters(writer, title);
  return writer.finish();
}

function drawCover(writer: PdfWriter, title: string, description: string, date: Date, whiteLabel: boolean) {
  writer.addPage();
  const size = title.length > LONG_NAME ? SIZE.title : SIZE.cover;
  const name = writer.set([{ text: title }], PAGE_WIDTH, { size, font: "BOLD" });
  const about = plainText(description)
    .split(/\n\s*\n/)
    .map((text) => writer.set([{ text }], PAGE_WIDTH, { size: SIZE.lead, color: INK.quiet }));
  const lines = about.reduce((total, set) => total + set.lines.length, 0);
  const height = name.lines.length * lineHeight(size) + lines * lineHeight(SIZE.lead);
  // A third from the top, unless there is so much to say that it would not fit below.
  writer.y = Math.max(PAGE.top, Math.min(COVER_TOP, PAGE.bottom - COVER_TOP / 2 - height));
  writer.rule(INK.accent, 2);
  writer.y += 22;
  writer.flow(name, writer.element("H1"));
  writer.y += 8;
  for (const set of about) {
    writer.flow(set, writer.element("P"));
    writer.y += 8;
  }
  writer.y += 10;
  writer.flow(writer.set([{ text: dayInWords(date) }], PAGE_WIDTH, { size: SIZE.body }), writer.element("P"));
  if (whiteLabel) return;
  const mark = writer.set([{ text: "Made with Gatehouse" }], PAGE_WIDTH, QUIET);
  writer.y = PAGE.footer;
  for (const each of mark.lines)
    writer.line(each, mark, writer.element("P"), { x: PAGE.left, width: PAGE_WIDTH });
}

/** In points from the top. */
const COVER_TOP = 250;
/** A longer name is set smaller. */
const LONG_NAME = 60;
const QUIET = { size: SIZE.small, color: INK.quiet } as const;

/** Its entries are the first of the table of contents that have no page yet: its own, then its sections'. */
function drawDocument(writer: PdfWriter, outline: DocumentOutline, entries: readonly ContentsEntry[]): void {
  const place = entries.findIndex((entry) => entry.page === null);
  const arrive = (entry: ContentsEntry | undefined, top: number) => {
    if (!entry) return;
    entry.page = writer.page;
    writer.doc.addNamedDestination(entry.destination, "XYZ", PAGE.left, top - 12, 0);
  };
  writer.addPage();
  const style = { size: SIZE.title, tag: "H1", above: 0, below: 6, color: INK.accent } as const;
  const top = drawHeading(writer, outline.title, style);
  arrive(entries[place], top);
  const bookmark = writer.doc.outline.addItem(outline.title, { expanded: true });
  drawBlocks(writer, outline.lead);
  outline.sections.forEach((section, index) => {
    const style = { size: SIZE.section, tag: "H2", above: 12, below: 3 } as const;
    arrive(entries[place + 1 + index], drawHeading(writer, section.title, style));
    bookmark.addItem(section.title);
    drawBlocks(writer, section.blocks);
  });
  if (outline.closing.length > 0) writer.y += 6;
  drawBlocks(writer, outline.closing);
}

/** More are not named: a document in a script that no font has would end in a list of its alphabet. */
const MAX_NAMED = 120;

/** The end matter: which characters no font could show. */
function drawMissing(writer: PdfWriter): void {
  const missing = [...writer.fonts.missing];
  if (missing.length === 0) return;
  const style = { size: SIZE.section, tag: "H1", above: 24, below: 3, color: INK.quiet } as const;
  const title = "Characters that could not be shown";
  drawHeading(writer, title, style);
  writer.doc.outline.addItem(title);
  const named = missing.slice(0, MAX_NAMED).map(([grapheme, count]) => {
    const points = [...grapheme].map((character) => {
      const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `U+${hex}`;
    });
    return count === 1 ? points.join(" ") : `${points.join(" ")} (${count} times)`;
  });
  const more = missing.length > MAX_NAMED ? `, and ${missing.length - MAX_NAMED} more` : "";
  const about = `No font at hand has these characters; “${REPLACEMENT}” stands for each of them: `;
  drawBlocks(writer, [{ kind: "PARAGRAPH", text: [line(`${about}${named.join(", ")}${more}.`)] }]);
}

/** On every page but the cover. */
function drawFooters(writer: PdfWriter, title: string): void {
  const { count } = writer.doc.bufferedPageRange();
  for (let page = 2; page <= count; page++) {
    writer.turnTo(page);
    writer.footer(title, "LEFT");
    writer.footer(`${page} / ${count}`, "RIGHT");
  }
}

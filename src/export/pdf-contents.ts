import { drawHeading } from "./pdf-blocks.ts";
import { INK, lineHeight, PAGE, PAGE_WIDTH, SIZE } from "./pdf-page.ts";
import type { PdfWriter } from "./pdf-writer.ts";

const INDENT = 16;
/** The room for a page's number, in points. */
const NUMBER = 30;

/** A line of the table of contents, whose page is known when the page is drawn. */
export interface ContentsEntry {
  readonly destination: string;
  page: number | null;
  /** Where the line stands. */
  readonly at: { readonly page: number; readonly y: number; readonly left: number };
  readonly element: PDFKit.PDFStructureElement;
  readonly bold: boolean;
}

/** Draws the table of contents, with room for the numbers. */
export function drawContents(
  writer: PdfWriter,
  documents: readonly { readonly title: string; readonly sections: readonly string[] }[],
): ContentsEntry[] {
  writer.addPage();
  drawHeading(writer, "Contents", { size: SIZE.title, tag: "H1", above: 0, below: 8, color: INK.accent });
  const entries: ContentsEntry[] = [];
  const contents = writer.element("TOC");
  const add = (title: string, bold: boolean) => {
    const element = writer.element("TOCI", contents);
    const x = PAGE.left + (bold ? 0 : INDENT);
    const width = PAGE.right - NUMBER - x;
    const set = writer.set([{ text: title }], width, { size: SIZE.body, font: bold ? "BOLD" : "REGULAR" });
    const destination = `section-${entries.length + 1}`;
    const top = writer.y;
    writer.flow(set, writer.element("Reference", element), { x, width });
    const at = {
      page: writer.page,
      y: writer.y - lineHeight(SIZE.body),
      left: x + (set.lines.at(-1)?.width ?? 0),
    };
    entries.push({ destination, page: null, at, element, bold });
    writer.doc.goTo(PAGE.left, Math.min(top, at.y), PAGE_WIDTH, writer.y - Math.min(top, at.y), destination);
  };
  for (const { title, sections } of documents) {
    writer.ensure((sections.length > 0 ? 3 : 1) * lineHeight(SIZE.body));
    add(title, true);
    for (const section of sections) add(section, false);
    writer.y += 6;
  }
  return entries;
}

/** Draws the numbers of the pages, and the line that leads to them. */
export function fillContents(writer: PdfWriter, entries: readonly ContentsEntry[]): void {
  for (const { page, at, element, bold } of entries) {
    if (page === null) continue;
    writer.turnTo(at.page);
    writer.y = at.y;
    const style = {
      size: SIZE.body,
      font: bold ? "BOLD" : "REGULAR",
      color: bold ? INK.text : INK.quiet,
    } as const;
    const set = writer.set([{ text: String(page) }], NUMBER, style);
    const [line] = set.lines;
    if (!line) continue;
    writer.line(line, set, element, { x: PAGE.right - line.width, width: line.width });
    dots(writer, at.left + 6, PAGE.right - line.width - 6, at.y + lineHeight(SIZE.body) * 0.6);
  }
}

function dots(writer: PdfWriter, from: number, to: number, y: number): void {
  if (to <= from) return;
  writer.doc.markContent("Artifact", { type: "Layout" });
  writer.doc
    .save()
    .moveTo(from, y)
    .lineTo(to, y)
    .lineWidth(0.6)
    .dash(0.6, { space: 3 })
    .strokeColor(INK.rule);
  writer.doc.stroke().restore();
  writer.doc.endMarkedContent();
}

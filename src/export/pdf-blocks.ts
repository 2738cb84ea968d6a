import type { Block, Rich } from "../domain/artifact/outline-block.ts";
import { assertNever } from "../domain/assert-never.ts";
import { INK, lineHeight, PAGE, PAGE_WIDTH, SIZE } from "./pdf-page.ts";
import { drawTable } from "./pdf-table.ts";
import { heightToBegin, type PdfWriter } from "./pdf-writer.ts";

const INDENT = 16;
const GAP = 7;
/** What has to fit below a heading: the beginning of what it is the heading of. */
const FOLLOWING = 4 * lineHeight(SIZE.body);

/** Draws blocks one below the other. */
export function drawBlocks(writer: PdfWriter, blocks: readonly Block[]): void {
  for (const block of blocks) drawBlock(writer, block);
}

function drawBlock(writer: PdfWriter, block: Block): void {
  switch (block.kind) {
    case "SUBHEADING":
      drawHeading(writer, block.text, { size: SIZE.item, tag: "H3", above: 6, below: 1 });
      return;
    case "PARAGRAPH":
      drawParagraph(writer, block.text);
      return;
    case "LIST":
      drawList(writer, block.items, block.ordered);
      return;
    case "TABLE":
      drawTable(writer, block.columns, block.rows);
      writer.y += GAP + 3;
      return;
    default:
      assertNever(block);
  }
}

export interface HeadingStyle {
  readonly size: number;
  readonly tag: "H1" | "H2" | "H3";
  /** The room above and below it, in points. */
  readonly above: number;
  readonly below: number;
  readonly color?: string;
}

/**
 * Draws a heading on the page of what follows it.
 *
 * @returns where it stands on its page, in points from the top
 */
export function drawHeading(writer: PdfWriter, text: string, style: HeadingStyle): number {
  const { size, tag, above, below, color = INK.text } = style;
  const set = writer.set([{ text: text.replaceAll("\n", " ") }], PAGE_WIDTH, { size, font: "BOLD", color });
  writer.ensure(above + set.lines.length * lineHeight(size) + below + FOLLOWING);
  if (writer.y > PAGE.top) writer.y += above;
  const top = writer.y;
  writer.flow(set, writer.element(tag));
  writer.y += below;
  return top;
}

function drawParagraph(writer: PdfWriter, text: Rich): void {
  const quiet = text.every(({ style }) => style === "EMPHASIS");
  const set = writer.set(text, PAGE_WIDTH, { size: SIZE.body, color: quiet ? INK.quiet : INK.text });
  writer.flow(set, writer.element("P"));
  writer.y += GAP;
}

function drawList(writer: PdfWriter, items: readonly Rich[], ordered: boolean): void {
  const list = writer.element("L");
  const style = { size: SIZE.body } as const;
  const indent = ordered && items.length > 9 ? INDENT + 6 : INDENT;
  items.forEach((text, index) => {
    const element = writer.element("LI", list);
    const set = writer.set(text, PAGE_WIDTH - indent, style);
    const rightToLeft = set.lines[0]?.rightToLeft === true;
    writer.ensure(heightToBegin(set));
    const marker = writer.set([{ text: ordered ? `${index + 1}.` : "•" }], indent, {
      ...style,
      color: INK.accent,
    });
    const [markerLine] = marker.lines;
    if (markerLine) {
      const x = rightToLeft ? PAGE.right - markerLine.width : PAGE.left;
      writer.line(markerLine, marker, writer.element("Lbl", element), { x, width: markerLine.width });
    }
    const box = { x: rightToLeft ? PAGE.left : PAGE.left + indent, width: PAGE_WIDTH - indent };
    writer.flow(set, writer.element("LBody", element), box);
    writer.y += 3;
  });
  writer.y += GAP - 3;
}

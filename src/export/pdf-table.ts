import type { Rich } from "../domain/artifact/outline-block.ts";
import { INK, lineHeight, PAGE, PAGE_WIDTH, SIZE } from "./pdf-page.ts";
import type { Box, PdfWriter, SetText } from "./pdf-writer.ts";
import { widthsOf } from "./text-lines.ts";

/** The room beside and above the text of a cell, in points. */
const PADDING = { side: 6, top: 4 } as const;
const LINE = lineHeight(SIZE.table);

type Structure = PDFKit.PDFStructureElement;

/** Draws a table over as many pages as it needs. Its head stands on each of them, and a row that fits on a page stays whole. */
export function drawTable(
  writer: PdfWriter,
  columns: readonly string[],
  rows: readonly (readonly Rich[])[],
): void {
  const boxes = columnBoxes(writer, columns, rows);
  const table = writer.element("Table");
  const cells = (texts: readonly Rich[], font: "BOLD" | "REGULAR") =>
    boxes.map(({ width }, index) => writer.set(texts[index] ?? [], width, { size: SIZE.table, font }));
  const head = cells(
    columns.map((text) => [{ text }]),
    "BOLD",
  );
  const drawHead = (element: Structure | null) => {
    drawLines(
      writer,
      head,
      0,
      heightOf(head),
      boxes,
      element && rowElements(writer, element, "TH", boxes.length),
    );
    writer.rule(INK.accent, 1);
  };
  const first = rows[0] ? heightOf(cells(rows[0], "REGULAR")) : 0;
  const headHeight = pointsOf(heightOf(head));
  writer.ensure(headHeight + Math.min(pointsOf(first), (PAGE.bottom - PAGE.top) / 2));
  drawHead(table);
  for (const row of rows) {
    const set = cells(row, "REGULAR");
    const elements = rowElements(writer, table, "TD", boxes.length);
    const wholePage = PAGE.bottom - PAGE.top - headHeight;
    let from = 0;
    while (from < heightOf(set)) {
      const room = Math.floor((PAGE.bottom - writer.y - 2 * PADDING.top) / LINE);
      const left = heightOf(set) - from;
      if (room < left && (room < 2 || pointsOf(left) <= wholePage)) {
        writer.addPage();
        drawHead(null);
        continue;
      }
      const count = Math.min(room, left);
      drawLines(writer, set, from, count, boxes, elements);
      from += count;
    }
    writer.rule();
  }
}

function rowElements(writer: PdfWriter, table: Structure, type: "TH" | "TD", columns: number): Structure[] {
  const row = writer.element("TR", table);
  return Array.from({ length: columns }, () => writer.element(type, row));
}

/** Draws some lines of all cells of a row beside each other. A head that is repeated has no elements. */
function drawLines(
  writer: PdfWriter,
  cells: readonly SetText[],
  from: number,
  count: number,
  boxes: readonly Box[],
  elements: readonly Structure[] | null,
): void {
  const top = writer.y + PADDING.top;
  cells.forEach((cell, column) => {
    const box = boxes[column];
    if (!box) return;
    cell.lines.slice(from, from + count).forEach((line, index) => {
      writer.y = top + index * LINE;
      writer.line(line, cell, elements?.[column] ?? null, box);
    });
  });
  writer.y = top + count * LINE + PADDING.top;
}

/** The lines of the highest cell, at least one. */
function heightOf(cells: readonly SetText[]): number {
  return Math.max(1, ...cells.map(({ lines }) => lines.length));
}

function pointsOf(lines: number): number {
  return lines * LINE + 2 * PADDING.top;
}

/**
 * Columns are as wide as their text where that is short. The others get their longest word, up to a quarter of the table,
 * and share what is left by how much they hold.
 */
function columnBoxes(
  writer: PdfWriter,
  columns: readonly string[],
  rows: readonly (readonly Rich[])[],
): Box[] {
  const room = PAGE_WIDTH - columns.length * 2 * PADDING.side;
  const measure = writer.measure(SIZE.table);
  const needs = columns.map((title, index) => {
    const head = widthsOf([{ text: title }], measure, "BOLD", writer.fonts.runs);
    const cells = rows.map((row) => widthsOf(row[index] ?? [], measure, "REGULAR", writer.fonts.runs));
    const whole = Math.max(head.whole, ...cells.map((cell) => cell.whole)) + 1;
    const longest = Math.max(head.longest, ...cells.map((cell) => cell.longest)) + 1;
    const long = whole > room / columns.length;
    const mean = cells.reduce((total, cell) => total + cell.whole, 0) / Math.max(1, cells.length);
    return { least: long ? Math.min(longest, room / 4) : whole, share: long ? mean : 0 };
  });
  const left = room - needs.reduce((total, { least }) => total + least, 0);
  const shares = needs.reduce((total, { share }) => total + share, 0);
  let x: number = PAGE.left;
  return needs.map(({ least, share }) => {
    const width = least + (shares === 0 ? 0 : (left * share) / shares);
    const box = { x: x + PADDING.side, width };
    x += width + 2 * PADDING.side;
    return box;
  });
}

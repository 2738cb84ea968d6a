import PDFDocument from "pdfkit";
import type { Rich } from "../domain/artifact/outline-block.ts";
import type { FontBook } from "./font-book.ts";
import { type FontId, type FontName, pdfFont } from "./pdf-fonts.ts";
import { INK, lineHeight, PAGE, PAGE_WIDTH, SIZE } from "./pdf-page.ts";
import { type Line, linesOf, type Measure } from "./text-lines.ts";

type Structure = PDFKit.PDFStructureElement;

export interface PdfSettings {
  readonly title: string;
  readonly subject: string;
  readonly creator: string | null;
  readonly date: Date;
  /** Compressed unless somebody wants to read its source. */
  readonly compress: boolean;
  readonly fonts: FontBook;
}

export interface TextStyle {
  readonly size: number;
  readonly font?: FontName;
  readonly color?: string;
}

/** A text, broken into lines, with how it is to be drawn. */
export interface SetText {
  readonly lines: readonly Line[];
  readonly size: number;
  readonly color: string;
}

/** Where a text stands, in points. */
export interface Box {
  readonly x: number;
  readonly width: number;
}

/** What has to fit on a page for a text to begin there, in points: of three lines, no two can be parted. */
export function heightToBegin({ lines, size }: SetText): number {
  return (lines.length <= 3 ? lines.length : 2) * lineHeight(size);
}

/** Of the program's own font, for each point of size: all fonts of a line stand on its baseline. */
const ASCENT = pdfFont("REGULAR").font.ascent / pdfFont("REGULAR").font.unitsPerEm;

const BODY: Box = { x: PAGE.left, width: PAGE_WIDTH };

/** Draws lines and rules onto pages, one below the other, and keeps the tags that tell a reader what they are. */
export class PdfWriter {
  readonly doc: PDFKit.PDFDocument;
  /** Where the next thing is drawn, in points from the top. */
  y: number = PAGE.top;
  /** The number of the page that is drawn on, from 1 on. */
  page = 0;
  readonly fonts: FontBook;
  readonly #registered = new Set<FontId>();
  readonly #root: Structure;
  readonly #finished: Promise<Uint8Array>;

  constructor({ title, subject, creator, date, compress, fonts }: PdfSettings) {
    this.fonts = fonts;
    this.doc = new PDFDocument({
      size: "A4",
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      compress,
      pdfVersion: "1.7",
      tagged: true,
      lang: "en",
      // None but those that are embedded.
      font: "",
      displayTitle: true,
      info: {
        Title: title,
        Subject: subject,
        CreationDate: date,
        ModDate: date,
        ...(creator === null ? {} : { Creator: creator }),
      },
    });
    const chunks: Buffer[] = [];
    this.#finished = new Promise((resolve, reject) => {
      this.doc.on("data", (chunk: Buffer) => chunks.push(chunk));
      this.doc.on("end", () => resolve(Buffer.concat(chunks)));
      this.doc.on("error", reject);
    });
    this.#root = this.doc.struct("Document");
    this.doc.addStructure(this.#root);
  }

  addPage(): void {
    this.doc.addPage();
    this.page++;
    this.y = PAGE.top;
  }

  /** Begins a page if less than `height` points are left on this one. */
  ensure(height: number): void {
    if (this.y + height > PAGE.bottom && this.y > PAGE.top) this.addPage();
  }

  /** A part of what the document consists of: "P", "H1", "L" and so on. */
  element(type: string, parent: Structure = this.#root): Structure {
    const element = this.doc.struct(type);
    parent.add(element);
    return element;
  }

  measure(size: number): Measure {
    return (text, font) => this.#use(font).fontSize(size).widthOfString(text);
  }

  set(text: Rich, width: number, { size, font = "REGULAR", color = INK.text }: TextStyle): SetText {
    return { lines: linesOf(text, width, this.measure(size), font, this.fonts.runs), size, color };
  }

  /** Draws a text over as many pages as it needs, without leaving a line of it alone on a page. */
  flow(text: SetText, element: Structure, box: Box = BODY): void {
    const height = lineHeight(text.size);
    text.lines.forEach((line, index) => {
      const left = text.lines.length - index;
      this.ensure(index === 0 ? heightToBegin(text) : (left === 2 ? 2 : 1) * height);
      this.line(line, text, element, box);
      this.y += height;
    });
  }

  /** Draws a line at the place that is reached, which stays where it is. */
  line(
    line: Line,
    { size, color }: Omit<SetText, "lines">,
    element: Structure | null,
    { x, width }: Box,
  ): void {
    const content = element === null ? null : this.doc.markStructureContent("Span");
    if (content === null) this.doc.markContent("Artifact", { type: "Pagination" });
    let left = line.rightToLeft ? x + width - line.width : x;
    for (const piece of line.pieces) {
      this.#use(piece.font)
        .fontSize(size)
        .fillColor(color)
        .text(piece.text, left, this.y, { lineBreak: false, baseline: -ASCENT * size });
      left += piece.width;
    }
    this.doc.endMarkedContent();
    if (content !== null) element?.add(content);
  }

  /** A horizontal rule at the place that is reached. */
  rule(color: string = INK.rule, width = 0.5): void {
    this.doc.markContent("Artifact", { type: "Layout" });
    this.doc
      .moveTo(PAGE.left, this.y)
      .lineTo(PAGE.right, this.y)
      .lineWidth(width)
      .strokeColor(color)
      .stroke();
    this.doc.endMarkedContent();
  }

  /** Returns to a page that has been drawn. */
  turnTo(page: number): void {
    this.doc.switchToPage(page - 1);
    this.page = page;
  }

  /** One line of quiet text in the footer. */
  footer(text: string, side: "LEFT" | "RIGHT"): void {
    const half: Box = { x: PAGE.left, width: PAGE_WIDTH * 0.7 };
    const set = this.set([{ text }], half.width, { size: SIZE.small, color: INK.quiet });
    const [line] = set.lines;
    if (!line) return;
    this.y = PAGE.footer;
    this.line(line, set, null, side === "LEFT" ? half : { x: PAGE.right - line.width, width: line.width });
  }

  /** Ends the document and gives its bytes. */
  finish(): Promise<Uint8Array> {
    this.#root.end();
    this.doc.end();
    return this.#finished;
  }

  #use(font: FontId): PDFKit.PDFDocument {
    // PDFKit takes fontkit's fonts as they are; its types only know files and their bytes.
    if (!this.#registered.has(font)) this.doc.registerFont(font, this.fonts.font(font) as unknown as Buffer);
    this.#registered.add(font);
    return this.doc.font(font);
  }
}

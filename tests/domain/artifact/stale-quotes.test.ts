import { describe, expect, test } from "vitest";
import type { Block } from "../../../src/domain/artifact/outline-block.ts";
import { type ChangedSource, markQuotes } from "../../../src/domain/artifact/stale-quotes.ts";

const paragraph = (text: string): Block => ({ kind: "PARAGRAPH", text: [{ text }] });
const shown = (blocks: readonly Block[]) =>
  blocks.map((block) => {
    if (block.kind === "PARAGRAPH") return block.text.map(({ text }) => text).join("");
    if (block.kind === "SUBHEADING") return block.text;
    if (block.kind === "LIST") return block.items.map((item) => item.map(({ text }) => text).join(""));
    return block.rows.map((row) => row.map((cell) => cell.map(({ text }) => text).join("")));
  });
const marked = (text: string, changes: readonly ChangedSource[]) =>
  shown(markQuotes([paragraph(text)], changes))[0];

const PROMISE = "We tell every shop owner on Friday what will be sold out by Monday.";
const OTHER = "We tell every shop owner what to order.";

describe("markQuotes", () => {
  test.each([
    [
      "a whole text",
      `Our promise: “${PROMISE}” It holds.`,
      "Our promise: “We tell every shop owner on Friday what will be sold out by Monday [out of date].” It holds.",
    ],
    [
      "the beginning of one that was cut",
      "Our promise: “We tell every shop owner on Friday what …” It holds.",
      "Our promise: “We tell every shop owner on Friday what [out of date] …” It holds.",
    ],
    [
      "nothing of what is still said",
      "We tell every shop owner everything.",
      "We tell every shop owner everything.",
    ],
    ["nothing of fewer words than five", "It is sold out by then.", "It is sold out by then."],
  ])("marks %s", (_name, text, expected) => {
    expect(marked(text, [{ before: PROMISE, after: OTHER }])).toBe(expected);
  });

  test("marks a name that is called otherwise now, and no choice or short word", () => {
    const before = [{ name: "Barcode scan", description: "They scan.", priority: "HIGH" }, { name: "Tax" }];
    const after = [{ name: "Quick count", description: "They count.", priority: "LOW" }];
    const text = "First comes Barcode scan with HIGH priority, then the Tax; Barcodes scan well.";
    expect(marked(text, [{ before, after }])).toBe(
      "First comes Barcode scan [out of date] with HIGH priority, then the Tax; Barcodes scan well.",
    );
  });

  test("marks in lists, tables and headings, each row of words once", () => {
    const changes = [{ before: PROMISE, after: undefined }];
    const blocks: Block[] = [
      { kind: "LIST", ordered: false, items: [[{ text: PROMISE }], [{ text: "Other" }]] },
      { kind: "TABLE", columns: ["A"], rows: [[[{ text: `${PROMISE} ${PROMISE}` }]]] },
      { kind: "SUBHEADING", text: PROMISE },
    ];
    const told = "We tell every shop owner on Friday what will be sold out by Monday [out of date].";
    const twice = `${PROMISE} ${told}`;
    expect(shown(markQuotes(blocks, changes))).toEqual([[told, "Other"], [[twice]], told]);
  });

  test("leaves blocks alone whose sources are not known any more", () => {
    expect(markQuotes([paragraph(PROMISE)], [])).toEqual([paragraph(PROMISE)]);
  });
});

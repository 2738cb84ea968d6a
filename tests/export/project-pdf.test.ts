import fc from "fast-check";
import { getDocumentProxy } from "unpdf";
import { describe, expect, test } from "vitest";
import type { StoredContent } from "../../src/domain/artifact/content.ts";
import { documentOf } from "../../src/domain/artifact/documents.ts";
import { gateContent, lockedSections } from "../../src/domain/artifact/tier.ts";
import { type ProjectPdfInput, projectPdf } from "../../src/export/project-pdf.ts";
import { forEveryDocument } from "../domain/artifact/shop-contents.ts";

const gated = forEveryDocument((type, content) => ({
  content: gateContent(documentOf(type), content, "PARTNER"),
  locked: lockedSections(documentOf(type), "PARTNER"),
}));

const pdf = (changes: Partial<ProjectPdfInput> = {}) =>
  projectPdf({
    name: "Shelf Life",
    description: "Stock for small shops.",
    date: new Date("2026-11-21T10:00:00Z"),
    documents: gated,
    whiteLabel: false,
    ...changes,
  });
const brief = (content: StoredContent) => pdf({ documents: { BRIEF: { content, locked: [] } } });

/** Opens a file with another program than the one that wrote it. */
async function open(bytes: Uint8Array) {
  const file = await getDocumentProxy(new Uint8Array(bytes));
  const pages = await Promise.all(
    Array.from({ length: file.numPages }, async (_, index) => {
      const page = await file.getPage(index + 1);
      const { items } = await page.getTextContent();
      const lines = items.flatMap((item) =>
        "str" in item && item.str.trim() !== "" ? [{ text: item.str, y: item.transform[5] as number }] : [],
      );
      return { page, lines, text: lines.map(({ text }) => text).join(" ") };
    }),
  );
  return { file, pages, text: pages.map(({ text }) => text).join("\n") };
}

describe("the PDF of a project", () => {
  test("has a cover, a table of contents and the documents, each from a page of its own on", async () => {
    const { HOW_IT_WORKS, ...most } = gated;
    expect(HOW_IT_WORKS.content).not.toBeNull();
    const { pages } = await open(await pdf({ documents: most }));
    expect(pages.map(({ lines }) => lines[0]?.text)).toEqual([
      "Shelf Life",
      "Contents",
      "Product brief",
      "MVP scope",
      "Milestones",
      "Risk log",
      "How it works",
    ]);
    expect(pages[0]?.text).toBe("Shelf Life Stock for small shops. 21 November 2026 Made with Gatehouse");
    expect(pages[2]?.text).toContain(
      "Not part of your plan: Competitive strategy (from the CTO scale plan).",
    );
    expect(pages[6]?.text).toContain("Not written yet.");
  });

  test("says in its contents and its footers on which page things are", async () => {
    const long = Array(30).fill("We count what is on the shelf. ".repeat(12)).join("\n\n");
    const { BRIEF, ...rest } = gated;
    const content = { ...BRIEF.content, targetUser: long };
    const { file, pages } = await open(await pdf({ documents: { BRIEF: { ...BRIEF, content }, ...rest } }));
    const entries = [...(pages[1]?.page ? await pages[1].page.getAnnotations() : [])];
    expect(entries.length).toBe(5 + 6 + 4 + 4 + 4 + 4);
    const targets = await Promise.all(
      entries.map(async ({ dest }) => {
        const [page] = (await file.getDestination(String(dest))) ?? [];
        return (await file.getPageIndex(page)) + 1;
      }),
    );
    const numbers = (pages[1]?.lines ?? []).flatMap(({ text }) => (/^\d+$/.test(text) ? [Number(text)] : []));
    expect(numbers).toEqual(targets);
    expect(targets[3]).toBeGreaterThan(4);
    expect(pages[(targets[3] ?? 0) - 1]?.text).toContain("Value proposition");
    pages.slice(1).forEach(({ text }, index) => {
      expect(text).toContain(`Shelf Life ${index + 2} / ${pages.length}`);
    });
  });

  test("has bookmarks, tags, a language and a title", async () => {
    const { file, pages } = await open(await pdf());
    const outline = await file.getOutline();
    expect(outline.map(({ title, items }) => [title, items.length])).toEqual([
      ["Product brief", 6],
      ["MVP scope", 4],
      ["Milestones", 4],
      ["Risk log", 4],
      ["How it works", 4],
    ]);
    expect(await file.getMarkInfo()).toMatchObject({ Marked: true });
    const tags = JSON.stringify(await pages[3]?.page.getStructTree());
    for (const role of ["H1", "H2", "Table", "TR", "TH", "TD", "L", "LI", "LBody"]) {
      expect(tags).toContain(`"role":"${role}"`);
    }
    const { info } = await file.getMetadata();
    expect(info).toMatchObject({ Title: "Shelf Life", CreationDate: "D:20261121100000Z", Language: "en" });
  });

  test("is the same for the same input", async () => {
    expect(Buffer.compare(await pdf(), await pdf())).toBe(0);
  });

  test("does not say what made it under a white label", async () => {
    const names = /gatehouse|g\0a\0t\0e\0h|\0g\0a\0t\0e\0h/i;
    for (const [whiteLabel, says] of [
      [true, false],
      [false, true],
    ] as const) {
      const bytes = await pdf({ whiteLabel, compress: false });
      const { file, text } = await open(bytes);
      const { info } = await file.getMetadata();
      expect(names.test(Buffer.from(bytes).toString("latin1"))).toBe(says);
      expect(names.test(text + JSON.stringify(info))).toBe(says);
    }
  });
});

test("a step of the user journey has its title and what happens in it on lines of their own", async () => {
  const userJourney = [{ stepNumber: 1, title: "They come to trust", description: "One of them counts." }];
  const { pages } = await open(
    await pdf({ documents: { HOW_IT_WORKS: { content: { userJourney }, locked: [] } } }),
  );
  const heights = (letter: string) =>
    pages.flatMap(({ lines }) => lines.flatMap(({ text, y }) => (text.includes(letter) ? [y] : [])));
  expect(heights("They come to trust")[0]).toBeGreaterThan(heights("One of them counts.")[0] ?? Infinity);
});

describe("long content", () => {
  test("has every row of a table, and its head on every page of it", async () => {
    const coreFeatures = Array.from({ length: 100 }, (_, index) => ({
      name: `Feature-${index}.`,
      description: "They count. ".repeat((index * 7) % 40),
      priority: "LOW",
    }));
    const documents = { MVP_SCOPE: { content: { coreFeatures }, locked: [] } };
    const { pages } = await open(await pdf({ documents }));
    const rows = pages.flatMap(({ lines }) =>
      lines.map(({ text }) => text).filter((text) => /^Feature-/.test(text)),
    );
    expect(rows).toEqual(coreFeatures.map(({ name }) => name));
    const withRows = pages.filter(({ text }) => text.includes("Feature-"));
    expect(withRows.length).toBeGreaterThan(3);
    for (const { text } of withRows) expect(text).toMatch(/Name\s+Description\s+Priority/);
  });

  test("goes on in the next page when a cell is higher than a page", async () => {
    const description = Array.from({ length: 3_000 }, (_, index) => `w${index}`).join(" ");
    const coreFeatures = [{ name: "A", description, priority: "LOW" }];
    const { text } = await open(
      await pdf({ documents: { MVP_SCOPE: { content: { coreFeatures }, locked: [] } } }),
    );
    expect(text.match(/\bw\d+/g)).toEqual(description.split(" "));
  });

  test("breaks a text without spaces, and loses none of it", async () => {
    const { pages, text } = await open(await brief({ problemStatement: "x".repeat(8_000) }));
    expect(text.match(/x{20,}/g)?.join("").length).toBe(8_000);
    expect(pages.length).toBeGreaterThan(6);
  });

  test("leaves the footer free", async () => {
    const problemStatement = Array(200).fill("We count. ".repeat(20)).join("\n\n");
    const { pages } = await open(await brief({ problemStatement }));
    for (const { lines } of pages.slice(1)) {
      expect(lines.filter(({ y }) => y < 60).length).toBe(2);
      expect(Math.min(...lines.map(({ y }) => y))).toBeGreaterThan(30);
    }
  });

  test("keeps a heading on the page of what follows it", async () => {
    for (let lines = 30; lines < 45; lines++) {
      const content = {
        problemStatement: Array(lines).fill("We count.").join("\n"),
        targetUser: "Owners of shops.",
      };
      const { pages } = await open(await brief(content));
      const page = pages.slice(2).find(({ text }) => text.includes("Target user"));
      expect(page?.text).toContain("Owners of shops.");
    }
  });
});

describe("any letters", () => {
  test("are shown where the fonts have them", async () => {
    const { text } = await open(
      await brief({ problemStatement: "Zürich, Ελληνικά, Кириллица, Հայերեն, €, →" }),
    );
    expect(text).toContain("Zürich, Ελληνικά, Кириллица, Հայերեն, €, →");
  });

  test("are replaced, one for one, where the fonts do not", async () => {
    const { text } = await open(await brief({ problemStatement: "a 中文 b 👩‍👩‍👧‍👦 c 🇩🇪 d" }));
    expect(text).toContain("a �� b � c � d");
  });

  test("begin at the right where they are read from right to left", async () => {
    const { pages } = await open(await brief({ problemStatement: "שלום עולם", targetUser: "Owners" }));
    const items = (await pages[2]?.page.getTextContent())?.items ?? [];
    const end = (letter: RegExp) => {
      const item = items.find((item) => "str" in item && letter.test(item.str));
      return item && "str" in item ? Math.round((item.transform[4] as number) + item.width) : Number.NaN;
    };
    expect(end(/ש/)).toBe(531);
    expect(end(/Owners/)).toBeLessThan(120);
  });

  test("make a file, whatever they are", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const content = fc.record({
      problemStatement: text,
      differentiationPoints: fc.array(text, { maxLength: 3 }),
      marketAnalysis: fc.constantFrom(null, 5, true, "", [], [[]], [{}], [{ a: [{ b: null }] }], { c: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(text, content, async (name, content) => {
        const bytes = await pdf({ name, description: name, documents: { BRIEF: { content, locked: [] } } });
        expect((await getDocumentProxy(new Uint8Array(bytes))).numPages).toBe(7);
      }),
      { numRuns: 25 },
    );
  });
});

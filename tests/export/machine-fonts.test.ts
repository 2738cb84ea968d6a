import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, test } from "vitest";
import { type KnownFonts, listFaces } from "../../src/export/machine-fonts.ts";
import { makeProjectPdf } from "../../src/export/project-pdf.ts";
import { fontDirectory, madeFont, spoilt, without } from "./support/made-font.ts";

const CHINESE = madeFont("中文");
const EMOJI = madeFont("🚀👩👧\u200d");

/** What a reader sees of a PDF whose one section says that, with fonts from these places. */
async function read(text: string, fontPlaces: readonly string[], knownFonts: KnownFonts = new Map()) {
  const made = await makeProjectPdf({
    name: "Shelf Life",
    description: "",
    date: new Date("2026-11-21T10:00:00Z"),
    documents: { BRIEF: { content: { problemStatement: text }, locked: [] } },
    whiteLabel: false,
    fontPlaces,
    knownFonts,
  });
  const file = await getDocumentProxy(new Uint8Array(made.bytes));
  const { text: shown } = await extractText(file, { mergePages: true });
  return { ...made, shown: shown.replace(/\s+/g, " ") };
}

function directoryWith(files: Readonly<Record<string, Buffer>>): string {
  const directory = fontDirectory();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
  return directory;
}

describe("characters that the program's fonts lack", () => {
  test("are shown in fonts of the machine, each in one that has it", async () => {
    const directory = directoryWith({ "chinese.ttf": CHINESE, "emoji.ttf": EMOJI });
    const { shown } = await read("a 中文 b 🚀👧 c 中🚀文 d", [directory]);
    expect(shown).toContain("a 中文 b 🚀👧 c 中🚀文 d");
    expect(shown).not.toContain("could not be shown");
  });

  test("are shown in a font that is named itself, and in one of a directory within", async () => {
    const directory = fontDirectory();
    mkdirSync(join(directory, "noto"));
    writeFileSync(join(directory, "noto", "emoji.TTF"), EMOJI);
    const named = join(fontDirectory(), "chinese.ttf");
    writeFileSync(named, CHINESE);
    expect((await read("中 🚀👧", [directory, named])).shown).toContain("中 🚀👧");
  });

  test("without their joiners where a font draws only the parts", async () => {
    const directory = directoryWith({ "emoji.ttf": madeFont("👩👧") });
    const { shown } = await read("a 👩‍👧 b", [directory]);
    expect(shown).toContain("a 👩👧 b");
  });

  test("are named at the end where no font has them, with how often", async () => {
    const { shown } = await read("a 中文 b 文 c ཀ", [directoryWith({ "chinese.ttf": madeFont("中") })]);
    expect(shown).toContain("a 中� b � c �");
    expect(shown).toContain("Characters that could not be shown");
    expect(shown).toContain("“�” stands for each of them: U+6587 (2 times), U+0F40.");
  });

  test("are not listed without end", async () => {
    const letters = Array.from({ length: 500 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join("");
    const { shown } = await read(letters, []);
    expect(shown).toContain("U+4E00, U+4E01");
    expect(shown).toContain(", and 380 more.");
  });
});

describe("a file that is no usable font", () => {
  test.each<[string, Buffer]>([
    ["empty", Buffer.alloc(0)],
    ["no font at all", Buffer.from("This is no font.")],
    ["cut off", CHINESE.subarray(0, 20_000)],
    ["without outlines", without(CHINESE, "glyf")],
    ["with a spoilt directory", Buffer.concat([CHINESE.subarray(0, 4), Buffer.alloc(4_000, 0xff)])],
    ["with spoilt outlines", spoilt(CHINESE, "glyf")],
    ["with spoilt places of outlines", spoilt(CHINESE, "loca")],
    ["with a spoilt table of characters", spoilt(CHINESE, "cmap")],
    ["with spoilt widths", spoilt(CHINESE, "hmtx")],
    ["with a spoilt head", spoilt(CHINESE, "head")],
    ["with spoilt substitutions", spoilt(CHINESE, "GSUB")],
  ])("%s does no harm, and a good one beside it is used", async (_name, bytes) => {
    const { shown } = await read("a 中 b 🚀👧", [directoryWith({ "a-bad.ttf": bytes, "good.ttf": EMOJI })]);
    expect(shown).toContain("a � b 🚀👧");
    expect(shown).toContain("stands for each of them: U+4E2D.");
  });

  test("a directory of that name, a broken link and a place that is not there do no harm", async () => {
    const directory = directoryWith({ "good.ttf": CHINESE });
    mkdirSync(join(directory, "folder.ttf"));
    symlinkSync(join(directory, "nowhere"), join(directory, "link.ttf"));
    expect((await read("中", [join(directory, "gone"), directory])).shown).toContain("中");
  });
});

describe("what is known of the machine's fonts", () => {
  test("is found out only when a document needs it", async () => {
    const directory = directoryWith({ "chinese.ttf": CHINESE });
    expect((await read("Plain", [directory])).knownFonts).toBeNull();
    expect([...((await read("中", [directory])).knownFonts ?? [])].map(([file]) => file)).toEqual([
      join(directory, "chinese.ttf"),
    ]);
  });

  test("is kept while the file is the same, and found out again when it has changed", async () => {
    const directory = directoryWith({ "font.ttf": CHINESE });
    const file = join(directory, "font.ttf");
    const first = listFaces([directory], new Map());
    expect(listFaces([directory], first).get(file)).toBe(first.get(file));
    writeFileSync(file, EMOJI);
    utimesSync(file, 1, 1);
    const later = listFaces([directory], first);
    expect(later.get(file)).not.toBe(first.get(file));
    expect((await read("🚀", [directory], first)).shown).toContain("🚀");
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const DEJAVU = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
const LETTER_A = 36;

/**
 * A font that has these characters and no other, each drawn as a letter: DejaVu Sans with another table of characters,
 * at the end of the file.
 */
export function madeFont(characters: string): Buffer {
  const font = Buffer.from(readFileSync(DEJAVU));
  const points = [...new Set(characters)].map((each) => each.codePointAt(0) ?? 0).sort((a, b) => a - b);
  const table = Buffer.alloc(12 + 16 + 12 * points.length);
  // One subtable: Windows, full Unicode, in format 12: groups of a first and a last code point and a glyph.
  for (const [at, value] of [
    [2, 1],
    [4, 3],
    [6, 10],
    [12, 12],
  ] as const)
    table.writeUInt16BE(value, at);
  table.writeUInt32BE(12, 8);
  table.writeUInt32BE(16 + 12 * points.length, 16);
  table.writeUInt32BE(points.length, 24);
  points.forEach((point, index) => {
    const at = 28 + 12 * index;
    table.writeUInt32BE(point, at);
    table.writeUInt32BE(point, at + 4);
    table.writeUInt32BE(LETTER_A + (index % 26), at + 8);
  });
  const entry = entryOf(font, "cmap");
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0;
  font.writeUInt32BE(sum, entry + 4);
  font.writeUInt32BE(font.length, entry + 8);
  font.writeUInt32BE(table.length, entry + 12);
  return Buffer.concat([font, table]);
}

/** The same font with nonsense for a table of it. */
export function spoilt(font: Buffer, table: string): Buffer {
  const copy = Buffer.from(font);
  const entry = entryOf(copy, table);
  const start = copy.readUInt32BE(entry + 8);
  copy.fill(0xee, start, start + copy.readUInt32BE(entry + 12));
  return copy;
}

/** The same font without a table. */
export function without(font: Buffer, table: string): Buffer {
  const copy = Buffer.from(font);
  copy.write("none", entryOf(copy, table), "latin1");
  return copy;
}

/** A directory that is there until the test is over. */
export function fontDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-fonts-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Where in a font's directory of tables the entry of one stands. */
function entryOf(font: Buffer, table: string): number {
  const count = font.readUInt16BE(4);
  const entries = Array.from({ length: count }, (_, index) => 12 + 16 * index);
  const entry = entries.find((at) => font.toString("latin1", at, at + 4) === table);
  if (entry === undefined) throw new Error(`The font has no table ${table}.`);
  return entry;
}

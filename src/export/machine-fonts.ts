import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { extname, join } from "node:path";
import { create, type Font } from "fontkit";

/** Where fonts are unless told, on Linux, macOS and Windows. */
const USUAL_PLACES = [
  "/usr/share/fonts",
  "/usr/local/share/fonts",
  join(homedir(), ".fonts"),
  join(homedir(), ".local/share/fonts"),
  "/System/Library/Fonts",
  "/Library/Fonts",
  join(homedir(), "Library/Fonts"),
  "C:\\Windows\\Fonts",
];
const EXTENSIONS: readonly string[] = [".ttf", ".otf", ".ttc", ".otc"];
/** More files are not looked at, nor larger ones. */
const MAX_FILES = 3_000;
const MAX_BYTES = 64 * 1_048_576;
/** For so long files are read for one document; the next one goes on. */
const MAX_MS = 20_000;

/** A font of a file, as far as choosing one goes. */
export interface Face {
  readonly file: string;
  /** Its place in a collection; 0 in any other file. */
  readonly place: number;
  readonly name: string;
  readonly bold: boolean;
  readonly italic: boolean;
  /** The code points that it has: the first and the last of each range, one after the other. */
  readonly ranges: Uint32Array;
}

/** What is known of a font file. A file that is none, or a broken one, has no faces. */
export interface KnownFile {
  readonly size: number;
  readonly changedAt: number;
  readonly faces: readonly Face[];
}
/** The files that were read, by their paths. They are read again when they change. */
export type KnownFonts = ReadonlyMap<string, KnownFile>;

/**
 * The faces of the font files in these directories and of these files, in the order of their paths. No file, whatever is
 * in it, makes it throw: one that cannot be read has no faces.
 *
 * @param places null: the usual ones of the machine
 */
export function listFaces(places: readonly string[] | null, known: KnownFonts): KnownFonts {
  const files = new Map<string, KnownFile>();
  const until = performance.now() + MAX_MS;
  for (const file of (places ?? USUAL_PLACES).flatMap(filesIn).slice(0, MAX_FILES)) {
    const stat = statOf(file);
    if (stat === null || stat.size > MAX_BYTES) continue;
    const { size, mtimeMs: changedAt } = stat;
    const earlier = known.get(file);
    const isSame = earlier?.size === size && earlier.changedAt === changedAt;
    if (isSame) files.set(file, earlier);
    else if (performance.now() < until) files.set(file, { size, changedAt, faces: facesOf(file) });
  }
  return files;
}

/** Reads the font of a face. @returns null when that is not possible any more */
export function readFace({ file, place }: Pick<Face, "file" | "place">): Font | null {
  try {
    return fontsOf(readFileSync(file))[place] ?? null;
  } catch {
    return null;
  }
}

/** Whether a face has a character, by halving its ranges. */
export function hasCodePoint({ ranges }: Pick<Face, "ranges">, codePoint: number): boolean {
  let [low, high] = [0, ranges.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (ranges[2 * middle] ?? 0)) high = middle - 1;
    else if (codePoint > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

function filesIn(place: string): string[] {
  if (EXTENSIONS.includes(extname(place).toLowerCase())) return [place];
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && EXTENSIONS.includes(extname(entry.name).toLowerCase()))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

function statOf(file: string) {
  try {
    const stat = statSync(file);
    return stat.isFile() ? stat : null;
  } catch {
    return null;
  }
}

function facesOf(file: string): Face[] {
  try {
    // Faces of a collection often have the same table of characters, which is the slow part to read.
    const tables = new Map<number, Uint32Array>();
    const checked = new Map<number, boolean>();
    const bytes = readFileSync(file);
    return fontsOf(bytes).flatMap((font, place) => {
      const face = faceOf(font, bytes, { file, place }, tables, checked);
      return face ? [face] : [];
    });
  } catch {
    return [];
  }
}

function fontsOf(bytes: Buffer): Font[] {
  const opened = create(bytes);
  return "fonts" in opened ? opened.fonts : [opened];
}

interface Table {
  readonly checkSum: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Whether the tables are what their checksums say: reading a spoilt one can take all time and all memory. Not the head's,
 * which has one of the whole file in it.
 *
 * @param checked what is known of tables already, by their places: the faces of a collection share most of them
 */
function areWhole(bytes: Buffer, tables: Readonly<Record<string, Table>>, checked: Map<number, boolean>) {
  return Object.entries(tables).every(([tag, { checkSum, offset, length }]) => {
    if (tag === "head") return true;
    const isWhole = checked.get(offset) ?? sumOf(bytes, offset, length) === checkSum;
    checked.set(offset, isWhole);
    return isWhole;
  });
}

/** The sum of the table's 32-bit words; null when it ends behind the file. */
function sumOf(bytes: Buffer, offset: number, length: number): number | null {
  if (offset + length > bytes.length) return null;
  let sum = 0;
  const end = offset + length - (length % 4);
  for (let at = offset; at < end; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  for (let at = end; at < offset + length; at++)
    sum = (sum + ((bytes[at] ?? 0) << (24 - 8 * (at - end)))) >>> 0;
  return sum;
}

/** Null for a font without outlines: coloured pictures cannot be put into a PDF. */
function faceOf(
  font: Font,
  bytes: Buffer,
  { file, place }: Pick<Face, "file" | "place">,
  tables: Map<number, Uint32Array>,
  checked: Map<number, boolean>,
): Face | null {
  const { directory } = font as unknown as {
    directory: { tables: Readonly<Record<string, Table>> };
  };
  if (!("glyf" in directory.tables || "CFF " in directory.tables)) return null;
  const characters = directory.tables.cmap;
  if (!characters || !areWhole(bytes, directory.tables, checked)) return null;
  const table = characters.offset;
  const ranges = tables.get(table) ?? rangesOf(font.characterSet);
  tables.set(table, ranges);
  const name = font.postscriptName ?? "";
  const weight = font["OS/2"]?.usWeightClass ?? 400;
  const style = `${name} ${font.subfamilyName ?? ""}`;
  return {
    file,
    place,
    name,
    bold: weight >= 600,
    italic: font.italicAngle !== 0 || /italic|oblique/i.test(style),
    ranges,
  };
}

function rangesOf(characters: readonly number[]): Uint32Array {
  const ranges: number[] = [];
  for (const codePoint of [...new Set(characters)].sort((a, b) => a - b)) {
    if (ranges.at(-1) === codePoint - 1) ranges[ranges.length - 1] = codePoint;
    else ranges.push(codePoint, codePoint);
  }
  return Uint32Array.from(ranges);
}

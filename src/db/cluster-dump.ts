import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const BLOCK = 512;
/** What a ustar header's name field holds. PostgreSQL's names are a third of it. */
const LONGEST_NAME = 100;

/**
 * The files of a database that nobody has open, as the tar that PGlite's `dumpDataDir` makes and its `loadDataDir` takes.
 * One that was closed comes up without replaying its log, which a dump of an open one has to.
 */
export function clusterDump(directory: string): Buffer {
  const parts: Buffer[] = [];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // PGlite strips the slash that its own dumps have in front.
    const name = path.slice(join(directory, "/").length - 1).replaceAll("\\", "/");
    if (entry.isDirectory()) {
      parts.push(header(`${name}/`, 0, "5"));
    } else if (entry.isFile()) {
      const content = readFileSync(path);
      parts.push(header(name, content.length, "0"), content);
      parts.push(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
    }
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

function header(name: string, size: number, type: "0" | "5"): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new Error(`${name} is too long a name for a dump.`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  block.write(name, 0);
  block.write(type === "5" ? "0000700" : "0000600", 100);
  block.write("0000000", 108);
  block.write("0000000", 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

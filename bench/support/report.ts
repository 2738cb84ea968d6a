import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import type { Database } from "../../src/db/database.ts";

export type Cell = string | number;

/** Prints rows under their columns; numbers to the right, with three significant digits where they are small. */
export function printTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const texts = rows.map((row) => row.map(cellText));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...texts.map((row) => row[at]?.length ?? 0)),
  );
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => (numeric[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join(" | ")} |`;
  console.log(line(columns));
  console.log(
    `|${widths.map((width, at) => `${"-".repeat(width + 1)}${numeric[at] ? ":" : "-"}`).join("|")}|`,
  );
  for (const row of texts) console.log(line(row));
  console.log();
}

/** Prints what the figures belong to: the versions, the machine, and how busy it was with other things. */
export async function printSetting({ engine, prisma }: Database): Promise<void> {
  const [server] = await prisma.$queryRaw<{ server_version: string }[]>`SHOW server_version`;
  const [cpu] = cpus();
  const versions = ["@prisma/client", "@pothos/core", "graphql", "graphql-yoga", "ws", "pg"].map(versionOf);
  const embedded = engine === "pglite" ? `, embedded (${versionOf("@electric-sql/pglite")})` : "";
  console.log(
    `PostgreSQL ${server?.server_version}${embedded} · Node ${process.versions.node} · ${versions.join(" · ")}`,
  );
  console.log(
    `${cpus().length} × ${cpu?.model.trim()} · ${Math.round(totalmem() / 2 ** 30)} GB · Linux ${release()} · ` +
      `load average at the end ${loadavg()[0]?.toFixed(1)} · ${new Date().toISOString().slice(0, 10)}\n`,
  );
}

function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell) || Math.abs(cell) >= 100) return Math.round(cell).toLocaleString("en");
  return cell.toPrecision(3);
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${(JSON.parse(readFileSync(file, "utf8")) as { version: string }).version}`;
}

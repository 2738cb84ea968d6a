import { styleText } from "node:util";
import stringWidth from "string-width";

/** A column of names beside a column of numbers, under a heading, with their sum. */
export function countTable(heading: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  const total = sum(counts);
  const rows = [...entries, ["total", total] as const].map(([name, count]) => [name, format(count)] as const);
  const nameWidth = Math.max(heading.length, ...rows.map(([name]) => stringWidth(name)));
  const countWidth = Math.max(...rows.map(([, count]) => count.length));
  const line = (name: string, count: string) => `${padEnd(name, nameWidth)}  ${count.padStart(countWidth)}`;
  const rule = "─".repeat(nameWidth + 2 + countWidth);
  return [
    styleText("bold", heading),
    rule,
    ...rows.slice(0, -1).map(([name, count], i) => {
      const text = line(name, count);
      return entries[i]?.[1] === 0 ? styleText("dim", text) : text;
    }),
    ...(entries.length > 0 ? [rule] : []),
    line(...(rows.at(-1) ?? ["total", "0"])),
  ].join("\n");
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Filled up with spaces to that many columns of a terminal. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

const NUMBERS = new Intl.NumberFormat("en", { useGrouping: "always" });

function format(count: number): string {
  return NUMBERS.format(count);
}

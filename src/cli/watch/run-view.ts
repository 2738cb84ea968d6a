import { styleText } from "node:util";
import stringWidth from "string-width";
import { plainLine } from "../../domain/plain-line.ts";
import { truncate } from "../client/printable.ts";
import { padEnd } from "../table.ts";
import type { WatchedRun, WatchedWorkstream } from "./operations.ts";
import { bar, progress } from "./progress.ts";

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  DONE: "green",
  COMPLETED: "green",
  FAILED: "red",
  ABANDONED: "red",
  PARTIAL: "yellow",
  BLOCKED: "yellow",
  PENDING: "dim",
  READY: "dim",
};
/** What is looked at first, after the states in which somebody works. */
const INTEREST = ["FAILED", "BLOCKED", "READY", "PENDING", "ABANDONED", "DONE"];
/** How much of the terminal the bars may take; the rest shows events. */
const SHARE = 0.6;
const STATUS_COLUMNS = "RUNTIME_CHECK".length;
const MOST_KEY_COLUMNS = 24;

export interface Space {
  readonly columns: number;
  readonly rows: number;
}

/** A run as a block of lines that fits the terminal: its state, and a bar for each workstream. */
export function runView(run: WatchedRun, space: Space): string[] {
  const { workstreams } = run;
  const done = workstreams.filter(({ status }) => status === "DONE").length;
  const count = `${run.status}  ${done} of ${workstreams.length} done`;
  const title = truncate(plainLine(run.title), space.columns - stringWidth(count) - 2);
  const { shown, hidden } = choose(workstreams, Math.max(3, Math.floor(space.rows * SHARE)));
  const keyColumns = Math.min(MOST_KEY_COLUMNS, Math.max(0, ...shown.map(({ key }) => stringWidth(key))));
  return [
    `${styleText("bold", title)}  ${styleText(styleOf(run.status), truncate(count, space.columns - 2))}`,
    ...shown.map((workstream) => workstreamLine(workstream, keyColumns, space.columns)),
    ...(hidden.length > 0 ? [styleText("dim", truncate(summary(hidden), space.columns))] : []),
  ];
}

/** Where not all fit: those that are worked on, then what is in the way, then what comes next; in their own order. */
function choose(workstreams: readonly WatchedWorkstream[], rows: number) {
  if (workstreams.length <= rows) return { shown: workstreams, hidden: [] };
  const byInterest = workstreams.toSorted((a, b) => INTEREST.indexOf(a.status) - INTEREST.indexOf(b.status));
  const chosen = new Set(byInterest.slice(0, rows - 1));
  return {
    shown: workstreams.filter((each) => chosen.has(each)),
    hidden: workstreams.filter((each) => !chosen.has(each)),
  };
}

function summary(hidden: readonly WatchedWorkstream[]): string {
  const counts = Object.entries(Object.groupBy(hidden, ({ status }) => status));
  return `  and ${hidden.length} more: ${counts.map(([status, all]) => `${all?.length} ${status}`).join(", ")}`;
}

function workstreamLine(workstream: WatchedWorkstream, keyColumns: number, columns: number): string {
  const { key, status } = workstream;
  const parts = bar(progress(workstream), columns < 80 ? 10 : 20);
  const name = padEnd(truncate(plainLine(key), keyColumns), keyColumns);
  const fixed = `  ${name}  ${parts.bar} ${parts.percent}  ${padEnd(status, STATUS_COLUMNS)}`;
  const room = columns - stringWidth(fixed) - 2;
  if (room < 0) return truncate(fixed, columns);
  const style = styleOf(status);
  return [
    `  ${name}  ${styleText(style, parts.bar)} ${parts.percent}`,
    styleText(style, padEnd(status, STATUS_COLUMNS)),
    styleText("dim", truncate(plainLine(note(workstream)), room)),
  ].join("  ");
}

/** What one would ask next: at which step it is and who works on it, or what it waits for. */
function note({ status, steps, attempts, blockedBy, dependsOn, leaseHolder, replacedBy }: WatchedWorkstream) {
  if (replacedBy) return `replaced by ${replacedBy.key}`;
  if (status === "BLOCKED" && blockedBy === "ESCALATION") return "waits for an answer";
  if (status === "BLOCKED" && blockedBy !== "DEPENDENCY") return "held back";
  if (status === "PENDING" || status === "BLOCKED") {
    const waitsFor = dependsOn.filter((each) => each.status !== "DONE").map(({ key }) => key);
    return waitsFor.length > 0 ? `waits for ${waitsFor.join(", ")}` : "";
  }
  const newest = attempts.nodes.at(-1);
  if (newest === undefined || status === "DONE") return leaseHolder ?? "";
  const place = steps.indexOf(newest.step);
  const step = place >= 0 ? `${newest.step} (${place + 1} of ${steps.length})` : newest.step;
  const outcome = newest.status === "FAILURE" ? " failed" : "";
  return [`${step}${outcome}`, leaseHolder].filter(Boolean).join(", ");
}

function styleOf(status: string): Style {
  return STYLES[status] ?? "cyan";
}

import { styleText } from "node:util";
import { plainLine } from "../../domain/plain-line.ts";
import type { WatchedEvent } from "../client/event.ts";

const TYPE_COLUMNS = "workstream_transition".length;

/**
 * One event as one line: when, its place in the project's log, what, and by whom.
 * @param isLive for somebody who looks on: the time of day is enough.
 */
export function eventLine(event: WatchedEvent, isLive: boolean): string {
  const { createdAt, sequence, type, actor, reason } = event;
  const time = isLive ? new Date(createdAt).toLocaleTimeString("en-GB") : createdAt;
  const what = plainLine(joinSentences(whatHappened(event), reason ?? ""));
  return [
    styleText("dim", `${time} ${`#${sequence}`.padStart(5)}`),
    styleText(isTrouble(event) ? "red" : "cyan", type.padEnd(TYPE_COLUMNS)),
    ...(what === "" ? [] : [what]),
    styleText("dim", `(${actor})`),
  ].join(" ");
}

/** With a colon between them, unless the first is a sentence already. */
function joinSentences(first: string, second: string): string {
  if (first === "" || second === "") return first + second;
  return /[.!?]$/.test(first) ? `${first} ${second}` : `${first}: ${second}`;
}

function isTrouble({ type, toState }: WatchedEvent): boolean {
  return /_rejected$|^error_|_expired$/.test(type) || toState === "FAILED" || toState === "FAILURE";
}

/** What it is about, and what became of that. */
function whatHappened(event: WatchedEvent): string {
  const { workstream, run, gate, risk, keys, detail } = event;
  const about = workstream?.key ?? run?.title ?? gate?.gateType ?? risk?.message ?? keys?.join(", ");
  const from = event.fromState ?? event.fromStage;
  const to = event.toState ?? event.toStage;
  const { step, errorCode, count, decision, agent } = detail;
  // Of a step everybody knows where it came from.
  const move = from && to && step === undefined ? `${from} → ${to}` : to;
  // What an agent tells has a type of its own.
  const told = event.type === "run_event" ? detail.type : undefined;
  const times = errorCode !== undefined && Number(count) > 1 ? `${count} times` : undefined;
  const by = agent === undefined || agent === null ? undefined : `by ${agent}`;
  return [about, step, told, errorCode, times, move ?? decision, by].filter((word) => word != null).join(" ");
}

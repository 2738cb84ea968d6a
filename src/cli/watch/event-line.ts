import { styleText } from "node:util";
import type { WatchedEvent } from "./operations.ts";
import { printable } from "./printable.ts";

/** One event as one line: when, its place in the log, what, and by whom. */
export function eventLine(event: WatchedEvent): string {
  const { createdAt, sequence, type, actor, reason } = event;
  return [
    styleText("dim", createdAt.slice(11, 19)),
    styleText("dim", `#${sequence}`.padStart(6)),
    typeOf(type),
    printable([whatHappened(event), reason].filter(Boolean).join(": ")),
    styleText("dim", `(${actor})`),
  ]
    .filter(Boolean)
    .join(" ");
}

function typeOf(type: string): string {
  return /_rejected$|^error/.test(type) ? styleText("red", type) : styleText("cyan", type);
}

function whatHappened(event: WatchedEvent): string {
  const { workstream, run, gate, risk, keys, detail } = event;
  const about = workstream?.key ?? run?.title ?? gate?.gateType ?? risk?.message ?? keys?.join(", ") ?? "";
  const from = event.fromState ?? event.fromStage;
  const to = event.toState ?? event.toStage;
  const move = from && to ? `${from} → ${to}` : (to ?? step(detail) ?? detail.decision ?? "");
  return [about, String(move)].filter(Boolean).join(" ");
}

function step({ step, status }: WatchedEvent["detail"]): string | undefined {
  if (typeof step !== "string") return undefined;
  return typeof status === "string" ? `${step} ${status}` : step;
}

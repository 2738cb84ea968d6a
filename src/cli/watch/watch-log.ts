import { styleText } from "node:util";
import { escapeUnseen, plainLine } from "../../domain/plain-line.ts";
import { ConnectionLost, type Endpoint } from "../client/endpoint.ts";
import type { WatchedEvent } from "../client/event.ts";
import { follow } from "../client/follow.ts";
import { truncate } from "../client/printable.ts";
import { eventLine } from "./event-line.ts";
import { liveValue } from "./live-value.ts";
import type { LogHead, WatchedRun } from "./operations.ts";
import { runView, type Space } from "./run-view.ts";
import { canDraw, openLiveScreen, openPlainScreen } from "./screen.ts";

/** How many past events are shown first, unless told where to begin. */
export const PAST_EVENTS = 10;

export interface WatchOptions {
  readonly endpoint: Endpoint;
  /** The GraphQL id of what is watched. */
  readonly id: string;
  /** The cursor of the last event that was seen, wherever that was. */
  readonly after: string | undefined;
  readonly fromStart: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/**
 * What is left of a log after a cursor: `open`, nobody knows; `read`, nothing ever; `ends`, the events up to that cursor.
 */
export type Rest =
  | { readonly kind: "open" }
  | { readonly kind: "read" }
  | { readonly kind: "ends"; readonly cursor: string };

export interface WatchedLog {
  readonly head: LogHead;
  /** The subscription to its events. */
  readonly subscription: string;
  /** The run that is shown below the events, as it is now. */
  readonly loadRun: () => Promise<WatchedRun | null>;
  readonly loadRest: (cursor: string) => Promise<Rest>;
}

/** Shows the events of a log until it is over or the signal is aborted, with the run as it is now below them. */
export async function watchLog(options: WatchOptions, log: WatchedLog): Promise<void> {
  const { endpoint, id, json, signal } = options;
  const over = new AbortController();
  const { past, after } = beginning(options, log.head);
  let cursor = after;
  let endCursor: string | null = null;
  let trouble: string | null = null;
  let refusal: unknown;

  const isLive = canDraw(process.stdout) && !json;
  const run = liveValue(log.loadRun, () => screen.update());
  const screen = isLive ? openLiveScreen(process.stdout, below) : openPlainScreen(process.stdout);

  function below(space: Space): string[] {
    const view = run.value === null ? [] : runView(run.value, space);
    const line =
      trouble === null
        ? []
        : [styleText("yellow", truncate(`connection lost (${trouble}): trying again`, space.columns))];
    return ["", ...view, ...line];
  }

  function show(event: WatchedEvent): void {
    screen.print(json ? escapeUnseen(JSON.stringify(event)) : eventLine(event, isLive));
    if (isLive) run.refresh();
  }

  function tell(news: string | null): void {
    if (!isLive && news !== null && trouble === null)
      console.error(`connection lost (${news}): trying again`);
    if (!isLive && news === null && trouble !== null) console.error("connected again");
    trouble = news;
    screen.update();
  }

  /** The end of a log may have passed unseen while there was no connection, so each one asks for it. */
  async function lookForEnd(): Promise<void> {
    for (;;) {
      const asked = cursor;
      const rest = await log.loadRest(asked);
      if (rest.kind === "open") return;
      if (rest.kind === "read") return over.abort();
      // Events have come meanwhile, the last one perhaps among them.
      if (cursor !== asked) continue;
      endCursor = rest.cursor;
      return;
    }
  }

  async function onConnected(): Promise<void> {
    tell(null);
    if (isLive) run.refresh();
    await lookForEnd().catch(forgiveLoss);
  }

  function refuse(error: unknown): void {
    refusal = error;
    over.abort();
  }

  try {
    for (const event of past) show(event);
    const followed = follow({
      endpoint,
      query: log.subscription,
      variables: { id },
      after,
      onConnected: () => void onConnected().catch(refuse),
      signal: AbortSignal.any([signal, over.signal]),
    });
    for await (const each of followed) {
      if (each.kind === "event") {
        cursor = each.event.cursor;
        show(each.event);
        if (cursor === endCursor) break;
        if (each.event.type === "run_transition" && endCursor === null) await lookForEnd().catch(forgiveLoss);
      } else tell(each.kind === "lost" ? plainLine(each.reason) : "the server has ended the stream");
    }
    if (refusal !== undefined) throw refusal;
    if (isLive) await run.settled();
  } finally {
    screen.close();
  }
}

function beginning({ after, fromStart }: WatchOptions, head: LogHead) {
  if (after !== undefined) return { past: [], after };
  const past = fromStart ? [] : head.newest.nodes;
  return { past, after: past.at(-1)?.cursor ?? head.startCursor };
}

/** With the next connection it is asked again. */
function forgiveLoss(error: unknown): void {
  if (!(error instanceof ConnectionLost)) throw error;
}

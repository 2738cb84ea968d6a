// The process of a benchmark's subscribers: bare sockets that speak graphql-transport-ws, one subscription each, so that as
// little as possible of what is measured is the client's own work. A message is parsed once; the same bytes on another
// socket are the same event.
import { answerParent } from "./ask.ts";
import { FrameSocket } from "./frame-socket.ts";
import { monotonicMs } from "./monotonic.ts";

export interface Target {
  readonly url: string;
  /** Its root field is an event with at least a `sequence`. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The events that every subscriber must receive: their sequences follow on from the first. */
export interface Expected {
  readonly first: number;
  readonly events: number;
}

export type SubscriberOrder =
  | { readonly kind: "open"; readonly target: Target; readonly count: number }
  | { readonly kind: "collect"; readonly expected: Expected }
  | { readonly kind: "close" };

export interface Received {
  /** When the last of the subscriptions was asked for. */
  readonly askedAt: number;
  /** When each event came, on the monotonic clock, subscriber by subscriber; NaN: it did not. */
  readonly times: Float64Array;
  readonly lost: number;
  readonly duplicates: number;
  readonly disordered: number;
  /** Bytes of all messages. */
  readonly bytes: number;
  /** Messages that should not have come. */
  readonly problems: string[];
}

interface Message {
  readonly type: string;
  readonly payload?: { readonly data?: Readonly<Record<string, { readonly sequence: number }>> };
}

const OPENING_AT_ONCE = 50;
const COLLECT_MS = 60_000;

const sockets: FrameSocket[] = [];
/** Of each socket: sequence, time, sequence, time … in the order in which they came. */
let receipts: number[][] = [];
let bytes = 0;
let askedAt = Number.NaN;
const problems: string[] = [];
let onReceipt = () => {};
/** The message that was read last, of whichever socket. */
let known = { bytes: Buffer.alloc(0), sequence: Number.NaN };

answerParent(async (order: SubscriberOrder) => {
  switch (order.kind) {
    case "open":
      for (let from = 0; from < order.count; from += OPENING_AT_ONCE) {
        const length = Math.min(OPENING_AT_ONCE, order.count - from);
        await Promise.all(Array.from({ length }, () => subscribe(order.target)));
      }
      return true;
    case "collect":
      await untilComplete(order.expected);
      return summarise(order.expected);
    case "close":
      await Promise.all(sockets.map((socket) => socket.close()));
      return true;
  }
});

async function subscribe({ url, query, variables }: Target): Promise<void> {
  const subscriber = receipts.push([]) - 1;
  const acknowledged = Promise.withResolvers<void>();
  const socket = await FrameSocket.open(url, (buffer, start, end) => {
    const sequence = sequenceOf(buffer, start, end);
    if (sequence === null) return acknowledged.resolve();
    if (Number.isNaN(sequence)) return void problems.push(buffer.toString("utf8", start, end));
    bytes += end - start;
    receipts[subscriber]?.push(sequence, monotonicMs());
    onReceipt();
  });
  sockets.push(socket);
  socket.send({ type: "connection_init" });
  await acknowledged.promise;
  askedAt = monotonicMs();
  socket.send({ id: "1", type: "subscribe", payload: { query, variables } });
}

/** The event's sequence; null for the connection's acknowledgement, NaN for what should not have come. */
function sequenceOf(buffer: Buffer, start: number, end: number): number | null {
  if (buffer.compare(known.bytes, 0, known.bytes.length, start, end) === 0) return known.sequence;
  const message = JSON.parse(buffer.toString("utf8", start, end)) as Message;
  if (message.type === "connection_ack") return null;
  const [event] = Object.values(message.payload?.data ?? {});
  if (message.type !== "next" || !event) return Number.NaN;
  known = { bytes: Buffer.from(buffer.subarray(start, end)), sequence: event.sequence };
  return event.sequence;
}

/** Events that come after the last expected one would not be waited for; the publisher sends none. */
function untilComplete({ events }: Expected): Promise<void> {
  return new Promise((resolve) => {
    const complete = () => receipts.every((mine) => mine.length >= 2 * events);
    const timer = setTimeout(resolve, COLLECT_MS);
    let left = receipts.reduce((sum, mine) => sum + Math.max(0, events - mine.length / 2), 0);
    onReceipt = () => {
      left -= 1;
      if (left <= 0 && complete()) finish();
    };
    const finish = () => {
      clearTimeout(timer);
      onReceipt = () => {};
      resolve();
    };
    if (complete()) finish();
  });
}

/** What was received since the last summary. */
function summarise({ first, events }: Expected): Received {
  const times = new Float64Array(receipts.length * events).fill(Number.NaN);
  let duplicates = 0;
  let disordered = 0;
  for (const [subscriber, mine] of receipts.entries()) {
    let last = first - 1;
    for (let at = 0; at < mine.length; at += 2) {
      const [sequence = Number.NaN, time = Number.NaN] = [mine[at], mine[at + 1]];
      const index = subscriber * events + sequence - first;
      if (sequence < first || sequence >= first + events) problems.push(`an unexpected event ${sequence}`);
      else if (!Number.isNaN(times[index])) duplicates += 1;
      else {
        if (sequence < last) disordered += 1;
        times[index] = time;
        last = sequence;
      }
    }
  }
  const lost = times.filter(Number.isNaN).length;
  const received = { askedAt, times, lost, duplicates, disordered, bytes, problems };
  receipts = receipts.map(() => []);
  bytes = 0;
  return received;
}

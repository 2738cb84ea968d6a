// The process of the fan-out's subscribers: plain `ws` sockets that speak graphql-transport-ws, one subscription each,
// so that as little as possible of what is measured is the client's own work.
import { once } from "node:events";
import { WebSocket } from "ws";
import { answerParent } from "./ask.ts";
import { monotonicMs } from "./monotonic.ts";

export interface Target {
  readonly url: string;
  /** A TypeID. */
  readonly projectId: string;
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
  /** When each event came, on the monotonic clock, subscriber by subscriber; NaN: it did not. */
  readonly times: Float64Array;
  readonly lost: number;
  readonly duplicates: number;
  readonly disordered: number;
  /** Messages that should not have come. */
  readonly problems: string[];
}

interface Message {
  readonly type: string;
  readonly payload?: { readonly data?: { readonly stageEvents: { readonly sequence: number } } };
}

/** What one socket received, in the order in which it came. */
interface Receipt {
  readonly sequence: number;
  readonly at: number;
}

const OPENING_AT_ONCE = 50;
const COLLECT_MS = 20_000;
const QUERY = `subscription Watch($projectId: ID!) {
  stageEvents(projectId: $projectId) { id sequence type actor createdAt }
}`;

const sockets: WebSocket[] = [];
const receipts: Receipt[][] = [];
const problems: string[] = [];
let onReceipt = () => {};

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
      await Promise.all(
        sockets.map(async (socket) => {
          const closed = once(socket, "close");
          socket.close(1000);
          await closed;
        }),
      );
      return true;
  }
});

async function subscribe({ url, projectId }: Target): Promise<void> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const mine: Receipt[] = [];
  sockets.push(socket);
  receipts.push(mine);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  await once(socket, "message");
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as Message;
    const event = message.payload?.data?.stageEvents;
    if (message.type === "next" && event) {
      mine.push({ sequence: event.sequence, at: monotonicMs() });
      onReceipt();
    } else if (message.type === "ping") {
      socket.send(JSON.stringify({ type: "pong" }));
    } else {
      problems.push(String(data));
    }
  });
  socket.send(
    JSON.stringify({ id: "1", type: "subscribe", payload: { query: QUERY, variables: { projectId } } }),
  );
}

/** Events that come after the last expected one would not be waited for; the publisher sends none. */
function untilComplete({ events }: Expected): Promise<void> {
  return new Promise((resolve) => {
    const complete = () => receipts.every((mine) => mine.length >= events);
    const timer = setTimeout(resolve, COLLECT_MS);
    let left = receipts.reduce((sum, mine) => sum + Math.max(0, events - mine.length), 0);
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

function summarise({ first, events }: Expected): Received {
  const times = new Float64Array(receipts.length * events).fill(Number.NaN);
  let duplicates = 0;
  let disordered = 0;
  for (const [subscriber, mine] of receipts.entries()) {
    let last = first - 1;
    for (const { sequence, at } of mine) {
      const index = subscriber * events + sequence - first;
      if (sequence < first || sequence >= first + events) problems.push(`an unexpected event ${sequence}`);
      else if (!Number.isNaN(times[index])) duplicates += 1;
      else {
        if (sequence < last) disordered += 1;
        times[index] = at;
        last = sequence;
      }
    }
  }
  return { times, lost: times.filter(Number.isNaN).length, duplicates, disordered, problems };
}

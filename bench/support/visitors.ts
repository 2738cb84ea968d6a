import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";
import { encodeId } from "../../src/schema/ids.ts";
import { check } from "./run-bench.ts";

const QUERY = `subscription Watch($projectId: ID!) {
  stageEvents(projectId: $projectId) { id sequence type actor createdAt }
}`;

export interface Visits {
  /** Subscriptions that have come and gone. */
  readonly gone: number;
  readonly events: number;
}

interface Message {
  readonly type: string;
  readonly payload?: { readonly data?: { readonly stageEvents?: { readonly sequence: number } } };
}

/**
 * Has that many subscribers over WebSockets come and go until they are stopped: each watches a project for a while, leaves, and the
 * next one comes. Each must see the project's events without a gap, from the first one that it sees.
 *
 * @param stayMs how long one stays, by its number
 */
export function startVisitors(
  url: string,
  projectIds: readonly string[],
  count: number,
  stayMs: (visit: number) => number,
): { visits(): Visits; stop(): Promise<void> } {
  let [gone, events, visit] = [0, 0, 0];
  const stopping = new AbortController();
  const problem = Promise.withResolvers<never>();
  // Whoever stops them hears of it.
  problem.promise.catch(() => {});
  const places = Array.from({ length: count }, async () => {
    while (!stopping.signal.aborted) {
      visit += 1;
      const projectId = projectIds[visit % projectIds.length] ?? "";
      const stay = wait(stayMs(visit), undefined, { signal: stopping.signal }).catch(() => {});
      await visitOnce(url, projectId, stay, () => {
        events += 1;
      });
      gone += 1;
    }
  });
  const all = Promise.all(places);
  all.catch((error: unknown) => problem.reject(error));
  return {
    visits: () => ({ gone, events }),
    async stop() {
      stopping.abort();
      await Promise.race([all, problem.promise]);
    },
  };
}

async function visitOnce(
  url: string,
  projectId: string,
  stay: Promise<void>,
  onEvent: () => void,
): Promise<void> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const fail = (what: string) => failed.reject(new Error(what));
  try {
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    let last = 0;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as Message;
      const sequence = message.payload?.data?.stageEvents?.sequence;
      if (message.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
      else if (message.type !== "next" || sequence === undefined) fail(`A subscriber was told ${data}`);
      else if (last > 0 && sequence !== last + 1) fail(`The event ${sequence} came after ${last}.`);
      else {
        last = sequence;
        onEvent();
      }
    });
    socket.on("close", (code) => fail(`A subscriber's socket was closed with ${code}.`));
    const variables = { projectId: encodeId("project", projectId) };
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: QUERY, variables } }));
    await Promise.race([stay, failed.promise]);
    socket.removeAllListeners("close");
    const closed = once(socket, "close");
    socket.send(JSON.stringify({ id: "1", type: "complete" }));
    socket.close(1000);
    await closed;
  } finally {
    check(socket.readyState !== WebSocket.CONNECTING, "A subscriber could not connect.");
    socket.terminate();
  }
}

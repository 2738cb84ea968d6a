import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as a provider's API gets it. */
export interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: each protocol has its own, and tests look into all of them
  readonly body: any;
}

/** Answers one request, in whatever way. */
export type Answer = (response: ServerResponse, request: RecordedRequest) => void;

export interface StandIn {
  readonly url: string;
  /** What was asked, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** How many connections were closed from the other side before their answer was over. */
  readonly abandoned: () => number;
}

/**
 * A server that gives scripted answers over real HTTP, the last one again and again. It is closed when the test is
 * over.
 */
export async function startStandIn(...answers: readonly [Answer, ...Answer[]]): Promise<StandIn> {
  const requests: RecordedRequest[] = [];
  let abandoned = 0;
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const request = {
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: JSON.parse(Buffer.concat(parts).toString()),
    };
    const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer;
    response.once("close", () => {
      if (!response.writableFinished) abandoned++;
    });
    requests.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, abandoned: () => abandoned };
}

/** A body of JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** Server-sent events, with their names where the protocol has some. */
export function events(...data: readonly unknown[]): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of data) response.write(eventOf(event));
    response.end();
  };
}

/** One server-sent event. */
export function eventOf(data: unknown): string {
  const name =
    typeof data === "object" && data !== null && "type" in data ? `event: ${String(data.type)}\n` : "";
  return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

/** No answer, ever. */
export const silence: Answer = () => {};

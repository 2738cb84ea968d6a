interface ServerSentEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface EventReader {
  /** The next event, or undefined at the end of the stream. Pings are skipped. */
  next(): Promise<ServerSentEvent | undefined>;
  abort(): void;
}

/** Opens a subscription over SSE. */
export async function openEvents(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
    body: JSON.stringify({ query }),
    signal: abort.signal,
  });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  return {
    abort: () => abort.abort(),
    async next() {
      for (;;) {
        const end = buffer.indexOf("\n\n");
        if (end >= 0) {
          const block = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          const event = /^event: (.*)$/m.exec(block)?.[1];
          const data = /^data: ?(.*)$/m.exec(block)?.[1];
          if (event !== undefined) return { event, data: data ? JSON.parse(data) : null };
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffer += value;
      }
    },
  };
}

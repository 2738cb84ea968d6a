import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
  readonly json: any;
}

/** One HTTP request by node:http, which (unlike fetch) sends any Host and Origin that it is told. */
export function send(
  url: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const req = request(url, {
      method: options.method ?? "GET",
      headers: options.headers ?? {},
      agent: false,
    });
    req.on("error", reject);
    req.on("response", async (res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of res) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      resolve({
        status: res.statusCode ?? 0,
        headers: res.headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      });
    });
    req.end(options.body);
  });
}

/** Posts a GraphQL request. */
export function post(url: string, body: unknown, headers: OutgoingHttpHeaders = {}): Promise<Reply> {
  return send(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

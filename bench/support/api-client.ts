import { Agent, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends GraphQL operations over connections that it keeps, as cheaply as node:http can: it runs beside the server. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(url: string, connections: number) {
    this.#url = `${url}/graphql`;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(query: string, variables: object): Promise<Answer> {
    const body = Buffer.from(JSON.stringify({ query, variables }));
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": body.byteLength };
      const outgoing = request(this.#url, { method: "POST", agent: this.#agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** @throws unless the operation was answered with 200 and without errors */
  async execute<Data>(query: string, variables: object): Promise<Data> {
    const { status, text } = await this.post(query, variables);
    const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown };
    if (status !== 200 || errors || !data) throw new Error(`The operation failed with ${status}: ${text}`);
    return data;
  }

  close(): void {
    this.#agent.destroy();
  }
}

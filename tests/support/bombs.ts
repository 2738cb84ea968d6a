import { once } from "node:events";
import { request } from "node:http";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { WebSocket } from "ws";

/** A request that is small to send, or endless, and dear to serve. Sent as it is by the tests and by the benchmark. */
export interface Bomb {
  readonly name: string;
  /** How it must be refused: `status code` over HTTP, `error code` or `close code` over a WebSocket. */
  readonly refusal: string;
  /** Sends it to a server and tells how it was refused. */
  send(url: string): Promise<string>;
}

const MEGABYTE = 1024 * 1024;
const JSON_TYPE = { "content-type": "application/json" };

const spread = (width: number, levels: number, field: (level: number) => string, last: string) =>
  `${Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on __Type { ${field(level + 1).repeat(width)} }`,
  ).join(" ")} fragment F${levels} on __Type { ${last} }`;

const aliased = (field: string) => Array.from({ length: 90 }, (_, index) => `a${index}: ${field}`).join(" ");

/** Documents that any schema understands, by what they explode in. */
const DOCUMENTS = {
  "fragments, each spread twice, 2^16": `{ __type(name: "Query") { ...F0 } } ${spread(2, 16, (next) => `...F${next} `, "name")}`,
  "aliased fields through fragments, 4^8": `{ __type(name: "Query") { ...F0 } } ${Array.from(
    { length: 8 },
    (_, level) =>
      `fragment F${level} on __Type { ${["a", "b", "c", "d"].map((alias) => `${alias}: ofType { ...F${level + 1} }`).join(" ")} }`,
  ).join(" ")} fragment F8 on __Type { name }`,
  "one field 990 times": `{ ${"__typename ".repeat(990)}}`,
  "one object 30 times in itself 30 times": `{ ${`__schema { ${"queryType { name } ".repeat(30)}} `.repeat(10)}}`,
  "900 aliases": `{ ${Array.from({ length: 900 }, (_, index) => `a${index}: __typename`).join(" ")} }`,
  "600 directives": `{ __typename ${"@skip(if: false) ".repeat(600)}}`,
  "400 operations with 400 fragments": `${Array.from({ length: 400 }, (_, index) => `query Q${index} { ...F0 }`).join(" ")} ${Array.from({ length: 100 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} }`).join(" ")} fragment F100 on Query { __typename }`,
  "49,000 tokens": `{ ${"a ".repeat(49_000)}}`,
  "20,000 nested selections": `${"{a".repeat(20_000)}${"}".repeat(20_000)}`,
  "30,000 nested lists in the document": `{ __type(name: ${"[".repeat(30_000)}${"]".repeat(30_000)}) { name } }`,
  "introspection, the fields of all types under 90 aliases": `{ __schema { types { ${aliased("fields { name description args { name } type { name } }")} } } }`,
  "introspection, all types under 90 aliases": `{ __schema { ${aliased("types { name fields { name description } }")} } }`,
  "introspection, the fields of the fields' types": `{ __schema { types { ${aliased("fields { type { ofType { fields { name } } } }")} } } }`,
  "introspection, one fragment 60 times": `{ __schema { types { ${"... { ...F } ".repeat(60)} } } } fragment F on __Type { fields { name description } }`,
  "an alias of 40,000 characters in a list": `{ __schema { types { ${"a".repeat(40_000)}: name } } }`,
} as const;

/** Over which limit each goes first. */
const CODES: Readonly<Record<keyof typeof DOCUMENTS, string>> = {
  "fragments, each spread twice, 2^16": "QUERY_TOO_COMPLEX",
  "aliased fields through fragments, 4^8": "QUERY_TOO_COMPLEX",
  "one field 990 times": "QUERY_TOO_COMPLEX",
  "one object 30 times in itself 30 times": "QUERY_TOO_COMPLEX",
  "900 aliases": "QUERY_TOO_COMPLEX",
  "600 directives": "QUERY_TOO_COMPLEX",
  "400 operations with 400 fragments": "QUERY_TOO_COMPLEX",
  "49,000 tokens": "QUERY_TOO_LARGE",
  "20,000 nested selections": "QUERY_TOO_COMPLEX",
  "30,000 nested lists in the document": "QUERY_TOO_COMPLEX",
  "introspection, the fields of all types under 90 aliases": "QUERY_TOO_COMPLEX",
  "introspection, all types under 90 aliases": "QUERY_TOO_COMPLEX",
  "introspection, the fields of the fields' types": "QUERY_TOO_COMPLEX",
  "introspection, one fragment 60 times": "QUERY_TOO_COMPLEX",
  "an alias of 40,000 characters in a list": "QUERY_TOO_COMPLEX",
};

/** Every bomb, by both transports. @param subscription a document of a subscription that stays open */
export function bombs(subscription: { readonly query: string; readonly variables?: object }): Bomb[] {
  const documents = Object.entries(DOCUMENTS) as [keyof typeof DOCUMENTS, string][];
  const lists = (count: number) => `${"[".repeat(count)}1${"]".repeat(count)}`;
  const inVariables = (count: number) =>
    `{"query":"query ($v: String!) { __type(name: $v) { name } }","variables":{"v":${lists(count)}}}`;
  const tokens = JSON.stringify({ query: `{ ${"a ".repeat(1_000_000)}}` });
  return [
    ...documents.map(
      ([name, query]): Bomb => ({
        name,
        refusal: `400 ${CODES[name]}`,
        send: (url) => post(url, JSON.stringify({ query })),
      }),
    ),
    {
      name: "one million tokens",
      refusal: "413 REQUEST_ENTITY_TOO_LARGE",
      send: (url) => post(url, tokens),
    },
    {
      name: "120,000 tokens, within the body's limit",
      refusal: "400 QUERY_TOO_LARGE",
      send: (url) => post(url, JSON.stringify({ query: `{ ${"a ".repeat(120_000)}}` })),
    },
    {
      name: "100,000 nested lists in the document",
      refusal: "400 QUERY_TOO_LARGE",
      send: (url) => post(url, JSON.stringify({ query: `{ __type(name: ${lists(100_000)}) { name } }` })),
    },
    {
      name: "100,000 nested lists in the variables",
      refusal: "400 REQUEST_TOO_DEEP",
      send: (url) => post(url, inVariables(100_000)),
    },
    {
      name: "a body of 60 MB that says so",
      refusal: "413 REQUEST_ENTITY_TOO_LARGE",
      send: (url) => postStream(url, 60, { "content-length": String(60 * MEGABYTE) }),
    },
    {
      name: "a body of 60 MB in chunks",
      refusal: "413 REQUEST_ENTITY_TOO_LARGE",
      send: (url) => postStream(url, 60, {}),
    },
    {
      name: "a body of 60 MB, compressed to 60 KB",
      refusal: "415 UNSUPPORTED_CONTENT_ENCODING",
      send: (url) => post(url, gzipSync(Buffer.alloc(60 * MEGABYTE, " ")), { "content-encoding": "gzip" }),
    },
    ...documents.map(
      ([name, query]): Bomb => ({
        name: `${name}, over a WebSocket`,
        // What JSON makes of the largest does not fit into a message.
        refusal: query.length > 64_000 ? "close 1009" : `error ${CODES[name]}`,
        send: (url) => overSocket(url, [subscribe(0, { query })]),
      }),
    ),
    {
      name: "one million tokens, over a WebSocket",
      refusal: "close 1009",
      send: (url) => overSocket(url, [`{"id":"0","type":"subscribe","payload":${tokens}}`]),
    },
    {
      name: "30,000 nested lists in the variables, over a WebSocket",
      refusal: "close 4400",
      send: (url) => overSocket(url, [`{"id":"0","type":"subscribe","payload":${inVariables(30_000)}}`]),
    },
    {
      name: "a message of 60 MB",
      refusal: "close 1009",
      send: (url) => overSocket(url, [" ".repeat(60 * MEGABYTE)]),
    },
    {
      name: "10,000 subscriptions on one socket",
      refusal: "close 4429",
      send: (url) =>
        overSocket(
          url,
          Array.from({ length: 10_000 }, (_, index) => subscribe(index, subscription)),
        ),
    },
    {
      name: "10,000 different subscriptions on one socket",
      refusal: "close 4429",
      send: (url) =>
        overSocket(
          url,
          Array.from({ length: 10_000 }, (_, index) => {
            const query = `${subscription.query} # ${index}`;
            return subscribe(index, { ...subscription, query });
          }),
        ),
    },
  ];
}

function subscribe(id: number, payload: object): string {
  return JSON.stringify({ id: String(id), type: "subscribe", payload });
}

function post(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<string> {
  return answerTo(url, headers, (req) => req.end(body));
}

/** Sends megabytes of spaces as fast as they are taken, until there is an answer. */
function postStream(url: string, megabytes: number, headers: Record<string, string>): Promise<string> {
  const chunk = Buffer.alloc(MEGABYTE, " ");
  const body = Readable.from(Array.from({ length: megabytes }, () => chunk));
  return answerTo(url, headers, (req) => {
    req.on("error", () => body.destroy()).on("close", () => body.destroy());
    body.pipe(req);
  });
}

function answerTo(
  url: string,
  headers: Record<string, string>,
  write: (req: ReturnType<typeof request>) => unknown,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { ...JSON_TYPE, ...headers }, agent: false } as const;
    const req = request(`${url}/graphql`, options, async (res) => {
      let text = "";
      for await (const part of res.setEncoding("utf8")) text += part;
      const [error] = (JSON.parse(text) as { errors: { extensions: { code: string } }[] }).errors;
      resolve(`${res.statusCode} ${error?.extensions.code}`);
      req.destroy();
    });
    // After the answer it means nothing: the server has stopped to listen.
    req.on("error", reject);
    write(req);
  });
}

async function overSocket(url: string, messages: readonly string[]): Promise<string> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  // Sending to a socket that the server has just closed.
  socket.on("error", () => {});
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  await once(socket, "message");
  const outcome = new Promise<string>((resolve) => {
    socket.on("message", (data) => {
      const { type, payload } = JSON.parse(String(data));
      if (type === "error") resolve(`error ${payload[0].extensions.code}`);
    });
    socket.on("close", (code) => resolve(`close ${code}`));
  });
  for (const message of messages) socket.send(message);
  const refusal = await outcome;
  socket.close();
  if (socket.readyState !== socket.CLOSED) await once(socket, "close");
  return refusal;
}

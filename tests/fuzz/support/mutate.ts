import { type GraphQLSchema, Lexer, Source, type Token } from "graphql";
import type { Draw } from "./draw.ts";
import { HOSTILE } from "./hostile.ts";
import type { Operation } from "./operation.ts";
import { drawRequest, type Request } from "./request.ts";

type Mutation = (draw: Draw, request: Request, operation: Operation, schema: GraphQLSchema) => Request;

/** A request that was valid, with one to three things about it changed, wherever in it that may be. */
export function drawMutated(draw: Draw, operation: Operation, schema: GraphQLSchema): Request {
  const broken = {
    ...operation,
    query: draw.chance(70) ? mutateDocument(draw, operation.query, schema) : operation.query,
  };
  let request = drawRequest(draw, broken);
  for (let left = draw.below(3); left > 0; left -= 1) {
    request = draw.pick(MUTATIONS)(draw, request, broken, schema);
  }
  return request;
}

const TOKENS = [
  ...[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "=",
    "|",
    "&",
    '"',
    '"""',
    "#",
    ",",
    "\\",
    "\ufeff",
  ],
  ...[
    "on",
    "null",
    "true",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "type",
    "__typename",
    "__schema",
    "__type",
  ],
  ...["-0", "1e999", "99999999999999999999", "0x1", "1.5e-400", '"\\u{110000}"', '"\\ud800"', "\u0000", "💣"],
  ...[
    "@skip(if: 1)",
    "@include",
    "@deprecated",
    "@defer",
    "@stream(initialCount: -1)",
    "$nobody",
    "...Nobody",
  ],
];

/** Changes the text of a document: its tokens, or its characters. */
function mutateDocument(draw: Draw, query: string, schema: GraphQLSchema): string {
  let text = query;
  for (let left = 1 + draw.below(3); left > 0; left -= 1) {
    const tokens = tokensOf(text);
    text =
      tokens.length > 1 && draw.chance(80)
        ? changeToken(draw, text, tokens, schema)
        : changeCharacter(draw, text);
  }
  return text;
}

function changeToken(draw: Draw, text: string, tokens: readonly Token[], schema: GraphQLSchema): string {
  const { start, end } = draw.pick(tokens);
  const other = draw.pick(tokens);
  const replacement = [
    () => "",
    () => draw.pick(TOKENS),
    () => text.slice(other.start, other.end),
    () => draw.pick(namesOf(schema)),
    () => `${text.slice(start, end)} ${text.slice(start, end)}`,
    () => JSON.stringify(draw.pick(Object.values(HOSTILE))),
    () => text.slice(Math.min(start, other.start), Math.max(end, other.end)),
  ];
  return `${text.slice(0, start)}${draw.pick(replacement)()}${text.slice(end)}`;
}

function changeCharacter(draw: Draw, text: string): string {
  const at = draw.below(text.length + 1);
  const length = draw.below(4);
  return `${text.slice(0, at)}${draw.chance(50) ? draw.text() : ""}${text.slice(at + length)}`;
}

/** The tokens up to the first place that cannot be read. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  try {
    const lexer = new Lexer(new Source(text));
    for (let token = lexer.advance(); token.kind !== "<EOF>"; token = lexer.advance()) tokens.push(token);
  } catch {
    // What comes after it is out of reach, and not missed.
  }
  return tokens;
}

const names = new WeakMap<GraphQLSchema, readonly string[]>();

/** Every name of the schema: a type, field or value in a place that is not its own. */
function namesOf(schema: GraphQLSchema): readonly string[] {
  const known = names.get(schema);
  if (known) return known;
  const all = Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...("getFields" in type ? Object.keys(type.getFields()) : []),
    ...("getValues" in type ? type.getValues().map(({ name }) => name) : []),
  ]);
  const unique = [...new Set(all)];
  names.set(schema, unique);
  return unique;
}

const METHODS = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "POST"];
const PATHS = [
  ...[
    "/",
    "/graphql/",
    "/graphql/..%2f",
    "/GraphQL",
    "/graphql?query=%7B%7D",
    "/graphql?query=%",
    "/graphql?query=%00",
  ],
  ...[
    "/graphql?variables=%7B&query=%7B__typename%7D",
    "/graphql?extensions=[",
    "/metrics/",
    "/health",
    "/health/live",
  ],
  ...[
    "/export/projects/x.md",
    "/export/projects/%00.pdf",
    "/export/projects/..%2f..%2fetc%2fpasswd",
    "//graphql",
  ],
  ...["/export/projects/project_01h455vb4pex5vsknk084sn02q.md?variant=%F0%9F", "/favicon.ico"],
];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  "content-type": [
    ...[
      "",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/graphql",
    ],
    ...[
      "application/json; charset=utf-16",
      "application/json; charset=",
      "APPLICATION/JSON",
      "application/jsonx",
    ],
  ],
  accept: [
    "",
    "text/html",
    "image/png",
    "text/event-stream",
    "multipart/mixed",
    "application/json;q=0",
    ";;;",
    "*",
  ],
  "x-correlation-id": ["", "x", "a".repeat(5_000), "00000000-0000-0000-0000-000000000000", "'; --"],
  authorization: [
    "",
    "Bearer",
    "Bearer x",
    "Basic YTpi",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "x".repeat(4_000),
  ],
  "accept-encoding": ["gzip", "br;q=1", "identity;q=0", "x"],
  "content-encoding": ["gzip", "br", "x"],
  origin: ["null", "http://evil.example", "x"],
  "last-event-id": ["1", "'"],
  "transfer-encoding-x": ["chunked"],
};
const BODIES = [
  ...[
    "",
    "null",
    "1",
    '"x"',
    "[]",
    "[[]]",
    "{}",
    "{",
    "}",
    "\u0000",
    "\ufeff{}",
    '{"query":null}',
    '{"query":{}}',
  ],
  ...[
    '{"query":"{__typename}","variables":[]}',
    '{"query":"{__typename}","variables":"x"}',
    "[".repeat(50_000),
  ],
  ...['{"query":"{__typename}","operationName":1}', '{"query":"{__typename}","operationName":"Nobody"}'],
  ...['{"query":"{__typename}","extensions":1}', '{"query":"{__typename}","__proto__":{"query":"x"}}'],
  ...[
    '[{"query":"{__typename}"},{"query":"{__typename}"}]',
    '{"query":"query A{__typename} query B{__typename}"}',
  ],
  ...['{"query":"{__typename}","query":"{x}"}', '{"id":"1","doc_id":"x"}', '{"query":" "}', '{"query":"#"}'],
];

const MUTATIONS: readonly Mutation[] = [
  (draw, request, operation) =>
    withBody(request, { ...operation, variables: mutateJson(draw, operation.variables) }),
  (draw, request, operation) =>
    withBody(request, { ...operation, variables: mutateJson(draw, operation.variables) }),
  (draw, request, operation) => withBody(request, mutateJson(draw, { ...operation })),
  (draw, request) => ({ ...request, body: hasBody(request) ? draw.pick(BODIES) : null }),
  (draw, request) => ({ ...request, body: request.body && changeCharacter(draw, request.body) }),
  (draw, request) => ({
    ...request,
    body: request.body?.slice(0, draw.below(request.body.length)) ?? null,
  }),
  (draw, request) => {
    const name = draw.pick(Object.keys(HEADERS));
    return { ...request, headers: { ...request.headers, [name]: draw.pick(HEADERS[name] ?? [""]) } };
  },
  (draw, request) => {
    const method = draw.pick(METHODS);
    const body = method === "GET" || method === "HEAD" ? null : request.body;
    return { ...request, method, body };
  },
  (draw, request) => ({ ...request, path: draw.pick(PATHS) }),
];

function hasBody({ method }: Request): boolean {
  return method !== "GET" && method !== "HEAD";
}

function withBody(request: Request, body: unknown): Request {
  return hasBody(request) ? { ...request, body: JSON.stringify(body) } : request;
}

const WEIRD: readonly unknown[] = [
  ...[null, true, -1, 1.5, 1e308, 2 ** 53, "", [], {}, [[[[[]]]]], { a: { a: { a: 1 } } }],
  ...Object.values(HOSTILE),
];

/** Changes one value somewhere in a JSON value. */
function mutateJson(draw: Draw, value: unknown): unknown {
  if (typeof value !== "object" || value === null || draw.chance(15)) return draw.pick(WEIRD);
  if (Array.isArray(value)) {
    if (value.length === 0) return [draw.pick(WEIRD)];
    const at = draw.below(value.length);
    return value.with(at, mutateJson(draw, value[at]));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || draw.chance(10)) {
    return Object.fromEntries([...entries, [draw.pick(Object.values(HOSTILE)), draw.pick(WEIRD)]]);
  }
  const at = draw.below(entries.length);
  const [name, member] = entries[at] as [string, unknown];
  const changed: [string, unknown][] = draw.chance(15) ? [] : [[name, mutateJson(draw, member)]];
  return Object.fromEntries(entries.toSpliced(at, 1, ...changed));
}

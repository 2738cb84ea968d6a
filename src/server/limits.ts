import { GraphQLError } from "graphql";

/**
 * What a request may hold. Measured before anything expensive happens; the table in docs/RELIABILITY.md says how each is
 * refused.
 */
export const LIMITS = {
  /** Bytes of an HTTP request's body. */
  bodyBytes: 256 * 1024,
  /** Characters of a document. */
  sourceLength: 100_000,
  /** Tokens of a document: some 30 KB, far above what people write and far below what hurts to parse. */
  tokens: 5_000,
  /** How deep the brackets of a document nest: what its parser calls itself for. */
  nesting: 128,
  /** How deep lists and objects nest in a document's input values; stored JSON may have 20 levels. */
  valueDepth: 32,
  /**
   * How deep a request's JSON nests. What is too deep to be stored (20 levels) is told by the field that it is for; this
   * is where reading it at all would not be safe.
   */
  jsonDepth: 2_000,
  aliases: 100,
  /** Characters of an alias: it stands in the answer with every item of its list. */
  aliasLength: 100,
  directives: 50,
  operations: 50,
  /** How deep fields nest, fragments spread. */
  depth: 16,
  /** How many fields are selected, fragments spread. */
  breadth: 1_000,
  /** How often validation would compare two selections of the same name, and how many it would collect for that. */
  comparisons: 20_000,
  /** What an operation may cost by the schema's weights and the pages that it asks for. */
  complexity: 50_000,
} as const;

export type Limit = keyof typeof LIMITS;

const MEASURES: Readonly<Record<Limit, string>> = {
  bodyBytes: "body's size in bytes",
  sourceLength: "document's length in characters",
  tokens: "document's number of tokens",
  nesting: "document's depth of brackets",
  valueDepth: "depth of an input value",
  jsonDepth: "request's depth of JSON",
  aliases: "document's number of aliases",
  aliasLength: "length of an alias",
  directives: "document's number of directives",
  operations: "document's number of operations",
  depth: "operation's depth",
  breadth: "operation's number of fields, fragments spread,",
  comparisons: "number of selections that validation would compare",
  complexity: "operation's complexity",
};

const TOO_LARGE: ReadonlySet<Limit> = new Set(["sourceLength", "tokens"]);

/**
 * What a client gets that asks for more than a limit allows: 400 whichever media type it accepts.
 *
 * @param actual what was counted; null where counting ended at the limit
 * @param further what else the error's extensions say
 */
export function limitError(limit: Limit, actual: number | null, further: object = {}): GraphQLError {
  const max = LIMITS[limit];
  const message = `The ${MEASURES[limit]} is ${actual ?? `more than ${max}`}; at most ${max} is allowed.`;
  return new GraphQLError(message, {
    extensions: {
      code: TOO_LARGE.has(limit) ? "QUERY_TOO_LARGE" : "QUERY_TOO_COMPLEX",
      limit: { name: limit, max, ...(actual !== null && { actual }) },
      ...further,
      http: { status: 400 },
    },
  });
}

/** Whether an error says that a limit was exceeded. */
export function isLimitError({ extensions }: GraphQLError): boolean {
  return extensions.code === "QUERY_TOO_LARGE" || extensions.code === "QUERY_TOO_COMPLEX";
}

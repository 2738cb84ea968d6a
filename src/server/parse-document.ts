import { type DocumentNode, GraphQLError, parse, type Source } from "graphql";
import { bracketDepth } from "./bracket-depth.ts";
import { checkDocument } from "./check-document.ts";
import { LIMITS, limitError } from "./limits.ts";

const PARSE_FAILED = { code: "GRAPHQL_PARSE_FAILED", http: { spec: true, status: 400 } };

/**
 * Parses a document within the limits: what bounds the parser is looked at before it runs, and what bounds validation
 * before that does.
 *
 * @throws GraphQLError, with a code and a status, for what is no document or is more than the limits allow
 */
export function parseDocument(source: string | Source): DocumentNode {
  const text = typeof source === "string" ? source : source.body;
  if (text.length > LIMITS.sourceLength) throw limitError("sourceLength", text.length);
  const nesting = bracketDepth(text);
  if (nesting > LIMITS.nesting) throw limitError("nesting", nesting);
  const document = parseWithinTokens(source);
  checkDocument(document);
  return document;
}

function parseWithinTokens(source: string | Source): DocumentNode {
  try {
    return parse(source, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // graphql-js has no other sign of it.
    if (/Document contains more (?:than|that) \d+ tokens/.test(error.message))
      throw limitError("tokens", null);
    // Yoga gives syntax errors their code and status over HTTP only.
    Object.assign(error.extensions, PARSE_FAILED);
    throw error;
  }
}

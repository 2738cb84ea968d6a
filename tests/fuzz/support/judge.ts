import type { Answer, Request } from "./request.ts";

/** What no answer may show: it comes from the database, the runtime or the disk, and not from the API. */
const LEAKS: Readonly<Record<string, RegExp>> = {
  "a stack": /\bat (?:async )?[\w.<>$[\] ]+ \((?:file|node|\/)[^)]*:\d+:\d+\)|\bnode:internal/,
  "a source file": /\.[cm]?[jt]s:\d+|node_modules|\/src\/(?:server|services|schema|domain|db)\//,
  Prisma: /\bprisma\b|\bP[12]0\d\d\b|Invalid `[^`]*` invocation/i,
  "a driver's words":
    /invalid input syntax|syntax error at or near|duplicate key value|violates [a-z- ]*constraint|invalid byte sequence|deadlock detected|current transaction is aborted/i,
  "a statement": /\bSELECT\b[^"]*\bFROM\b[^"]*\bWHERE\b|\bINSERT INTO\b[^"]*\bVALUES\b/,
  "a runtime error":
    /Cannot read propert|is not a function|is not iterable|undefined is not|Maximum call stack/,
};

/** What is wrong with an answer, whatever was asked; null when nothing is. */
export function faultOf(request: Request, { status, contentType, text }: Answer): string | null {
  if (status >= 500) return `status ${status}`;
  for (const [what, pattern] of Object.entries(LEAKS)) {
    const found = pattern.exec(text);
    // Metrics name the runtime's own things, and a page its scripts; a client's own words come back to it.
    if (found && contentType.includes("json") && !echoes(request, found[0])) return `${what}: ${found[0]}`;
  }
  if (!contentType.includes("json")) return null;
  if (text === "") return request.method === "HEAD" ? null : "no body";
  return faultOfBody(text);
}

function faultOfBody(text: string): string | null {
  let body: { data?: unknown; errors?: { message?: unknown; extensions?: { code?: unknown } }[] };
  try {
    body = JSON.parse(text);
  } catch {
    return "a body that is not JSON";
  }
  if (body.errors === undefined) return null;
  if (!Array.isArray(body.errors) || body.errors.length === 0) return "errors that are none";
  for (const { message, extensions } of body.errors) {
    if (typeof message !== "string" || message === "") return "an error without a message";
    if (typeof extensions?.code !== "string") return `an error without a code: ${message}`;
    if (extensions.code === "INTERNAL_SERVER_ERROR") return `an unexpected error: ${message}`;
  }
  return null;
}

function echoes({ body, path }: Request, words: string): boolean {
  return (body ?? "").includes(words) || decodeLoosely(path).includes(words);
}

function decodeLoosely(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll("+", " "));
  } catch {
    return path;
  }
}

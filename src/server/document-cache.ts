import type { DocumentNode } from "graphql";
import { BoundedCache } from "../bounded-cache.ts";

/**
 * Documents that were parsed before, by their text. Bounded by the length of the texts, not by their number: a parsed
 * document takes some hundred times the memory of its text, so that a thousand large ones would be gigabytes.
 *
 * @param characters of all texts together
 */
export function createDocumentCache(characters: number): BoundedCache<string, DocumentNode> {
  return new BoundedCache({ capacity: characters, weightOf: (text) => text.length });
}

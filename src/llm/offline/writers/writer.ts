import type { CompleteContent } from "../../../domain/artifact/content.ts";
import type { DocumentDefinition } from "../../../domain/artifact/section.ts";
import type { Facts } from "../facts/facts.ts";
import type { Sources } from "../sources.ts";

/** Writes one section from the project's facts and from what the section declares to use, and from nothing else. */
export type Writer<Output> = (facts: Facts, sources: Sources) => Output;

type ReadOnly<T> = T extends readonly (infer Item)[]
  ? readonly ReadOnly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
    : T;

/** A writer for each section of a document. */
export type WritersOf<Document extends DocumentDefinition> = {
  readonly [Key in keyof Document["sections"]]?: Writer<ReadOnly<CompleteContent<Document["sections"]>[Key]>>;
};

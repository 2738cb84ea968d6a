import type { DocumentNode } from "graphql";

/**
 * Documents that were parsed before, by their text. Bounded by the length of the texts, not by their number: a parsed
 * document takes some hundred times the memory of its text, so that a thousand large ones would be gigabytes.
 */
export class DocumentCache {
  readonly #limit: number;
  readonly #documents = new Map<string, DocumentNode>();
  #characters = 0;

  /** @param limit characters of all texts together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text);
    if (!document) return undefined;
    // The first entries of a Map are its oldest.
    this.#documents.delete(text);
    this.#documents.set(text, document);
    return document;
  }

  set(text: string, document: DocumentNode): void {
    this.delete(text);
    this.#documents.set(text, document);
    this.#characters += text.length;
    for (const oldest of this.#documents.keys()) {
      if (this.#characters <= this.#limit) return;
      this.delete(oldest);
    }
  }

  delete(text: string): void {
    if (this.#documents.delete(text)) this.#characters -= text.length;
  }
}

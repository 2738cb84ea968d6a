import type { ArtifactType } from "../../src/domain/artifact/type.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import type { ArtifactRequest, CallOptions, Draft, Runner } from "../../src/llm/runner.ts";

type Step = (request: ArtifactRequest, options: CallOptions) => Promise<Draft>;

/**
 * A model that does as the test says: it writes what the offline runner writes, but for the documents whose next
 * writing has been scripted, in the order in which that was said.
 */
export class ScriptedRunner implements Runner {
  readonly #offline = createOfflineRunner({ scenario: null });
  readonly #steps = new Map<ArtifactType, Step[]>();
  /** What it was asked for, in order. */
  readonly requests: ArtifactRequest[] = [];
  readonly models = this.#offline.models;
  readonly reply = this.#offline.reply;
  readonly generateObject = this.#offline.generateObject;

  /** The types that it was asked for, in order. */
  get asked(): ArtifactType[] {
    return this.requests.map(({ document }) => document.type);
  }

  generateArtifact(request: ArtifactRequest, options: CallOptions): Promise<Draft> {
    this.requests.push(request);
    const step = this.#steps.get(request.document.type)?.shift();
    return (step ?? this.write)(request, options);
  }

  /** What it does unless told. */
  readonly write: Step = (request, options) => this.#offline.generateArtifact(request, options);

  /** The next writing of that document goes so. */
  next(type: ArtifactType, step: Step): void {
    this.#steps.set(type, [...(this.#steps.get(type) ?? []), step]);
  }

  /** The next writing of that document fails. */
  fail(type: ArtifactType, error: Error): void {
    this.next(type, async () => {
      throw error;
    });
  }

  /** The next writing of that document begins, and goes on only when it is let go. */
  hold(type: ArtifactType): { readonly begun: Promise<void>; letGo(): void } {
    const begun = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    this.next(type, async (request, options) => {
      begun.resolve();
      await free.promise;
      return this.write(request, options);
    });
    return { begun: begun.promise, letGo: () => free.resolve() };
  }
}

import { checkContent } from "../../domain/artifact/content.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import { GENERATION_FAILURES, type GenerationFailure } from "../../domain/artifact/generation.ts";
import { QuotaExceededError } from "../../domain/errors.ts";
import { CallFailedError } from "../../llm/runner.ts";
import { createMeter } from "../account/meter.ts";
import type { ModelServices } from "../services.ts";
import { beginDocument, type DocumentTask } from "./begin-document.ts";
import { endGeneration, finishDocument, SupersededError } from "./end-document.ts";

/** What writing a document came to. */
type Written =
  | { readonly content: Parameters<typeof finishDocument>[2]["content"]; readonly model: string }
  | { readonly failure: GenerationFailure; readonly message: string };

/**
 * Writes the documents of a generation that are not written yet, one after the other, each in its place in the chain.
 *
 * It can be stopped anywhere and run again, also while another one still runs: a document that is written is not
 * written again, and of two that write the same one only the later one's text is taken.
 *
 * @param signal ends it; what is written is kept, the rest is for the next run
 * @throws the signal's reason; whatever is no fault of the model, for the job to be tried again
 */
export async function runGeneration(
  services: ModelServices,
  generationId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      const task = await beginDocument(services, generationId);
      if (!task) return;
      const written = await write(services, task, signal);
      if ("failure" in written) return await endGeneration(services, task, written);
      await finishDocument(services, task, written);
    }
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
  }
}

/** Ends a generation that nobody will run any more. */
export async function giveUpGeneration(services: ModelServices, generationId: string): Promise<void> {
  try {
    const task = await beginDocument(services, generationId);
    if (!task) return;
    await endGeneration(services, task, { failure: "INTERNAL", message: GENERATION_FAILURES.INTERNAL });
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
  }
}

async function write(services: ModelServices, task: DocumentTask, signal: AbortSignal): Promise<Written> {
  const { ownerId: userId, projectId, artifactId: subjectId } = task;
  const meter = createMeter(services, { userId, projectId, subjectId, purpose: "ARTIFACT" });
  const document = documentOf(task.type);
  const timeout = AbortSignal.timeout(services.documentTimeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  try {
    const request = { document, context: task.context };
    const draft = await unlessAborted(
      services.runner.generateArtifact(request, { meter, signal: stop }),
      stop,
    );
    const checked = checkContent(document, draft.content);
    if ("content" in checked) return { content: checked.content, model: draft.model };
    const message = `It does not fit: ${checked.problems.join("; ")}`.slice(0, 1_000);
    return { failure: "INVALID_OUTPUT", message };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      const seconds = services.documentTimeoutMs / 1_000;
      return { failure: "TIMEOUT", message: `It was not written within ${seconds} seconds.` };
    }
    if (error instanceof QuotaExceededError) return { failure: "QUOTA_EXCEEDED", message: error.message };
    if (error instanceof CallFailedError) return { failure: error.failure, message: error.message };
    throw error;
  }
}

/** A runner that never answers, not even to its signal, holds nobody up. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => {});
  }
}

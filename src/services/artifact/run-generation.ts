import { checkContent } from "../../domain/artifact/content.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import { GENERATION_FAILURES, type GenerationFailure } from "../../domain/artifact/generation.ts";
import { createMeter } from "../account/meter.ts";
import { callModel } from "../model/call-model.ts";
import { unlessSuperseded } from "../model/superseded.ts";
import type { ModelServices } from "../services.ts";
import { beginDocument, type DocumentTask } from "./begin-document.ts";
import { endGeneration, finishDocument } from "./end-document.ts";

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
export function runGeneration(
  services: ModelServices,
  generationId: string,
  signal: AbortSignal,
): Promise<void> {
  return unlessSuperseded(async () => {
    for (;;) {
      const task = await beginDocument(services, generationId);
      if (!task) return;
      const written = await write(services, task, signal);
      if ("failure" in written) return endGeneration(services, task, written);
      await finishDocument(services, task, written);
    }
  });
}

/** Ends a generation that nobody will run any more. */
export function giveUpGeneration(services: ModelServices, generationId: string): Promise<void> {
  return unlessSuperseded(async () => {
    const task = await beginDocument(services, generationId);
    if (!task) return;
    await endGeneration(services, task, { failure: "INTERNAL", message: GENERATION_FAILURES.INTERNAL });
  });
}

async function write(services: ModelServices, task: DocumentTask, signal: AbortSignal): Promise<Written> {
  const { ownerId: userId, projectId, artifactId: subjectId } = task;
  const meter = createMeter(services, { userId, projectId, subjectId, purpose: "ARTIFACT" });
  const document = documentOf(task.type);
  const late = `It was not written within ${services.documentTimeoutMs / 1_000} seconds.`;
  const draft = await callModel(services, signal, late, (stop) =>
    services.runner.generateArtifact({ document, context: task.context }, { meter, signal: stop }),
  );
  if ("failure" in draft) return draft;
  const checked = checkContent(document, draft.answer.content);
  if ("content" in checked) return { content: checked.content, model: draft.answer.model };
  const message = `It does not fit: ${checked.problems.join("; ")}`.slice(0, 1_000);
  return { failure: "INVALID_OUTPUT", message };
}

import { z } from "zod";
import { giveUpGeneration, runGeneration } from "../services/artifact/run-generation.ts";
import type { ModelServices } from "../services/services.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";

/** Five documents, each with its own limit, fit into one attempt. */
const ATTEMPT_SECONDS = 60 * 60;
/** A server that is stopped in the middle counts as one that failed. */
const RETRIES = 20;
/** They wait for models nearly all of the time. */
const CONCURRENCY = 4;

export const generateArtifacts = defineJob({
  name: "generate-artifacts",
  data: z.object({ generationId: z.uuid() }),
  options: { timeoutSeconds: ATTEMPT_SECONDS, concurrency: CONCURRENCY, retries: RETRIES },
});

/**
 * Writes the documents of a generation. What an attempt has written the next one does not write again; a generation whose
 * job is given up fails, so that it can be started anew.
 */
export function generateArtifactsHandler(services: ModelServices): JobHandler {
  return handleJob(
    generateArtifacts,
    ({ data, signal }) => runGeneration(services, data.generationId, signal),
    { givenUp: ({ generationId }) => giveUpGeneration(services, generationId) },
  );
}

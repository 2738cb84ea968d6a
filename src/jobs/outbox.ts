import type { Outbox } from "../services/services.ts";
import { discuss } from "./discuss.ts";
import { generateArtifacts } from "./generate-artifacts.ts";
import type { JobQueue } from "./job-queue.ts";

/** What services enqueue, on the job queue. */
export function createOutbox(queue: Pick<JobQueue, "ready" | "enqueue" | "lookFor">): Outbox {
  return {
    ready: () => queue.ready(),
    async generateArtifacts(tx, data) {
      await queue.enqueue(generateArtifacts, data, { tx });
    },
    async discuss(tx, task) {
      await queue.enqueue(discuss, task, { tx });
    },
    committed() {
      queue.lookFor(generateArtifacts);
      queue.lookFor(discuss);
    },
  };
}

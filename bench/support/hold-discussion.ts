import type { DiscussionTask } from "../../src/domain/discussion/task.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { runDiscussionTask } from "../../src/services/discussion/run-task.ts";
import { startDiscussion } from "../../src/services/discussion/start-discussion.ts";
import type { ModelServices } from "../../src/services/services.ts";
import type { Founder } from "./founder.ts";

const ANSWER_TIMEOUT_MS = 60_000;

/** Two offline models discuss in two rounds and come to a consensus, here and now, without a queue. */
export async function holdDiscussion({ services, caller }: Founder, projectId: string): Promise<void> {
  const tasks: DiscussionTask[] = [];
  const jobs = {
    ready: async () => {},
    generateArtifacts: async () => {},
    discuss: async (_tx: unknown, task: DiscussionTask) => void tasks.push(task),
    committed: () => {},
  };
  const speaking: ModelServices = {
    ...services,
    jobs,
    runner: createOfflineRunner({ scenario: null }),
    documentTimeoutMs: ANSWER_TIMEOUT_MS,
    // Nobody listens while it is held.
    timer: { at: () => () => {} },
    wakeups: { publish() {}, publishDiscussion() {} },
  };
  const question = "What do we build first, and for whom?";
  await startDiscussion(speaking, caller(), {
    projectId,
    question,
    type: "DISCUSS",
    models: ["claude", "gpt"],
    rounds: 2,
  });
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    await runDiscussionTask(speaking, task, new AbortController().signal);
  }
}

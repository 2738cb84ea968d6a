import { assertNever } from "../../domain/assert-never.ts";
import type { DiscussionTask } from "../../domain/discussion/task.ts";
import type { ModelServices } from "../services.ts";
import { answerPost, giveUpPost, giveUpRound, runRound } from "./run-round.ts";
import { giveUpSummary, runSummary } from "./run-summary.ts";

/**
 * Does a piece of a discussion's work. It can be stopped anywhere and run again.
 *
 * @throws the signal's reason; whatever is no fault of a model, for the job to be tried again
 */
export function runDiscussionTask(
  services: ModelServices,
  { task, id }: DiscussionTask,
  signal: AbortSignal,
): Promise<void> {
  switch (task) {
    case "ROUND":
      return runRound(services, id, signal);
    case "POST":
      return answerPost(services, id, signal);
    case "SUMMARY":
      return runSummary(services, id, signal);
    default:
      return assertNever(task);
  }
}

/** Ends a piece of work that nobody will do any more, so that the discussion can go on without it. */
export function giveUpDiscussionTask(services: ModelServices, { task, id }: DiscussionTask): Promise<void> {
  switch (task) {
    case "ROUND":
      return giveUpRound(services, id);
    case "POST":
      return giveUpPost(services, id);
    case "SUMMARY":
      return giveUpSummary(services, id);
    default:
      return assertNever(task);
  }
}

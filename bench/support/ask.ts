import type { ChildProcess } from "node:child_process";

/** A question to a child process, or its answer: `id` ties the two together. */
export interface Envelope<Content> {
  readonly id: number;
  readonly content: Content;
}

let asked = 0;

/**
 * Puts a question to a child process over its IPC channel.
 * @throws when the child ends before it has answered
 */
export function ask<Answer>(child: ChildProcess, content: unknown): Promise<Answer> {
  asked += 1;
  const id = asked;
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: Envelope<Answer>) => {
      if (message.id !== id) return;
      settle();
      resolve(message.content);
    };
    const onExit = (code: number | null) => {
      settle();
      reject(new Error(`A child process ended (${code}) before it had answered.`));
    };
    child.on("message", onMessage);
    child.once("exit", onExit);
    child.send({ id, content } satisfies Envelope<unknown>);
  });
}

/** Answers the parent's questions, and ends this process when the parent is gone. */
export function answerParent<Question>(answer: (question: Question) => unknown): void {
  process.on("message", async ({ id, content }: Envelope<Question>) => {
    process.send?.({ id, content: await answer(content) } satisfies Envelope<unknown>);
  });
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

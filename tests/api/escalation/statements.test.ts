import { expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { Agent, createRun, type Held, plan } from "../support/agent.ts";
import { answer, FAULT, fail, failUntilAsked } from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { CompleteStep } from "../support/run-commands.ts";

let statements = 0;
const app = useApp({
  onStatement: () => {
    statements += 1;
  },
});
const founder = new Founder(app);
const agent = new Agent(founder);

async function counted<T>(command: Promise<T>): Promise<[T, number]> {
  statements = 0;
  const result = await command;
  return [result, statements];
}

/** What each step of a question costs when that many workstreams wait for it. */
async function costs(projectId: string, size: number): Promise<Record<string, number>> {
  const keys = Array.from({ length: size }, (_, index) => `w${index}`);
  const runId = await createRun(founder, projectId, plan(...keys));
  const held: Held[] = [];
  for (const _ of keys) held.push((await agent.claim({ runId })).held);
  const [first, ...others] = held as [Held, ...Held[]];
  const escalationId = await failUntilAsked(founder, first);
  for (const other of others.slice(1)) await fail(founder, other);
  const [, join] = await counted(fail(founder, others[0] as Held));
  const [, retry] = await counted(answer(founder, escalationId, "retry"));
  const [claimed, claim] = await counted(agent.claim({ runId }));
  const [again, reopen] = await counted(fail(founder, claimed.held));
  await answer(founder, again.escalation?.id ?? "", "retry");
  const { held: trying } = await agent.claim({ runId });
  const attemptId = await agent.startStep(trying, FAULT.step);
  const done = { attemptId, leaseToken: trying.leaseToken, status: "SUCCESS" as const };
  const [, follow] = await counted(founder.succeed(CompleteStep, done));
  return { join, retry, claim, reopen, follow };
}

test("a question costs the same number of statements however many wait for it", async () => {
  const projectId = await founder.project();
  expect(await costs(projectId, 12)).toEqual(await costs(projectId, 3));
});

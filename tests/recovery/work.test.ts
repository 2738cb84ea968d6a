import { expect, test, vi } from "vitest";
import { Agent, createRun, plan, readRun, standings } from "../api/support/agent.ts";
import { readDiscussion, StartDiscussion } from "../api/support/discussions.ts";
import { documentsOf, GenerateArtifacts, pick, settled } from "../api/support/documents.ts";
import { Founder } from "../api/support/founder.ts";
import { CompleteStep } from "../api/support/run-commands.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();
const patiently = { timeout: STARTS_TIMEOUT_MS };

test("work whose server is killed in the middle is finished by the next one, which repeats nothing that was done", async () => {
  const env = { PIPELINE_DB_PATH: migratedPlace(), SEED_DEMO: "false" };
  const first = startServer({ ...env, OFFLINE_SCENARIO: "slow" });
  const founder = new Founder(await first.ready());
  const [documents, talk, build] = [
    await founder.project("Documents"),
    await founder.project("Talk"),
    await founder.project("Build"),
  ];
  await founder.succeed(GenerateArtifacts, { projectId: documents });
  const runId = await createRun(founder, build, plan("a", "b: a"));
  const { held } = await new Agent(founder).claim({ runId });
  const attemptId = await new Agent(founder).startStep(held);
  await expect
    .poll(async () => (await documentsOf(founder, documents)).artifactGeneration.completed, patiently)
    .toBe(1);
  const brief = pick(await documentsOf(founder, documents), "BRIEF");
  const { discussion } = await founder.succeed(StartDiscussion, {
    projectId: talk,
    question: "Do we build it?",
    type: "OPEN",
    models: ["claude", "gpt"],
  });
  await expect.poll(() => speeches(founder, discussion.id), patiently).toEqual(["RUNNING", "RUNNING"]);
  await first.end("SIGKILL");

  const later = new Founder(await startServer(env).ready());
  await expectFinishedDocuments(later, documents, brief);
  await expect.poll(() => speeches(later, discussion.id), patiently).toEqual(["COMPLETED", "COMPLETED"]);
  await expectFinishedDiscussion(later, talk, discussion.id);
  await expectFinishedRun(later, build, { runId, held, attemptId });
});

async function speeches(founder: Founder, discussionId: string) {
  const { rounds } = await readDiscussion(founder, discussionId);
  return rounds.flatMap(({ messages }) => messages.map(({ status }) => status));
}

async function expectFinishedDocuments(founder: Founder, projectId: string, brief: object) {
  const project = await settled(founder, projectId);
  expect(project.artifactGeneration).toMatchObject({ status: "COMPLETED", completed: 5, total: 5 });
  expect(pick(project, "BRIEF")).toEqual(brief);
  const { events, verification } = await founder.log(projectId);
  const written = events.filter(({ type }) => type === "artifact_generated");
  expect(written.map(({ detail }) => detail)).toMatchObject([
    { type: "BRIEF", attempt: 1 },
    { type: "MVP_SCOPE", attempt: 2 },
    { type: "MILESTONES", attempt: 1 },
    { type: "RISK_LOG", attempt: 1 },
    { type: "HOW_IT_WORKS", attempt: 1 },
  ]);
  expect(verification).toMatchObject({ ok: true });
}

/** Both models were interrupted, so both were asked a second time, and each is heard once. */
async function expectFinishedDiscussion(founder: Founder, projectId: string, id: string) {
  await expect.poll(async () => (await readDiscussion(founder, id)).activity, patiently).toBe("IDLE");
  const { events, verification } = await founder.log(projectId);
  const answered = events.filter(({ type }) => type === "message_answered");
  const told = answered.map(({ detail }) => detail as { model: string; attempt: number });
  expect(told.toSorted((a, b) => a.model.localeCompare(b.model))).toMatchObject([
    { model: "claude", attempt: 2 },
    { model: "gpt", attempt: 2 },
  ]);
  expect(events.filter(({ type }) => type === "round_completed")).toHaveLength(1);
  expect(verification).toMatchObject({ ok: true });
}

interface Work {
  readonly runId: string;
  readonly held: Parameters<Agent["move"]>[0];
  readonly attemptId: string;
}

/** The agent did not die: it goes on under the lease that it holds, and then with what became ready. */
async function expectFinishedRun(founder: Founder, projectId: string, { runId, held, attemptId }: Work) {
  const agent = new Agent(founder);
  expect(await standings(founder, runId)).toEqual({ run: "RUNNING", a: "EDITING", b: "PENDING" });
  await founder.succeed(CompleteStep, { attemptId, leaseToken: held.leaseToken, status: "SUCCESS" });
  for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const) await agent.move(held, to);
  expect(await agent.work(runId)).toBe("b");
  expect(await readRun(founder, runId)).toMatchObject({ status: "COMPLETED" });
  expect((await founder.log(projectId)).verification).toMatchObject({ ok: true });
}

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { postMessage } from "../../../src/services/discussion/post-message.ts";
import { resumeDiscussions } from "../../../src/services/discussion/resume-discussions.ts";
import { runDiscussionTask } from "../../../src/services/discussion/run-task.ts";
import { createTestDatabase } from "../../support/database.ts";
import { TalkRunner, talkative } from "../../support/talk-runner.ts";
import { Backstage, runAll, unstopped } from "./support.ts";

/** Two answers of a minute, and five minutes' grace: what rests longer has nobody who goes on with it. */
const SILENCE_SECONDS = 2 * 60 + 5 * 60;

let database: Database;
let backstage: Backstage;
beforeAll(async () => {
  database = await createTestDatabase();
  backstage = await Backstage.open(database);
});
afterAll(() => database.close());

/** A runner whose models answer at once and agree as much as that. */
function talking(score = 1): TalkRunner {
  const runner = new TalkRunner();
  runner.respond = talkative(runner, score);
  return runner;
}

/** A discussion of which every job that was enqueued so far is lost. */
async function abandoned(...args: Parameters<Backstage["start"]>) {
  const started = await backstage.start(...args);
  const lost = started.tasks.splice(0);
  return { ...started, lost };
}

test("a round that nobody holds is enqueued again once its time is up, once, and is then held", async () => {
  const runner = talking();
  const started = await abandoned(runner, { type: "OPEN" });
  const { services, tasks, lost, id } = started;
  backstage.clock.advanceSeconds(SILENCE_SECONDS);
  expect(await resumeDiscussions(services)).toBe(0);
  backstage.clock.advanceSeconds(1);
  expect(await resumeDiscussions(services)).toBe(1);
  expect(tasks).toEqual(lost);
  expect(await resumeDiscussions(services)).toBe(0);
  await runAll(started);
  expect(await backstage.read(id)).toMatchObject({ activity: "IDLE", rounds: [{ status: "COMPLETED" }] });
  backstage.clock.advanceSeconds(10 * SILENCE_SECONDS);
  expect(await resumeDiscussions(services)).toBe(0);
  expect(runner.calls).toHaveLength(3);
});

test("every answer begins the silence anew, and who has spoken is not asked again", async () => {
  const runner = new TalkRunner();
  const { services, tasks, lost, id } = await abandoned(runner, { type: "OPEN" });
  const [task] = lost;
  if (!task) throw new Error("There is no job.");
  const stop = new AbortController();
  const cut = runDiscussionTask(services, task, stop.signal);
  await runner.next("claude");
  await runner.next("gemini");
  backstage.clock.advanceSeconds(SILENCE_SECONDS);
  (await runner.next("gpt")).say("I have spoken.").end();
  await expect
    .poll(async () => (await backstage.read(id)).rounds[0]?.messages.map(({ status }) => status))
    .toContain("COMPLETED");
  stop.abort(new Error("The process stops."));
  await expect(cut).rejects.toThrow("The process stops.");
  backstage.clock.advanceSeconds(1);
  expect(await resumeDiscussions(services)).toBe(0);
  backstage.clock.advanceSeconds(SILENCE_SECONDS);
  expect(await resumeDiscussions(services)).toBe(1);
  runner.respond = talkative(runner);
  await runAll({ services, tasks });
  const [round] = (await backstage.read(id)).rounds;
  expect(round?.messages.map(({ model, status, attempt }) => [model, status, attempt])).toEqual([
    ["claude", "COMPLETED", 2],
    ["gpt", "COMPLETED", 1],
    ["gemini", "COMPLETED", 2],
  ]);
});

test("a round in which all have spoken and that nobody has ended is ended", async () => {
  const runner = talking();
  const { services, tasks, lost, id } = await abandoned(runner, { type: "OPEN" });
  const [task] = lost;
  if (!task) throw new Error("There is no job.");
  const jobs = { ...services.jobs, ready: () => Promise.reject(new Error("The process ends.")) };
  await expect(runDiscussionTask({ ...services, jobs }, task, unstopped())).rejects.toThrow("ends");
  expect(await backstage.read(id)).toMatchObject({ activity: "ROUND" });
  backstage.clock.advanceSeconds(SILENCE_SECONDS + 1);
  expect(await resumeDiscussions(services)).toBe(1);
  await runAll({ services, tasks });
  expect(await backstage.read(id)).toMatchObject({ activity: "IDLE", rounds: [{ status: "COMPLETED" }] });
  expect(runner.calls).toHaveLength(3);
});

test("a summary that nobody writes is enqueued again, and the planned rounds follow", async () => {
  const runner = talking(0);
  const { services, tasks, lost, id } = await abandoned(runner, { type: "DISCUSS", rounds: 2 });
  for (const task of lost) await runDiscussionTask(services, task, unstopped());
  const summary = tasks.splice(0);
  expect(summary).toMatchObject([{ task: "SUMMARY" }]);
  backstage.clock.advanceSeconds(SILENCE_SECONDS + 1);
  expect(await resumeDiscussions(services)).toBe(1);
  expect(tasks).toEqual(summary);
  await runAll({ services, tasks });
  const { activity, rounds, consensus } = await backstage.read(id);
  expect({ activity, rounds: rounds.map(({ status }) => status) }).toEqual({
    activity: "IDLE",
    rounds: ["COMPLETED", "COMPLETED"],
  });
  expect(consensus).toMatchObject({ roundNumber: 2 });
});

test("answers that nobody gives are enqueued again, per question, and only those that are missing", async () => {
  const runner = talking();
  const started = await backstage.start(runner, { type: "OPEN" });
  const { services, tasks, id, caller } = started;
  await runAll(started);
  for (const content of ["@claude why?", "@gpt @gemini really?"]) {
    await postMessage(services, caller(), { discussionId: id, content });
  }
  const [first, ...lost] = tasks.splice(0);
  if (!first) throw new Error("There is no job.");
  await runDiscussionTask(services, first, unstopped());
  backstage.clock.advanceSeconds(SILENCE_SECONDS + 1);
  expect(await resumeDiscussions(services)).toBe(1);
  expect(tasks).toEqual(lost);
  await runAll(started);
  const direct = (await backstage.read(id)).rounds
    .flatMap(({ messages }) => messages)
    .filter(({ kind }) => kind === "DIRECT");
  expect(direct.map(({ model, status, attempt }) => [model, status, attempt])).toEqual([
    ["claude", "COMPLETED", 1],
    ["gpt", "COMPLETED", 1],
    ["gemini", "COMPLETED", 1],
  ]);
});

test("of two that look at once one takes a discussion up", async () => {
  const started = await abandoned(talking(), { type: "OPEN" });
  backstage.clock.advanceSeconds(SILENCE_SECONDS + 1);
  const found = await Promise.all([1, 2, 3].map(() => resumeDiscussions(started.services)));
  expect(found.toSorted()).toEqual([0, 0, 1]);
  expect(started.tasks).toEqual(started.lost);
  await runAll(started);
});

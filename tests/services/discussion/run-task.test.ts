import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import type { DiscussionTask } from "../../../src/domain/discussion/task.ts";
import { postMessage } from "../../../src/services/discussion/post-message.ts";
import { giveUpDiscussionTask, runDiscussionTask } from "../../../src/services/discussion/run-task.ts";
import { summarizeConsensus } from "../../../src/services/discussion/summarize-consensus.ts";
import { archiveProject } from "../../../src/services/stage/projects.ts";
import { createTestDatabase } from "../../support/database.ts";
import { agreement, TalkRunner, talkative } from "../../support/talk-runner.ts";
import { Backstage, runAll, unstopped } from "./support.ts";

let database: Database;
let backstage: Backstage;
beforeAll(async () => {
  database = await createTestDatabase();
  backstage = await Backstage.open(database);
});
afterAll(() => database.close());

/** Who said what in a discussion, round by round: "claude COMPLETED 1: text". */
async function record(id: string) {
  const { rounds } = await backstage.read(id);
  return rounds.map(({ messages }) =>
    messages.map(({ model, status, attempt, content }) => `${model} ${status} ${attempt}: ${content}`),
  );
}

const first = (tasks: DiscussionTask[]): DiscussionTask => {
  const task = tasks.shift();
  if (!task) throw new Error("There is no job.");
  return task;
};

describe("a round", () => {
  test("that is cut off in the middle is taken up by the next run: who has spoken is not asked again", async () => {
    const runner = new TalkRunner();
    const { services, tasks, id } = await backstage.start(runner, { type: "OPEN" });
    const task = first(tasks);
    const stop = new AbortController();
    const cut = runDiscussionTask(services, task, stop.signal);
    (await runner.next("gpt")).say("I have spoken.").end();
    (await runner.next("claude")).say("I was int");
    await runner.next("gemini");
    await expect.poll(async () => (await record(id))[0]?.[1]).toBe("gpt COMPLETED 1: I have spoken.");
    stop.abort(new Error("The process stops."));
    await expect(cut).rejects.toThrow("The process stops.");
    runner.respond = talkative(runner);
    await runDiscussionTask(services, task, unstopped());
    const models = runner.calls.map(({ model }) => model);
    expect(models.slice(0, 3).toSorted()).toEqual(["claude", "gemini", "gpt"]);
    expect(models.slice(3).toSorted()).toEqual(["claude", "gemini"]);
    expect(await record(id)).toEqual([
      [
        expect.stringMatching(/^claude COMPLETED 2: claude says/),
        "gpt COMPLETED 1: I have spoken.",
        expect.stringMatching(/^gemini COMPLETED 2: gemini says/),
      ],
    ]);
    expect(
      await backstage.prisma.messagePiece.count({ where: { message: { round: { discussionId: id } } } }),
    ).toBe(0);
  });

  test("that two hold at once has one answer of each model, the later one's", async () => {
    const runner = new TalkRunner();
    const { services, tasks, id, projectId } = await backstage.start(runner, { type: "OPEN" });
    const task = first(tasks);
    const slow = runDiscussionTask(services, task, unstopped());
    const early = [await runner.next("claude"), await runner.next("gpt"), await runner.next("gemini")];
    runner.respond = (call) => call.say("later").end();
    await runDiscussionTask(services, task, unstopped());
    for (const call of early) call.say("earlier").end();
    await slow;
    expect(await record(id)).toEqual([
      ["claude COMPLETED 2: later", "gpt COMPLETED 2: later", "gemini COMPLETED 2: later"],
    ]);
    expect(await backstage.events(projectId)).toEqual([
      "discussion_started",
      "round_started",
      "message_answered",
      "message_answered",
      "message_answered",
      "round_completed",
    ]);
  });

  test("that is over is not held again", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const { services, tasks, id } = await backstage.start(runner, { type: "OPEN" });
    const task = first(tasks);
    await runDiscussionTask(services, task, unstopped());
    const before = await backstage.read(id);
    await runDiscussionTask(services, task, unstopped());
    await giveUpDiscussionTask(services, task);
    expect(await backstage.read(id)).toEqual(before);
    expect(runner.calls).toHaveLength(3);
  });

  test("goes on without a model that fails, whose words until then are kept with its error", async () => {
    const runner = new TalkRunner();
    runner.respond = (call) =>
      call.model === "gpt" ? call.say("I thi").fail("RATE_LIMITED") : call.say("Yes.").end();
    const started = await backstage.start(runner, { type: "OPEN" });
    await runAll(started);
    const { rounds, activity, failureMessage } = await backstage.read(started.id);
    expect({ activity, failureMessage, round: rounds[0]?.status }).toEqual({
      activity: "IDLE",
      failureMessage: null,
      round: "COMPLETED",
    });
    expect(rounds[0]?.messages[1]).toMatchObject({
      model: "gpt",
      status: "FAILED",
      content: "I thi",
      failureReason: "RATE_LIMITED",
      failureMessage: "gpt is not there.",
    });
  });

  test("in which every model fails has failed, and ends the discussion's plan", async () => {
    const runner = new TalkRunner();
    runner.respond = (call) => call.fail();
    const started = await backstage.start(runner, { rounds: 3 });
    await runAll(started);
    const { rounds, activity, pendingRounds, failureMessage } = await backstage.read(started.id);
    expect(rounds.map(({ status }) => status)).toEqual(["FAILED"]);
    expect({ activity, pendingRounds }).toEqual({ activity: "IDLE", pendingRounds: 0 });
    expect(failureMessage).toBe(
      "No model answered. claude: claude is not there. gpt: gpt is not there. gemini: gemini is not there.",
    );
    expect((await backstage.events(started.projectId)).at(-1)).toBe("round_failed");
  });

  test("whose job is given up ends with what was said", async () => {
    const runner = new TalkRunner();
    runner.respond = (call) =>
      call.model === "gpt" ? call.crash(new TypeError("a fault of ours")) : call.say("Yes.").end();
    const { services, tasks, id } = await backstage.start(runner, { type: "OPEN" });
    const task = first(tasks);
    await expect(runDiscussionTask(services, task, unstopped())).rejects.toThrow("a fault of ours");
    await giveUpDiscussionTask(services, task);
    const { rounds, activity } = await backstage.read(id);
    expect(activity).toBe("IDLE");
    expect(rounds[0]?.status).toBe("COMPLETED");
    expect(rounds[0]?.messages.map(({ status, failureReason }) => [status, failureReason])).toEqual([
      ["COMPLETED", null],
      ["FAILED", "INTERNAL"],
      ["COMPLETED", null],
    ]);
  });

  test("of an archived project asks nobody any more", async () => {
    const runner = new TalkRunner();
    const started = await backstage.start(runner, { rounds: 3 });
    await archiveProject(started.services, started.caller(), { projectId: started.projectId });
    await runAll(started);
    expect(runner.calls).toEqual([]);
    const { rounds, activity } = await backstage.read(started.id);
    expect(activity).toBe("IDLE");
    expect(rounds[0]?.messages.map(({ failureReason }) => failureReason)).toEqual([
      "ARCHIVED",
      "ARCHIVED",
      "ARCHIVED",
    ]);
  });

  test("asks no model that is not there any more", async () => {
    const started = await backstage.start(new TalkRunner(), { type: "OPEN" });
    const runner = new TalkRunner(["gpt"]);
    runner.respond = talkative(runner);
    await runAll({ ...started, services: { ...started.services, runner } });
    const { rounds } = await backstage.read(started.id);
    expect(rounds[0]?.messages.map(({ failureReason }) => failureReason)).toEqual([
      "UNAVAILABLE",
      null,
      "UNAVAILABLE",
    ]);
  });

  test("that asks for more than the day's tokens leaves the refusal with the messages", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const started = await backstage.start(runner, { type: "OPEN" });
    await backstage.prisma.planTier.update({ where: { plan: "CTO_SCALE" }, data: { tokensPerDay: 5 } });
    await runAll(started);
    await backstage.prisma.planTier.update({
      where: { plan: "CTO_SCALE" },
      data: { tokensPerDay: 10_000_000 },
    });
    const { rounds } = await backstage.read(started.id);
    expect(rounds[0]?.messages.map(({ failureReason }) => failureReason)).toEqual(
      Array(3).fill("QUOTA_EXCEEDED"),
    );
    expect(rounds[0]?.status).toBe("FAILED");
  });
});

describe("a sequential round", () => {
  test("lets each hear all before it, in an order that moves on, and is taken up where it was cut off", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner, 0);
    const { services, tasks, id } = await backstage.start(runner, { rounds: 2 });
    await runDiscussionTask(services, first(tasks), unstopped());
    await runDiscussionTask(services, first(tasks), unstopped());
    const before = runner.calls.length;
    runner.respond = () => {};
    const task = first(tasks);
    const stop = new AbortController();
    const cut = runDiscussionTask(services, task, stop.signal);
    (await untaken(runner, before)).say("gpt is first.").end();
    await untaken(runner, before + 1);
    stop.abort(new Error("The process stops."));
    await expect(cut).rejects.toThrow("The process stops.");
    runner.respond = talkative(runner);
    await runDiscussionTask(services, task, unstopped());
    const asked = runner.calls.slice(before);
    expect(asked.map(({ model }) => model)).toEqual(["gpt", "gemini", "gemini", "claude"]);
    expect(asked[2]?.prompt).toContain("gpt: gpt is first.");
    expect(asked[3]?.prompt).toContain("gemini: gemini says");
    expect((await backstage.read(id)).rounds[1]?.status).toBe("COMPLETED");
  });

  async function untaken(runner: TalkRunner, index: number) {
    await expect.poll(() => runner.calls.length).toBeGreaterThan(index);
    const call = runner.calls[index];
    if (!call) throw new Error("It was asked.");
    return call;
  }
});

test("in a parallel round nobody hears the others", async () => {
  const runner = new TalkRunner();
  runner.respond = talkative(runner);
  const started = await backstage.start(runner, { type: "OPEN" });
  await runAll(started);
  for (const { prompt } of runner.calls) expect(prompt).not.toContain("says");
});

describe("a DISCUSS", () => {
  test("ends early when the score reaches the threshold", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner, 0.8);
    const started = await backstage.start(runner, { rounds: 5 });
    await runAll(started);
    const { rounds, endedEarly, activity, consensus } = await backstage.read(started.id);
    expect(rounds).toHaveLength(1);
    expect({ endedEarly, activity, score: consensus?.score }).toEqual({
      endedEarly: true,
      activity: "IDLE",
      score: 0.8,
    });
  });

  test("holds all its rounds when it does not", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner, 0.79);
    const started = await backstage.start(runner, { rounds: 3 });
    await runAll(started);
    const { rounds, endedEarly, consensus } = await backstage.read(started.id);
    expect(rounds.map(({ type }) => type)).toEqual(["PARALLEL", "SEQUENTIAL", "SEQUENTIAL"]);
    expect(endedEarly).toBe(false);
    expect(consensus?.roundNumber).toBe(3);
  });

  test("has its models rank each other without names, and the scores are on the round", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const started = await backstage.start(runner, { rounds: 1, peerRanking: true });
    await runAll(started);
    const { rounds } = await backstage.read(started.id);
    expect(rounds[0]?.messages.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      ...Array(3).fill("ANSWER COMPLETED"),
      ...Array(3).fill("RANKING COMPLETED"),
    ]);
    const scores = rounds[0]?.scores as { model: string; rankings: number }[];
    expect(scores.map(({ model }) => model).toSorted()).toEqual(["claude", "gemini", "gpt"]);
    expect(scores.map(({ rankings }) => rankings)).toEqual([2, 2, 2]);
    const judged = runner.calls.filter(({ prompt }) => prompt.includes("Answer A"));
    expect(judged).toHaveLength(3);
    for (const { prompt } of judged) expect(prompt).not.toMatch(/claude|gpt|gemini/);
  });
});

describe("a summary", () => {
  const FAULTY = { agreements: [], disagreements: [], dissent: [], score: 1 };

  async function spoken() {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const started = await backstage.start(runner, { type: "OPEN" });
    await runAll(started);
    await summarizeConsensus(started.services, started.caller(), { discussionId: started.id, by: "gpt" });
    return { runner, ...started };
  }

  test("that drops a model is repaired once, by being told what is wrong", async () => {
    const { runner, ...started } = await spoken();
    let asked = 0;
    runner.respond = (call) => call.give(asked++ === 0 ? FAULTY : agreement(call.prompt));
    await runAll(started);
    const repair = runner.calls.at(-1);
    expect(repair?.messages).toHaveLength(3);
    expect(repair?.messages[1]).toBe(JSON.stringify(FAULTY));
    expect(repair?.messages[2]).toContain("- claude spoke and does not appear.");
    expect(await backstage.read(started.id)).toMatchObject({
      consensusFailure: null,
      consensus: { generatedBy: "gpt", score: 1 },
    });
  });

  test("that does not hold twice is none: the discussion says so and keeps what was said", async () => {
    const { runner, ...started } = await spoken();
    runner.respond = (call) => call.give(FAULTY);
    await runAll(started);
    const { consensus, consensusFailure, consensusFailureDetail, activity, rounds } = await backstage.read(
      started.id,
    );
    expect(consensus).toBeNull();
    expect(consensusFailure).toBe("INVALID_OUTPUT");
    expect(consensusFailureDetail).toContain("claude spoke and does not appear.");
    expect(activity).toBe("IDLE");
    expect(rounds[0]?.messages).toHaveLength(3);
    expect((await backstage.events(started.projectId)).at(-1)).toBe("consensus_failed");
  });

  test("that two write at once is stored once", async () => {
    const { runner, ...started } = await spoken();
    const task = first(started.tasks);
    runner.respond = () => {};
    const before = runner.calls.length;
    const slow = runDiscussionTask(started.services, task, unstopped());
    await expect.poll(() => runner.calls.length).toBe(before + 1);
    runner.respond = (call) => call.give(agreement(call.prompt, 0.9));
    await runDiscussionTask(started.services, task, unstopped());
    runner.calls[before]?.give(agreement(runner.calls[before].prompt, 0.1));
    await slow;
    expect((await backstage.read(started.id)).consensus?.score).toBe(0.9);
    expect(
      (await backstage.events(started.projectId)).filter((type) => type === "consensus_reached"),
    ).toHaveLength(1);
  });

  test("whose job is given up leaves the discussion open", async () => {
    const { services, tasks, id } = await spoken();
    await giveUpDiscussionTask(services, first(tasks));
    expect(await backstage.read(id)).toMatchObject({ activity: "IDLE", consensusFailure: "INTERNAL" });
  });

  test("that fails does not keep a DISCUSS from its next round", async () => {
    const runner = new TalkRunner();
    runner.respond = (call) => (call.isObject ? call.fail() : call.say("Yes.").end());
    const started = await backstage.start(runner, { rounds: 2 });
    await runAll(started);
    const { rounds, consensusFailure } = await backstage.read(started.id);
    expect(rounds).toHaveLength(2);
    expect(consensusFailure).toBe("UNAVAILABLE");
  });
});

describe("a person", () => {
  test("gets a direct answer of everybody that they name, once, also when it takes two runs", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const started = await backstage.start(runner, { type: "OPEN" });
    await runAll(started);
    const { services, tasks, id, caller } = started;
    await postMessage(services, caller(), { discussionId: id, content: "@gpt @Claude why?" });
    const task = first(tasks);
    runner.respond = (call) =>
      call.model === "gpt" ? call.say("Because.").end() : call.crash(new TypeError("a fault of ours"));
    await expect(runDiscussionTask(services, task, unstopped())).rejects.toThrow("a fault of ours");
    runner.respond = (call) => call.say("Well.").end();
    await runDiscussionTask(services, task, unstopped());
    const { rounds } = await backstage.read(id);
    expect(rounds[0]?.messages.slice(3)).toMatchObject([
      { kind: "PERSON", author: "FOUNDER", model: null, content: "@gpt @Claude why?", isDirect: false },
      { kind: "DIRECT", model: "gpt", content: "Because.", attempt: 1, isDirect: true },
      { kind: "DIRECT", model: "claude", content: "Well.", attempt: 2, isDirect: true },
    ]);
    expect(runner.calls.at(-1)?.prompt).toContain("asks you by name:\n\n@gpt @Claude why?");
  });
});

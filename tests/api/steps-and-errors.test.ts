import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { Agent, createRun, type Held, plan, readRun } from "./support/agent.ts";
import { Founder } from "./support/founder.ts";
import {
  CompleteStep,
  CreateWorkstream,
  RecordError,
  RecordRunEvent,
  StartStep,
  TransitionWorkstream,
} from "./support/run-commands.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
let projectId: string;

beforeAll(async () => {
  projectId = await founder.project();
});

/** A run with one workstream that the agent holds, and another one. */
async function underway(): Promise<{ runId: string; held: Held }> {
  const runId = await createRun(founder, projectId, plan("api", "web"));
  const { held } = await agent.claim({ runId });
  return { runId, held };
}

const message = "src/a.ts(3,14): error TS2345";
const error = { step: "static", errorCode: "TS2345", message };

describe("a step", () => {
  test("is started and completed, with its result", async () => {
    const { held } = await underway();
    const { attempt, events } = await founder.succeed(StartStep, { ...held, step: "edit" });
    expect(attempt).toMatchObject({
      step: "edit",
      number: 1,
      leaseAttempt: 1,
      status: "IN_PROGRESS",
      completedAt: null,
      result: null,
      workstream: { key: "api" },
    });
    expect(events).toMatchObject([
      { type: "step_started", actor: "AGENT", toState: "IN_PROGRESS", detail: { step: "edit", number: 1 } },
    ]);
    const result = { files: ["a.ts"], lines: 12, ok: true, note: null };
    const input = { attemptId: attempt.id, leaseToken: held.leaseToken, status: "SUCCESS", result } as const;
    const completed = await founder.succeed(CompleteStep, input);
    expect(completed.attempt).toMatchObject({ status: "SUCCESS", result });
    expect(completed.events).toMatchObject([
      { type: "step_completed", fromState: "IN_PROGRESS", toState: "SUCCESS", workstream: { key: "api" } },
    ]);
    expect(await founder.run(CompleteStep, { ...input, status: "FAILURE" })).toMatchObject({
      __typename: "ConflictError",
      currentState: "SUCCESS",
    });
    expect((await founder.succeed(StartStep, { ...held, step: "edit" })).attempt.number).toBe(2);
  });

  test("is in progress once at a time, beside other steps", async () => {
    const { held } = await underway();
    const attemptId = await agent.startStep(held, "static");
    const again = { ...held, step: "static", idempotencyKey: "static again" };
    for (let count = 0; count < 2; count += 1) {
      expect(await founder.run(StartStep, again)).toMatchObject({
        __typename: "ConflictError",
        currentState: "IN_PROGRESS",
        currentVersion: 1,
        attemptId,
      });
    }
    expect((await founder.succeed(StartStep, { ...held, step: "docs" })).attempt.number).toBe(1);
  });

  test("has to be completed before the workstream is done", async () => {
    const { held } = await underway();
    const attemptId = await agent.startStep(held, "runtime");
    for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK"] as const) await agent.move(held, to);
    expect(await founder.run(TransitionWorkstream, { ...held, to: "DONE" })).toMatchObject({
      __typename: "GuardRejectedError",
      rule: "STEP_IN_PROGRESS",
    });
    await founder.succeed(CompleteStep, { attemptId, leaseToken: held.leaseToken, status: "SKIPPED" });
    expect((await agent.move(held, "DONE")).status).toBe("DONE");
  });

  test("does not end before it began when the clock jumps back", async () => {
    const { held } = await underway();
    const { attempt } = await founder.succeed(StartStep, { ...held, step: "edit" });
    app.clock.advanceSeconds(-60);
    const input = { attemptId: attempt.id, leaseToken: held.leaseToken, status: "SUCCESS" } as const;
    expect((await founder.succeed(CompleteStep, input)).attempt.completedAt).toBe(attempt.startedAt);
    app.clock.advanceSeconds(60);
  });

  test("takes a result of 190 KB, and names the limit for one of 193", async () => {
    const { held } = await underway();
    const attemptId = await agent.startStep(held);
    const result = { log: "x".repeat(190 * 1024) };
    const input = { attemptId, leaseToken: held.leaseToken, status: "FAILURE", result } as const;
    const larger = { log: "x".repeat(193 * 1024) };
    expect(await founder.run(CompleteStep, { ...input, result: larger })).toMatchObject({
      issues: [{ path: "result", message: "must not be larger than 192 KB" }],
    });
    expect((await founder.succeed(CompleteStep, input)).attempt.result).toEqual(result);
  });

  test("refuses a result of 2 MB before it is read, and says so", async () => {
    const { held } = await underway();
    const attemptId = await agent.startStep(held);
    const input = {
      attemptId,
      leaseToken: held.leaseToken,
      status: "SUCCESS",
      result: { log: "x".repeat(2 * 1024 * 1024) },
    } as const;
    const { status, errors } = await send(app.url, CompleteStep.toString(), { input });
    expect(status).toBe(413);
    expect(errors?.[0]?.message).toBe("The request body may be at most 256 KB.");
  });
});

describe("an error", () => {
  test("that comes again counts up, with what differs kept as samples", async () => {
    const { runId, held } = await underway();
    const first = await founder.succeed(RecordError, { ...held, ...error, context: { line: 3 } });
    expect(first.error).toMatchObject({
      step: "static",
      errorCode: "TS2345",
      normalizedMessage: "<path>(<n>): error TS<n>",
      message,
      samples: [message],
      context: { line: 3 },
      count: 1,
      workstream: { key: "api" },
    });
    expect(first.events).toMatchObject([
      {
        type: "error_recorded",
        actor: "AGENT",
        reason: message,
        detail: {
          key: "api",
          step: "static",
          errorCode: "TS2345",
          signature: first.error.signature,
          count: 1,
        },
      },
      { type: "agent.retrying", actor: "SYSTEM", detail: { key: "api", attempt: 2, of: 3 } },
    ]);
    app.clock.advanceSeconds(5);
    const again = "src/deep/b.ts(7,1): error TS2300";
    const second = await founder.succeed(RecordError, { ...held, ...error, message: again });
    expect(second.error).toMatchObject({
      id: first.error.id,
      message,
      samples: [message, again],
      context: { line: 3 },
      count: 2,
      firstSeenAt: first.error.firstSeenAt,
      lastSeenAt: app.clock.now().toISOString(),
    });
    app.clock.advanceSeconds(-60);
    const third = await founder.succeed(RecordError, { ...held, ...error, context: { line: 9 } });
    expect(third.error).toMatchObject({
      samples: [message, again],
      context: { line: 9 },
      count: 3,
      lastSeenAt: second.error.lastSeenAt,
    });
    app.clock.advanceSeconds(55);
    const { timeline } = await readRun(founder, runId);
    expect(timeline.nodes.filter(({ type }) => type === "error_recorded")).toHaveLength(3);
  });

  test("is another one in another step, and with another message", async () => {
    const { held } = await underway();
    const ids = [
      (await founder.succeed(RecordError, { ...held, ...error })).error.id,
      (await founder.succeed(RecordError, { ...held, ...error, step: "runtime" })).error.id,
      (await founder.succeed(RecordError, { ...held, ...error, message: "Out of memory" })).error.id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  test("keeps the beginnings of five different messages and the whole of the first", async () => {
    const { held } = await underway();
    const long = (line: number) => `at line ${line}: ${"é🌱".repeat(4_000)}`;
    let last: { samples: string[]; message: string; count: number } | undefined;
    for (let line = 1; line <= 7; line += 1) {
      // Under codes that differ: the third time of one would stop the workstream.
      const input = { ...held, ...error, errorCode: `E${line}`, message: long(line) };
      ({ error: last } = await founder.succeed(RecordError, input));
    }
    expect(last?.count).toBe(7);
    expect(last?.message).toBe(long(1));
    expect(last?.samples).toHaveLength(5);
    for (const sample of last?.samples ?? []) {
      expect(sample.length).toBeGreaterThan(990);
      expect(sample.length).toBeLessThanOrEqual(1_000);
      expect(sample.isWellFormed()).toBe(true);
    }
  });

  test("is grouped over the run's workstreams, the most frequent first, with why", async () => {
    const { runId, held } = await underway();
    const { held: web } = await agent.claim({ runId });
    const record = (where: Held, text: string, step = "static") =>
      founder.succeed(RecordError, { ...where, step, errorCode: "E1", message: text });
    await record(held, "Out of memory");
    await record(held, "Port 3000 is taken");
    await record(held, "Port 3001 is taken");
    await record(web, "Port 8080 is taken");
    const { errorGroups } = await readRun(founder, runId);
    expect(errorGroups).toMatchObject([
      {
        normalizedMessage: "Port <n> is taken",
        count: 3,
        memberCount: 2,
        members: [
          { workstream: { key: "web" }, count: 1, samples: ["Port 8080 is taken"] },
          {
            workstream: { key: "api" },
            step: "static",
            errorCode: "E1",
            count: 2,
            samples: ["Port 3000 is taken", "Port 3001 is taken"],
          },
        ],
      },
      { normalizedMessage: "Out of memory", count: 1, members: [{ workstream: { key: "api" } }] },
    ]);
    expect(errorGroups[0]?.firstSeenAt).toBe(app.clock.now().toISOString());
  });

  test("is grouped with the 20 members where it was last seen, and their whole number", async () => {
    const { runId, held } = await underway();
    for (let step = 1; step <= 21; step += 1) {
      app.clock.advanceSeconds(1);
      const error = { ...held, step: `s${step}`, errorCode: `E${step}`, message: "It broke" };
      await founder.succeed(RecordError, error);
    }
    const [group] = (await readRun(founder, runId)).errorGroups;
    expect(group).toMatchObject({ count: 21, memberCount: 21 });
    expect(group?.members.map(({ step }) => step)).toEqual(
      Array.from({ length: 20 }, (_, index) => `s${21 - index}`),
    );
  });

  test("takes a message of 20,000 characters and a context of 190 KB", async () => {
    const { held } = await underway();
    const text = "é".repeat(20_000);
    const context = { log: "x".repeat(190 * 1024) };
    const input = { ...held, step: "edit", errorCode: "E1", message: text, context };
    const recorded = await founder.succeed(RecordError, input);
    expect(recorded.error).toMatchObject({ message: text, context });
  });
});

describe("an agent's own event", () => {
  test("is on record about the run, or about the workstream that it holds", async () => {
    const { runId, held } = await underway();
    const payload = { tokens: 1_200 };
    const about = await founder.succeed(RecordRunEvent, { runId, type: "tokens.used", payload });
    expect(about.events).toMatchObject([
      {
        __typename: "RunEvent",
        type: "run_event",
        actor: "AGENT",
        detail: { type: "tokens.used", payload },
        workstream: null,
      },
    ]);
    const inside = await founder.succeed(RecordRunEvent, { runId, ...held, type: "note" });
    expect(inside.events).toMatchObject([
      { workstream: { key: "api" }, detail: { type: "note", key: "api", payload: {} } },
    ]);
  });

  test("about another run's workstream is refused", async () => {
    const { held } = await underway();
    const { runId } = await underway();
    expect(await founder.run(RecordRunEvent, { runId, ...held, type: "note" })).toMatchObject({
      __typename: "NotFoundError",
      message: "The run has no such workstream.",
    });
  });
});

test("a workstream that is added does not disturb those that are there", async () => {
  const { runId, held } = await underway();
  const input = {
    runId,
    key: "late",
    title: "Late",
    dependsOn: ["api"],
    steps: ["edit"],
    metadata: { a: 1 },
  };
  const { workstream, events } = await founder.succeed(CreateWorkstream, input);
  expect(workstream).toMatchObject({
    key: "late",
    title: "Late",
    status: "PENDING",
    position: 2,
    dependsOn: [{ key: "api" }],
    steps: ["edit"],
    metadata: { a: 1 },
  });
  expect(events).toMatchObject([
    { type: "workstream_created", toState: "PENDING", detail: { key: "late", dependsOn: ["api"] } },
  ]);
  for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK"] as const) await agent.move(held, to);
  const done = await founder.succeed(TransitionWorkstream, { ...held, to: "DONE" });
  expect(done.events).toMatchObject([
    { toState: "DONE", workstream: { key: "api" } },
    { fromState: "PENDING", toState: "READY", workstream: { key: "late" } },
  ]);
});

describe("errors of one kind", () => {
  const overloaded = (id: string, wait: string) => `HTTP 529 Overloaded (${id}), retry after ${wait} “later”`;
  const MESSAGES = [
    overloaded("req_011CSHoEeqs5C35K2UUqR7Fy", "980ms"),
    overloaded("req_018EeqKVwT4nPq2LmZx3Ab", "1.02s"),
    overloaded("req_019ZxYwVuT7sRqPo5NmLkJ", "1m 2s"),
  ];
  const failure = { step: "edit", errorCode: "E1" };

  test("open the breaker although their ids and durations differ, and tell what does not count", async () => {
    const { held } = await underway();
    const nexts = [];
    for (const message of MESSAGES) {
      const { next, error } = await founder.succeed(RecordError, { ...held, ...failure, message });
      nexts.push([next, error.count]);
    }
    expect(nexts).toEqual([
      ["RETRY", 1],
      ["RETRY", 2],
      ["WAIT", 3],
    ]);
    const query =
      "query ($id: ID!) { node(id: $id) { ... on Workstream { errors { nodes { normalizedMessage replaced { placeholder text } } } } } }";
    const { data } = await send(app.url, query, { id: held.workstreamId });
    expect(data).toEqual({
      node: {
        errors: {
          nodes: [
            {
              normalizedMessage: "HTTP 529 Overloaded (req_<id>), retry after <duration> <text>",
              replaced: [
                { placeholder: "<text>", text: "“later”" },
                { placeholder: "<id>", text: "011CSHoEeqs5C35K2UUqR7Fy" },
                { placeholder: "<duration>", text: "980ms" },
              ],
            },
          ],
        },
      },
    });
  });

  test("that an earlier release has counted under another signature count on in their run", async () => {
    const { held } = await underway();
    const { prisma } = app.database;
    const record = async (message = "") => founder.succeed(RecordError, { ...held, ...failure, message });
    const [first, second, third] = MESSAGES.map((message) => `Again: ${message}`);
    const { error: before } = await record(first);
    const old = "0".repeat(64);
    const changed = await prisma.runError.updateMany({
      where: { signature: before.signature },
      data: { signature: old },
    });
    const streaks = await prisma.failureStreak.updateMany({
      where: { errorSignature: { endsWith: before.signature } },
      data: {
        errorSignature: `${(await prisma.failureStreak.findFirstOrThrow({ where: { errorSignature: { endsWith: before.signature } } })).errorSignature.slice(0, -64)}${old}`,
      },
    });
    expect([changed.count, streaks.count]).toEqual([1, 1]);
    expect((await record(second)).error).toMatchObject({ id: before.id, signature: old, count: 2 });
    expect((await record("HTTP 500 Overloaded")).error.signature).not.toBe(old);
    expect(await record(third)).toMatchObject({ next: "WAIT", error: { count: 3 } });
  });
});

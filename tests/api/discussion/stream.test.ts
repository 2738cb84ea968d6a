import { describe, expect, test } from "vitest";
import { openPostgres } from "../../../src/db/postgres.ts";
import type { DiscussionStreamSubscription } from "../../generated/graphql.ts";
import { startApp, type TestApp } from "../../support/app.ts";
import { TestClock } from "../../support/clock.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../../support/database.ts";
import { type Subscription, subscribe, TRANSPORTS } from "../../support/subscription.ts";
import { TalkRunner, talkative } from "../../support/talk-runner.ts";
import { bearer, SECRET_AUTH } from "../../support/tokens.ts";
import {
  CompleteDiscussion,
  DiscussionStream,
  PostMessage,
  StartDiscussion,
  SummarizeConsensus,
  untilQuiet,
} from "../support/discussions.ts";
import { Founder } from "../support/founder.ts";
import { untilOpen } from "../support/streams.ts";

type Update = DiscussionStreamSubscription["discussionStream"];
type Stream = Subscription<DiscussionStreamSubscription>;

/** The next update, null at the end. */
async function next(stream: Stream): Promise<Update | null> {
  const result = await stream.next();
  if (result?.errors) throw new Error(JSON.stringify(result.errors));
  return result?.data?.discussionStream ?? null;
}

/** The next updates, that many of them. */
async function take(stream: Stream, count: number): Promise<Update[]> {
  const updates: Update[] = [];
  while (updates.length < count) {
    const update = await next(stream);
    if (!update) throw new Error(`The stream ended after ${JSON.stringify(updates)}`);
    updates.push(update);
  }
  return updates;
}

/** All updates until the one of that type, and it too. */
async function until(stream: Stream, type: Update["__typename"]): Promise<Update[]> {
  const updates: Update[] = [];
  do updates.push(...(await take(stream, 1)));
  while (updates.at(-1)?.__typename !== type);
  return updates;
}

/** An update in short: its type, and of a delta where it begins and what it says. */
function short(update: Update | null): unknown {
  if (update?.__typename !== "MessageDelta") return update?.__typename;
  return [update.offset, update.text];
}

/** A discussion of one model that has been asked and has not said anything. */
async function asked(app: TestApp, runner: TalkRunner) {
  const founder = new Founder(app);
  const projectId = await founder.project();
  const input = { projectId, question: "Why?", type: "OPEN" as const, models: ["claude"] };
  const { discussion } = await founder.succeed(StartDiscussion, input);
  const call = await runner.next("claude");
  return { founder, projectId, id: discussion.id, call };
}

function open(
  app: { readonly url: string },
  discussionId: string,
  transport: (typeof TRANSPORTS)[number] = "WebSocket",
) {
  return subscribe(transport, app.url, DiscussionStream, { discussionId });
}

/** Lets the time pass after which the next piece is passed on. */
function wind({ timer, clock }: TestApp): void {
  timer.windTo(new Date(clock.now().getTime() + 100));
}

describe.each(TRANSPORTS)("a discussion over %s", (transport) => {
  test("is told as it is held, and ends when it is completed", async () => {
    const runner = new TalkRunner();
    const app = await startApp({ runner });
    const { founder, id, call } = await asked(app, runner);
    const stream = await open(app, id, transport);
    expect((await take(stream, 2)).map(short)).toEqual(["RoundStarted", "MessageStarted"]);
    call.say("We ");
    expect((await take(stream, 1)).map(short)).toEqual([[0, "We "]]);
    call.say("should ").say("build it");
    await expect.poll(() => app.timer.pending).toBe(1);
    wind(app);
    expect((await take(stream, 1)).map(short)).toEqual([[3, "should build it"]]);
    call.say(".").end();
    expect((await take(stream, 2)).map(short)).toEqual([[18, "."], "MessageCompleted"]);
    await untilQuiet(founder, id);
    runner.respond = talkative(runner);
    await founder.succeed(SummarizeConsensus, { discussionId: id });
    expect(await take(stream, 1)).toEqual([{ __typename: "ConsensusReached", consensus: { score: 1 } }]);
    await founder.succeed(PostMessage, { discussionId: id, content: "Thanks." });
    expect(await take(stream, 1)).toMatchObject([
      { __typename: "MessageCompleted", message: { kind: "PERSON", content: "Thanks." } },
    ]);
    await untilQuiet(founder, id);
    await founder.succeed(CompleteDiscussion, { discussionId: id });
    expect(await next(stream)).toBeNull();
  });
});

test("whoever joins late or comes back gets the text so far, then the rest", async () => {
  const runner = new TalkRunner();
  const app = await startApp({ runner });
  const { id, call } = await asked(app, runner);
  const first = await open(app, id);
  await take(first, 2);
  call.say("We should ");
  await take(first, 1);
  await first.close();
  call.say("build it");
  await expect.poll(() => app.timer.pending).toBe(1);
  wind(app);
  const late = await open(app, id);
  const there = await take(late, 3);
  expect(there.map(short).slice(0, 2)).toEqual(["RoundStarted", "MessageStarted"]);
  call.say(".").end();
  const rest = await until(late, "MessageCompleted");
  const deltas = [...there, ...rest].filter((update) => update.__typename === "MessageDelta");
  expect(deltas.map(({ text }) => text).join("")).toBe("We should build it.");
  expect(deltas.map(({ offset }) => offset)).toEqual(
    deltas.map((_, index) => deltas.slice(0, index).reduce((sum, { text }) => sum + text.length, 0)),
  );
  const afterwards = await open(app, id);
  expect((await take(afterwards, 4)).map(short)).toEqual([
    "RoundStarted",
    "MessageStarted",
    [0, "We should build it."],
    "MessageCompleted",
  ]);
});

test("a completed discussion is told from its beginning, and ends", async () => {
  const runner = new TalkRunner();
  runner.respond = talkative(runner);
  const app = await startApp({ runner });
  const founder = new Founder(app);
  const projectId = await founder.project();
  const input = { projectId, question: "Why?", type: "DISCUSS" as const, models: ["claude", "gpt"] };
  const { discussion } = await founder.succeed(StartDiscussion, input);
  await untilQuiet(founder, discussion.id);
  await founder.succeed(CompleteDiscussion, { discussionId: discussion.id });
  const stream = await open(app, discussion.id);
  const told = await until(stream, "ConsensusReached");
  expect(told.map(({ __typename }) => __typename)).toEqual([
    "RoundStarted",
    "MessageStarted",
    "MessageDelta",
    "MessageCompleted",
    "MessageStarted",
    "MessageDelta",
    "MessageCompleted",
    "ConsensusReached",
  ]);
  expect(await next(stream)).toBeNull();
});

test("what fails is told: the model, the round, the summary", async () => {
  const runner = new TalkRunner();
  const app = await startApp({ runner });
  const { founder, id, call } = await asked(app, runner);
  const stream = await open(app, id);
  await take(stream, 2);
  call.say("I thi").fail("REFUSED");
  const told = await until(stream, "DiscussionFailed");
  expect(told.at(-2)).toMatchObject({
    __typename: "MessageCompleted",
    message: { status: "FAILED", content: "I thi", failure: { reason: "REFUSED" } },
  });
  expect(told.at(-1)).toEqual({
    __typename: "DiscussionFailed",
    during: "ROUND",
    reason: "No model answered. claude: claude is not there.",
    failedRound: { roundNumber: 1 },
  });
  await founder.succeed(PostMessage, { discussionId: id, content: "@claude again?" });
  (await runner.next("claude")).say("Well.").end();
  await until(stream, "MessageDelta");
  await take(stream, 1);
  await untilQuiet(founder, id);
  await founder.succeed(SummarizeConsensus, { discussionId: id });
  (await runner.next("claude")).fail();
  expect(await take(stream, 1)).toEqual([
    {
      __typename: "DiscussionFailed",
      during: "SUMMARY",
      reason: "claude is not there.",
      failedRound: null,
    },
  ]);
});

test("characters that take two units arrive whole, wherever the model cuts them", async () => {
  const runner = new TalkRunner();
  const app = await startApp({ runner });
  const { id, call } = await asked(app, runner);
  const stream = await open(app, id);
  await take(stream, 2);
  call.say("A\ud83d");
  expect((await take(stream, 1)).map(short)).toEqual([[0, "A"]]);
  call.say("\ude00\u0000B").end();
  expect((await take(stream, 2)).map(short)).toEqual([[1, "😀B"], "MessageCompleted"]);
});

describe("a stream of a discussion", () => {
  test("is refused to whoever may not see it", async () => {
    const runner = new TalkRunner();
    runner.respond = talkative(runner);
    const app = await startApp({ runner, config: { auth: SECRET_AUTH } });
    const ada = new Founder(app, await bearer("ada"));
    const projectId = await ada.project();
    const input = { projectId, question: "Why?", type: "OPEN" as const };
    const { discussion } = await ada.succeed(StartDiscussion, input);
    for (const discussionId of [discussion.id, "discussion_01kzzzzzzzfzzsr000000000zz"]) {
      const stream = await subscribe(
        "WebSocket",
        app.url,
        DiscussionStream,
        { discussionId },
        await bearer("bob"),
      );
      expect(await stream.next()).toMatchObject({
        errors: [{ message: "There is no such discussion.", extensions: { code: "NOT_FOUND" } }],
      });
    }
    await untilQuiet(ada, discussion.id);
  });

  test("is cut, and not completed, when the server stops", async () => {
    const runner = new TalkRunner();
    const app = await startApp({ runner });
    const { id, call } = await asked(app, runner);
    const stream = await open(app, id, "SSE");
    await take(stream, 2);
    await untilOpen(app.url, 1);
    call.end();
    const stopped = app.stop();
    const rest = async () => {
      while (await next(stream));
    };
    await expect(rest()).rejects.toThrow("terminated");
    await stopped;
  });
});

describe.skipIf(!postgresAvailable)("two servers on one PostgreSQL database", () => {
  test("the one tells what the other's models say, as they say it", async () => {
    const database = await createPostgresTestDatabase();
    const speaker = new TalkRunner();
    const worker = await startApp({ runner: speaker, database });
    const { driver } = database;
    if (driver.kind !== "postgres") throw new Error("This is a PostgreSQL database.");
    // A pool of its own over the same database; closing it leaves the database to the first.
    const listener = new TalkRunner();
    const api = await startApp({
      runner: listener,
      clock: new TestClock(),
      database: await openPostgres(driver.connectionString),
    });
    const founder = new Founder(worker);
    const projectId = await founder.project();
    const input = { projectId, question: "Why?", type: "OPEN" as const, models: ["claude"] };
    const { discussion } = await founder.succeed(StartDiscussion, input);
    const call = await Promise.race([speaker.next("claude"), listener.next("claude")]);
    const [asks, tells] = speaker.calls.includes(call) ? [worker, api] : [api, worker];
    const stream = await open(tells, discussion.id);
    expect((await take(stream, 2)).map(short)).toEqual(["RoundStarted", "MessageStarted"]);
    call.say("We ");
    expect((await take(stream, 1)).map(short)).toEqual([[0, "We "]]);
    call.say("should");
    await expect.poll(() => asks.timer.pending).toBe(1);
    wind(asks);
    expect((await take(stream, 1)).map(short)).toEqual([[3, "should"]]);
    const late = await open(tells, discussion.id);
    expect((await take(late, 3)).map(short)).toEqual(["RoundStarted", "MessageStarted", [0, "We should"]]);
    call.say(".").end();
    for (const each of [stream, late]) {
      expect((await take(each, 2)).map(short)).toEqual([[9, "."], "MessageCompleted"]);
    }
  });
});

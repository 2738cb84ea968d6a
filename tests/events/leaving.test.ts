import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { StreamItem } from "../../src/events/hub.ts";
import { openHub, type TestHub } from "./support/hub.ts";
import { useDatabase } from "./support/project-log.ts";
import { expectNext, gate, goLive, nextEvent, untilBegun } from "./support/streams.ts";

const database = useDatabase();
const DONE = { done: true, value: undefined };

async function openProject() {
  const test = openHub(database());
  const ownerId = await test.writer.owner();
  const projectId = await test.writer.project(ownerId);
  return { ...test, ownerId, projectId };
}
type Opened = Awaited<ReturnType<typeof openProject>>;

async function appendAfterBeginning({ log, writer, projectId }: Opened): Promise<unknown> {
  await untilBegun(log);
  return writer.append(projectId);
}

/** Checks that nobody listens to anything: no stream is open, and a poll has nothing to ask for. */
async function expectNobody({ hub, log }: Pick<TestHub, "hub" | "log">): Promise<void> {
  expect(hub.size).toBe(0);
  log.polled = ["untouched"];
  log.polledOwners = ["untouched"];
  await hub.poll();
  expect([log.polled, log.polledOwners]).toEqual([["untouched"], ["untouched"]]);
}

const STREAMS = {
  project: ({ hub, projectId }: Opened, signal?: AbortSignal) => hub.projectStream(projectId, 1, signal),
  owner: ({ hub, ownerId }: Opened, signal?: AbortSignal) => hub.viewerStream({ userId: ownerId }, signal),
};

describe.each(Object.entries(STREAMS))("a %s stream leaves nothing behind", (_, open) => {
  test("when it is returned before it began", async () => {
    const opened = await openProject();
    const stream = open(opened);
    expect(opened.hub.size).toBe(1);
    expect(await stream.return?.()).toEqual(DONE);
    expect(await stream.next()).toEqual(DONE);
    await expectNobody(opened);
  });

  test("when it is returned while it waits", async () => {
    const opened = await openProject();
    const stream = open(opened);
    await goLive(stream, () => appendAfterBeginning(opened));
    const waiting = stream.next();
    expect(await stream.return?.()).toEqual(DONE);
    expect(await waiting).toEqual(DONE);
    await expectNobody(opened);
  });

  test("when its signal aborts while it waits", async () => {
    const opened = await openProject();
    const abort = new AbortController();
    const stream = open(opened, abort.signal);
    const waiting = stream.next();
    abort.abort();
    expect(await waiting).toEqual(DONE);
    await expectNobody(opened);
  });

  test("when its signal aborts while its reader is busy with an event and never comes back", async () => {
    const opened = await openProject();
    const abort = new AbortController();
    const stream = open(opened, abort.signal);
    await goLive(stream, () => appendAfterBeginning(opened));
    abort.abort();
    await nextTurn();
    await expectNobody(opened);
  });

  test("when its signal was aborted before it began", async () => {
    const opened = await openProject();
    const stream = open(opened, AbortSignal.abort());
    expect(await stream.next()).toEqual(DONE);
    await expectNobody(opened);
  });

  test("when the hub closes, and none is opened after", async () => {
    const opened = await openProject();
    const waiting = open(opened).next();
    opened.hub.close();
    expect(await waiting).toEqual(DONE);
    expect(await open(opened).next()).toEqual(DONE);
    await expectNobody(opened);
  });
});

test.each([
  ["is returned", (stream: AsyncIterableIterator<StreamItem>) => stream.return?.()],
  ["is aborted", (_: unknown, abort: AbortController) => abort.abort()],
])("a stream that %s in mid-replay ends there and leaves nothing behind", async (_, leave) => {
  const opened = await openProject();
  const { hub, log, writer, projectId } = opened;
  await writer.append(projectId, 600);
  const page = gate();
  log.afterRead = (_project, after) => (after === 500 ? page.pass() : undefined);
  const abort = new AbortController();
  const stream = hub.projectStream(projectId, 0, abort.signal);
  for (let sequence = 1; sequence <= 500; sequence++) await expectNext(stream, sequence);
  const inPage = stream.next();
  await page.entered;
  const left = leave(stream, abort);
  page.open();
  await left;
  expect(await inPage).toEqual(DONE);
  await expectNobody(opened);
});

test("a stream that leaves does not disturb those that stay", async () => {
  const { hub, log, writer, projectId } = await openProject();
  const [stays, leaves] = [hub.projectStream(projectId, 1), hub.projectStream(projectId, 1)];
  await goLive(stays, () => writer.append(projectId));
  await nextEvent(leaves);
  await leaves.return?.();
  await writer.append(projectId);
  await expectNext(stays, 4);
  await hub.poll();
  expect(log.polled).toEqual([projectId]);
  expect(hub.size).toBe(1);
});

describe("a log that cannot be read", () => {
  test("ends the stream that replays it, with the error, and leaves nothing behind", async () => {
    const opened = await openProject();
    opened.log.beforeRead = () => Promise.reject(new Error("no database"));
    await expect(opened.hub.projectStream(opened.projectId, 0).next()).rejects.toThrow("no database");
    await expectNobody(opened);
  });

  test("delays the stream that replays it until the next poll, where what it failed with will pass", async () => {
    const { hub, log, warnings, writer } = openHub(database(), { passes: () => true });
    const projectId = await writer.project(await writer.owner());
    const failed = gate();
    log.beforeRead = () => {
      void failed.pass();
      return Promise.reject(new Error("no database"));
    };
    const stream = hub.projectStream(projectId, 0);
    const next = nextEvent(stream);
    await failed.entered;
    log.beforeRead = () => undefined;
    await expect.poll(() => warnings).toEqual([expect.objectContaining({ message: "no database" })]);
    await hub.poll();
    expect((await next).sequence).toBe(1);
  });

  test("delays a live stream until the next wake-up", async () => {
    const { hub, log, warnings, writer, projectId } = await openProject();
    const stream = hub.projectStream(projectId, 1);
    await goLive(stream, () => writer.append(projectId));
    const failed = gate();
    log.beforeRead = () => {
      void failed.pass();
      return Promise.reject(new Error("no database"));
    };
    const next = nextEvent(stream);
    await writer.append(projectId);
    await failed.entered;
    log.beforeRead = () => undefined;
    await writer.append(projectId);
    expect((await next).sequence).toBe(4);
    await expectNext(stream, 5);
    expect(warnings).toEqual([expect.objectContaining({ message: "no database" })]);
  });
});

import { describe, expect, test } from "vitest";
import { BoundedQueue } from "../../src/events/bounded-queue.ts";
import { openHub } from "./support/hub.ts";
import { useDatabase } from "./support/project-log.ts";
import { expectNext, goLive, nextSequences, range } from "./support/streams.ts";

const database = useDatabase();
const MAX_BEHIND = 5;

/** Two live streams of a project, both having seen everything. */
async function openTwo() {
  const { hub, writer } = openHub(database(), { maxBehind: MAX_BEHIND });
  const projectId = await writer.project(await writer.owner());
  const append = () => writer.append(projectId);
  const slow = hub.projectStream(projectId, 1);
  const quick = hub.projectStream(projectId, 1);
  await goLive(slow, append);
  await nextSequences(quick, 2);
  await goLive(quick, append);
  await nextSequences(slow, 2);
  return { hub, projectId, slow, quick, append };
}

test("a reader as far behind as is allowed loses nothing", async () => {
  const { slow, quick, append } = await openTwo();
  for (const sequence of range(6, 5 + MAX_BEHIND)) {
    await append();
    await expectNext(quick, sequence);
  }
  expect(await nextSequences(slow, MAX_BEHIND)).toEqual(range(6, 5 + MAX_BEHIND));
});

test("a reader further behind is told where to go on, and there loses nothing; others notice nothing", async () => {
  const { hub, projectId, slow, quick, append } = await openTwo();
  for (const sequence of range(6, 30)) {
    await append();
    await expectNext(quick, sequence);
  }
  const { value } = await slow.next();
  expect(value).toEqual({ lagged: true, resumeAfter: { projectId, sequence: 5 } });
  expect(await slow.next()).toEqual({ done: true, value: undefined });
  expect(hub.size).toBe(1);

  const resumed = hub.projectStream(projectId, 5);
  expect(await nextSequences(resumed, 25)).toEqual(range(6, 30));
  await append();
  await expectNext(resumed, 31);
  await expectNext(quick, 31);
});

test("a slow replay is never ended: it reads the log at its own pace", async () => {
  const { hub, writer } = openHub(database(), { maxBehind: MAX_BEHIND });
  const projectId = await writer.project(await writer.owner());
  await writer.append(projectId, 600);
  const stream = hub.projectStream(projectId, 0);
  await expectNext(stream, 1);
  for (let event = 0; event < 10 * MAX_BEHIND; event++) await writer.append(projectId);
  expect(await nextSequences(stream, 650)).toEqual(range(2, 651));
});

describe("the queue", () => {
  test("gives what was pushed in order, then waits", async () => {
    const queue = new BoundedQueue<number>(2);
    queue.push(1);
    queue.push(2);
    expect([await queue.next(), await queue.next()]).toEqual([
      { kind: "item", item: 1 },
      { kind: "item", item: 2 },
    ]);
    const waiting = queue.next();
    queue.push(3);
    expect(await waiting).toEqual({ kind: "item", item: 3 });
  });

  test("drops everything past its limit, keeps nothing more and says so for good", async () => {
    const queue = new BoundedQueue<object>(2);
    for (const item of [{}, {}, {}, {}]) queue.push(item);
    expect(await queue.next()).toEqual({ kind: "overflow" });
    queue.push({});
    expect(await queue.next()).toEqual({ kind: "overflow" });
  });

  test("ends whoever waits when it is closed, and drops what is in it", async () => {
    const queue = new BoundedQueue<number>(2);
    const waiting = queue.next();
    queue.close();
    expect(await waiting).toEqual({ kind: "closed" });
    queue.push(1);
    expect(await queue.next()).toEqual({ kind: "closed" });
    expect(queue.closed).toBe(true);
  });
});

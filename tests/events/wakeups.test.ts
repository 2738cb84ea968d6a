import { expect, test } from "vitest";
import { openHub } from "./support/hub.ts";
import { useDatabase } from "./support/project-log.ts";
import { expectNext, gate, goLive, nextSequences } from "./support/streams.ts";

const database = useDatabase();

async function openLive() {
  const test = openHub(database());
  const projectId = await test.writer.project(await test.writer.owner());
  const stream = test.hub.projectStream(projectId, 1);
  await goLive(stream, () => test.writer.append(projectId));
  return { ...test, projectId, stream };
}

test("a lost wake-up is made up for by the next poll", async () => {
  const { hub, writer, projectId, stream } = await openLive();
  const next = nextSequences(stream, 2);
  await writer.appendQuietly(projectId, 2);
  await hub.poll();
  expect(await next).toEqual([4, 5]);
});

test("a lost wake-up is made up for by the next one", async () => {
  const { writer, projectId, stream } = await openLive();
  const next = nextSequences(stream, 2);
  await writer.appendQuietly(projectId);
  await writer.append(projectId);
  expect(await next).toEqual([4, 5]);
});

test("wake-ups that come twice, late or in the wrong order bring each event once", async () => {
  const { wakeups, writer, projectId, stream } = await openLive();
  const sent = [await writer.appendQuietly(projectId), await writer.appendQuietly(projectId)];
  const next = nextSequences(stream, 2);
  for (const wakeup of [...sent].reverse()) wakeups.publish(wakeup);
  expect(await next).toEqual([4, 5]);
  for (const wakeup of [...sent, ...sent]) wakeups.publish(wakeup);
  await writer.append(projectId);
  await expectNext(stream, 6);
});

test("wake-ups that come during a reading cause one more, however many they are", async () => {
  const { log, writer, projectId, stream } = await openLive();
  const before = log.reads.length;
  const reading = gate();
  log.afterRead = () => reading.pass();
  const next = nextSequences(stream, 21);
  await writer.append(projectId);
  await reading.entered;
  for (let event = 0; event < 20; event++) await writer.append(projectId);
  reading.open();
  expect((await next).at(-1)).toBe(24);
  expect(log.reads.slice(before)).toEqual([3, 4]);
});

test("a wake-up is read once for all streams of the project", async () => {
  const { hub, log, writer, projectId, stream } = await openLive();
  const append = () => writer.append(projectId);
  const second = hub.projectStream(projectId, 3);
  await goLive(second, append);
  const third = hub.projectStream(projectId, 5);
  await goLive(third, append);
  await nextSequences(stream, 4);
  await nextSequences(second, 2);

  const before = log.reads.length;
  const next = [stream, second, third].map((each) => expectNext(each, 8));
  await append();
  await Promise.all(next);
  expect(log.reads.slice(before)).toEqual([7]);
});

test("a wake-up for a project that nobody listens to reads nothing", async () => {
  const { log, writer, projectId, stream } = await openLive();
  const elsewhere = await writer.project(await writer.owner());
  const before = log.reads.length;
  await writer.append(elsewhere);
  await writer.append(projectId);
  await expectNext(stream, 4);
  expect(log.reads.slice(before)).toEqual([3]);
});

test("a poll that fails is warned of, and the next one works", async () => {
  const { hub, log, warnings, writer, projectId, stream } = await openLive();
  const next = nextSequences(stream, 1);
  await writer.appendQuietly(projectId);
  const { headsOfProjects } = log;
  log.headsOfProjects = () => Promise.reject(new Error("no database"));
  await hub.poll();
  expect(warnings).toEqual([expect.objectContaining({ message: "no database" })]);
  log.headsOfProjects = headsOfProjects;
  await hub.poll();
  expect(await next).toEqual([4]);
});

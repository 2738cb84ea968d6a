import { expect, test } from "vitest";
import type { StreamItem } from "../../src/events/hub.ts";
import { WakeupInbox } from "../../src/events/wakeup-inbox.ts";
import { openHub } from "./support/hub.ts";
import { useDatabase } from "./support/project-log.ts";
import { goLive, nextEvent, untilBegun } from "./support/streams.ts";

const database = useDatabase();

/** A live stream of an owner with two projects, whose logs hold three events and one. */
async function openOwner() {
  const test = openHub(database(), { maxBehind: 3 });
  const ownerId = await test.writer.owner();
  const first = await test.writer.project(ownerId);
  const second = await test.writer.project(ownerId);
  const stream = test.hub.viewerStream({ userId: ownerId });
  await goLive(stream, async () => {
    await untilBegun(test.log);
    await test.writer.append(first);
  });
  return { ...test, ownerId, first, second, stream };
}

/** The next events as project and sequence. */
async function nextPlaces(stream: AsyncIterableIterator<StreamItem>, count: number) {
  const places: (readonly [string, number])[] = [];
  while (places.length < count) {
    const { projectId, sequence } = await nextEvent(stream);
    places.push([projectId, sequence]);
  }
  return places;
}

test("brings what happens in every project of the owner, each in order", async () => {
  const { writer, first, second, stream } = await openOwner();
  const next = nextPlaces(stream, 5);
  await writer.append(second, 2);
  await writer.append(first);
  await writer.append(second, 2);
  const places = await next;
  expect(places.filter(([id]) => id === first)).toEqual([[first, 4]]);
  expect(places.filter(([id]) => id === second)).toEqual([2, 3, 4, 5].map((sequence) => [second, sequence]));
});

test("includes a project from its first event on that was made later", async () => {
  const { writer, ownerId, stream } = await openOwner();
  const next = nextPlaces(stream, 3);
  const third = await writer.project(ownerId);
  await writer.append(third, 2);
  expect(await next).toEqual([1, 2, 3].map((sequence) => [third, sequence]));
});

test("brings nothing of another owner", async () => {
  const { writer, first, stream } = await openOwner();
  await writer.append(await writer.project(await writer.owner()), 3);
  await writer.append(first);
  expect(await nextPlaces(stream, 1)).toEqual([[first, 4]]);
});

test("makes up for a lost wake-up with the next poll", async () => {
  const { hub, writer, first, stream } = await openOwner();
  const next = nextPlaces(stream, 1);
  await writer.appendQuietly(first);
  await hub.poll();
  expect(await next).toEqual([[first, 4]]);
});

test("lets its reader be away for as long as it likes: it loses nothing", async () => {
  const { hub, writer, first, second, stream } = await openOwner();
  for (let event = 0; event < 20; event++) {
    await writer.append(first);
    await writer.append(second);
    await hub.poll();
  }
  const places = await nextPlaces(stream, 40);
  expect(places.filter(([id]) => id === first).map(([, sequence]) => sequence)).toEqual(
    Array.from({ length: 20 }, (_, index) => 4 + index),
  );
  expect(places.filter(([id]) => id === second).map(([, sequence]) => sequence)).toEqual(
    Array.from({ length: 20 }, (_, index) => 2 + index),
  );
});

test("the inbox keeps one wake-up of each project, the furthest", async () => {
  const inbox = new WakeupInbox();
  for (const sequence of [2, 5, 3]) inbox.push({ projectId: "a", sequence });
  inbox.push({ projectId: "b", sequence: 1 });
  expect(await inbox.next()).toMatchObject({ projectId: "a", sequence: 5 });
  expect(await inbox.next()).toMatchObject({ projectId: "b", sequence: 1 });
  const waiting = inbox.next();
  inbox.close();
  expect(await waiting).toBeNull();
});

import { describe, expect, test } from "vitest";
import { openHub } from "./support/hub.ts";
import { useDatabase } from "./support/project-log.ts";
import { expectNext, gate, goLive, nextSequences, range } from "./support/streams.ts";

const database = useDatabase();

/** A hub, and a project whose log holds that many events. */
async function openProject(events: number, options?: { maxBehind: number }) {
  const test = openHub(database(), options);
  const projectId = await test.writer.project(await test.writer.owner());
  if (events > 1) await test.writer.append(projectId, events - 1);
  return { ...test, projectId, append: (count = 1) => test.writer.append(projectId, count) };
}

describe("one stream", () => {
  test("replays the log from its start, page after page, and goes on with what happens then", async () => {
    const { hub, log, projectId, append } = await openProject(1_203);
    const stream = hub.projectStream(projectId, 0);
    expect(await nextSequences(stream, 1_203)).toEqual(range(1, 1_203));
    expect(log.reads).toEqual([0, 500, 1_000]);
    const live = nextSequences(stream, 3);
    await append(2);
    await append();
    expect(await live).toEqual([1_204, 1_205, 1_206]);
  });

  test("replays a log of exactly one page and goes on", async () => {
    const { hub, projectId, append } = await openProject(500);
    const stream = hub.projectStream(projectId, 0);
    expect(await nextSequences(stream, 500)).toEqual(range(1, 500));
    await append();
    await expectNext(stream, 501);
  });

  test("from the end of the log brings only what happens next", async () => {
    const { hub, projectId, append } = await openProject(3);
    const stream = hub.projectStream(projectId, 3);
    const next = nextSequences(stream, 2);
    await append(2);
    expect(await next).toEqual([4, 5]);
  });

  test.each([
    ["before a page is read", "beforeRead"],
    ["after a page was read", "afterRead"],
  ] as const)("misses and repeats nothing that is committed %s, up to and beyond going live", async (_, probe) => {
    const { hub, log, projectId, append } = await openProject(2);
    let committed = 2;
    log[probe] = () => {
      if (committed >= 20) return undefined;
      committed += 2;
      return append(2);
    };
    const stream = hub.projectStream(projectId, 0);
    let seen = 0;
    for (let round = 0; round < 4; round++) {
      while (seen < committed) await expectNext(stream, ++seen);
      committed += 1;
      await append();
    }
    while (seen < committed) await expectNext(stream, ++seen);
  });

  test("misses nothing that is committed between replay and going live without a wake-up", async () => {
    const { hub, log, writer, projectId } = await openProject(1);
    const committed = gate();
    log.afterRead = async () => {
      log.afterRead = () => undefined;
      await writer.appendQuietly(projectId, 2);
      void committed.pass();
    };
    const stream = hub.projectStream(projectId, 0);
    const events = nextSequences(stream, 3);
    await committed.entered;
    await hub.poll();
    expect(await events).toEqual([1, 2, 3]);
  });
});

describe("several streams of one project", () => {
  test("from different places each bring the rest of the log and then the same events", async () => {
    const { hub, projectId, append } = await openProject(700);
    const places = [0, 1, 350, 499, 500, 699, 700];
    const streams = places.map((after) => hub.projectStream(projectId, after));
    const read = streams.map((stream, index) => nextSequences(stream, 700 - (places[index] ?? 0) + 5));
    await append(2);
    await append(3);
    expect(await Promise.all(read)).toEqual(places.map((after) => range(after + 1, 705)));
  });

  test("go on while one of them is held up in its replay", async () => {
    const { hub, log, projectId, append } = await openProject(600);
    const live = hub.projectStream(projectId, 600);
    await goLive(live, append);

    const page = gate();
    log.afterRead = (_, after) => (after === 0 ? page.pass() : undefined);
    const late = hub.projectStream(projectId, 0);
    const replayed = nextSequences(late, 605);
    await page.entered;
    for (const sequence of [603, 604, 605]) {
      await append();
      await expectNext(live, sequence);
    }
    page.open();
    expect(await replayed).toEqual(range(1, 605));

    await append();
    await expectNext(live, 606);
    await expectNext(late, 606);
  });

  test("get each event once when the one that joins is ahead of those that are live", async () => {
    const { hub, log, projectId, append } = await openProject(1);
    const live = hub.projectStream(projectId, 1);
    await goLive(live, append);

    const reading = gate();
    log.afterRead = () => reading.pass();
    const lagging = nextSequences(live, 4);
    await append(2);
    await reading.entered;
    log.afterRead = () => undefined;
    await append(1);
    const ahead = hub.projectStream(projectId, 0);
    expect(await nextSequences(ahead, 6)).toEqual(range(1, 6));
    const next = nextSequences(ahead, 1);
    reading.open();
    await append();
    expect(await lagging).toEqual([4, 5, 6, 7]);
    expect(await next).toEqual([7]);
  });

  test("do not fill the queue of one that joins with what it has seen in its replay", async () => {
    const { hub, log, projectId, append } = await openProject(1, { maxBehind: 5 });
    const leaving = hub.projectStream(projectId, 1);
    await goLive(leaving, append);
    const reading = gate();
    log.afterRead = () => reading.pass();
    const waiting = leaving.next();
    await append(50);
    await reading.entered;
    log.afterRead = () => undefined;

    const joining = hub.projectStream(projectId, 0);
    expect(await nextSequences(joining, 53)).toEqual(range(1, 53));
    const next = nextSequences(joining, 1);
    await leaving.return?.();
    await waiting;
    reading.open();
    await append();
    expect(await next).toEqual([54]);
  });
});

import pg from "pg";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { ParkProject, UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { nextEvent, ProjectStream, untilOpen, ViewerStream } from "../api/support/streams.ts";
import { startApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";

vi.setConfig({ testTimeout: 240_000 });

const WRITERS = 16;
const EVENTS = 2_000;
const CUTS = 50;
const PROJECTS = 4;
/** Far more than a listening connection needs to come back. */
const RECONNECTS_MS = 30_000;

/** Where an event is: enough to tell whether it came, came once, and came in its turn. */
interface Place {
  readonly projectId: string;
  readonly sequence: number;
  readonly type: string;
}

describe.skipIf(!postgresAvailable)("the connection that listens", () => {
  test(`may be ended ${CUTS} times while ${WRITERS} writers write ${EVENTS} events: every subscriber gets each once, in order`, async () => {
    const database = await createPostgresTestDatabase();
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const { connectionString } = database.driver;
    // The writers use one node and the subscribers another, which so hears of everything by LISTEN alone.
    const reading = await startApp({ database, parts: ["api"] });
    const writing = await startApp({
      database: await openDatabase({ databaseUrl: connectionString, embeddedPath: "" }),
      parts: ["api"],
    });
    const founder = new Founder(writing);
    const projects = await Promise.all(Array.from({ length: PROJECTS }, () => founder.project()));

    const received: Promise<Place[]>[] = [];
    for (const transport of TRANSPORTS) {
      const viewer = await subscribe(transport, reading.url, ViewerStream, {});
      const all = EVENTS + PROJECTS;
      received.push(collect(async () => placeOf(await nextEvent(viewer)), all));
      for (const projectId of projects) {
        const { startCursor } = await founder.log(projectId);
        const after = startCursor;
        const stream = await subscribe(transport, reading.url, ProjectStream, { projectId, after });
        // From the beginning, so with the event of its creation.
        received.push(collect(async () => placeOf(await nextEvent(stream)), 1 + EVENTS / PROJECTS + 1));
      }
    }
    await untilOpen(reading.url, TRANSPORTS.length * (1 + PROJECTS));

    const admin = new pg.Client(connectionString);
    await admin.connect();
    onTestFinished(() => admin.end());
    let written = 0;
    let cuts = 0;
    const write = async () => {
      while (written < EVENTS) {
        const event = written++;
        const projectId = projects[event % PROJECTS] as string;
        await founder.succeed(UpdateProject, { projectId, name: `Name ${event}` });
        if (event % (EVENTS / CUTS) !== 0) continue;
        await cut(admin);
        cuts += 1;
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    expect(cuts).toBe(CUTS);
    // Whatever came too often would come before this one.
    for (const projectId of projects) await founder.succeed(ParkProject, { projectId });

    const last = 1 + EVENTS / PROJECTS + 1;
    for (const places of await Promise.all(received)) {
      for (const projectId of new Set(places.map((place) => place.projectId))) {
        const ofProject = places.filter((place) => place.projectId === projectId);
        const first = ofProject[0]?.sequence ?? 0;
        expect(ofProject.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        );
        expect(first).toBeLessThanOrEqual(2);
        expect(ofProject.at(-1)?.type).toBe("park");
      }
    }
    for (const projectId of projects) {
      expect((await founder.log(projectId)).verification).toEqual({ ok: true, checked: last, fault: null });
    }
  });
});

function placeOf(event: { project: { id: string }; sequence: number; type: string }): Place {
  return { projectId: event.project.id, sequence: event.sequence, type: event.type };
}

async function collect(next: () => Promise<Place>, count: number): Promise<Place[]> {
  const places: Place[] = [];
  while (places.length < count) places.push(await next());
  return places;
}

/** Waits until a connection listens and ends what does: that is one interruption, however many nodes have it. */
async function cut(admin: pg.Client): Promise<void> {
  const terminate = async () => {
    const { rowCount } = await admin.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'gatehouse-listen' AND datname = current_database()
        AND state = 'idle' AND query LIKE 'LISTEN%'`);
    return rowCount;
  };
  // Not without a pause: it would keep server and writers from the processor while they connect again.
  await expect.poll(terminate, { interval: 20, timeout: RECONNECTS_MS }).toBeGreaterThan(0);
}

import { describe, expect, onTestFinished, test } from "vitest";
import { connectionOptions } from "../../src/db/connection-options.ts";
import type { Database } from "../../src/db/database.ts";
import { createPostgresWakeups } from "../../src/events/postgres-wakeups.ts";
import type { Wakeup, Wakeups } from "../../src/events/wakeups.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { openHub } from "./support/hub.ts";
import { LogWriter, useDatabase } from "./support/project-log.ts";
import { expectNext, goLive, nextSequences, range } from "./support/streams.ts";

describe.skipIf(!postgresAvailable)("wake-ups over LISTEN and NOTIFY", () => {
  const database = useDatabase(createPostgresTestDatabase);

  test("reach the streams of another node", async () => {
    const { writer, hub } = await openNodes(database());
    const projectId = await writer.project(await writer.owner());
    const stream = hub.projectStream(projectId, 1);
    await goLive(stream, () => writer.append(projectId));
    await writer.append(projectId);
    await expectNext(stream, 4);
  });

  test("that pile up while one is sent go out together, the furthest of each project", async () => {
    const { sender, receiver } = await openNodes(database());
    const received: Wakeup[] = [];
    const last = Promise.withResolvers<void>();
    receiver.listen({
      onWakeup: (wakeup) => {
        received.push(wakeup);
        if (wakeup.projectId === "last") last.resolve();
      },
      onResync: () => {},
    });
    for (const sequence of range(1, 200)) {
      sender.publish({ projectId: `p${sequence % 100}`, sequence });
    }
    sender.publish({ projectId: "last", sequence: 1 });
    await last.promise;
    // The first goes out alone, as nothing was under way; what came meanwhile is one wake-up for each of 100.
    expect(received).toHaveLength(1 + 100 + 1);
    expect(received.slice(1, -1).map(({ sequence }) => sequence)).toEqual(
      expect.arrayContaining(range(101, 200)),
    );
  });

  test("a notification that is none of ours makes the node look at everything", async () => {
    const { writer, hub } = await openNodes(database());
    const projectId = await writer.project(await writer.owner());
    const stream = hub.projectStream(projectId, 1);
    await goLive(stream, () => writer.append(projectId));
    const next = nextSequences(stream, 1);
    await writer.appendQuietly(projectId);
    await database().prisma.$executeRaw`SELECT pg_notify('gatehouse_events', 'not JSON')`;
    expect(await next).toEqual([4]);
  });

  test("may lose their connection 20 times under 8 writers: every stream gets every event once, in order", async () => {
    const { writer, hub } = await openNodes(database());
    const projects = await Promise.all([1, 2].map(async () => writer.project(await writer.owner())));
    const subscribers = projects.flatMap((projectId) =>
      [0, 1, 1].map(async (after) => {
        const sequences = await nextSequences(hub.projectStream(projectId, after), 251 - after);
        expect(sequences).toEqual(range(after + 1, 251));
      }),
    );
    let written = 0;
    let cuts = 0;
    const write = async () => {
      while (written < 500) {
        const event = written++;
        // The others write on while this one waits for the connection to be back and cuts it.
        if (event % 25 === 0) {
          const ended = await cutListener(database());
          cuts += ended;
        }
        await writer.append(projects[event % 2] as string);
      }
    };
    await Promise.all(Array.from({ length: 8 }, write));
    await Promise.all(subscribers);
    expect(cuts).toBe(20);
  });
});

/** Two nodes on one database: one that writes, and one with the streams, which hears of it over LISTEN only. */
async function openNodes(database: Database) {
  const [sender, receiver] = [connect(database), connect(database)];
  await receiver.start();
  onTestFinished(() => receiver.stop());
  const { hub } = openHub(database, { wakeups: receiver });
  return { sender, receiver, hub, writer: new LogWriter(database, sender) };
}

function connect({ driver }: Database): Wakeups {
  if (driver.kind !== "postgres") throw new Error("LISTEN between nodes needs a PostgreSQL server.");
  return createPostgresWakeups({
    connection: connectionOptions(driver.connectionString),
    query: (sql, values) => driver.pool.query(sql, values),
    log: { info: () => {}, warn: () => {} },
  });
}

/** Waits until the connection that listens is there and ends it; returns how many that were. */
async function cutListener({ prisma }: Database): Promise<number> {
  for (;;) {
    const ended = await prisma.$queryRaw<unknown[]>`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'gatehouse-listen' AND datname = current_database()
        AND state = 'idle' AND query LIKE 'LISTEN%'`;
    if (ended.length > 0) return ended.length;
  }
}

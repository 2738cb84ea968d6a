import { describe, expect, onTestFinished, test, vi } from "vitest";
import { UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { nextEvent, ProjectStream } from "../api/support/streams.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { subscribe } from "../support/subscription.ts";
import { type ServerProcess, STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();
const ROUNDS = 3;
const CLIENTS = 8;
const WRITES_BEFORE_KILL = 40;

const ENGINES: [string, boolean, () => Promise<Record<string, string>>][] = [
  ["the embedded database", true, async () => ({ PIPELINE_DB_PATH: migratedPlace() })],
  ["PostgreSQL", postgresAvailable, postgres],
];

async function postgres(): Promise<Record<string, string>> {
  const database = await createPostgresTestDatabase();
  onTestFinished(() => database.close());
  if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
  return { DATABASE_URL: database.driver.connectionString };
}

describe.for(ENGINES)("kill -9 of a server on %s under load", ([, available, place]) => {
  test.skipIf(!available)(
    "loses no acknowledged write, breaks no log, and a retry has one effect",
    async () => {
      const env = { ...(await place()), SEED_DEMO: "false" };
      let server = startServer(env);
      let founder = new Founder(await server.ready());
      const projectId = await founder.project("0");
      const written = new Set(["0"]);

      for (let round = 0; round < ROUNDS; round++) {
        const { acknowledged, unanswered } = await writeUntilKilled(server, founder, projectId, round);
        expect(unanswered.length).toBeGreaterThan(0);

        server = startServer(env);
        founder = new Founder(await server.ready());
        const found = await names(founder, projectId, (await server.ready()).url);
        expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);

        // Some of these were committed before the kill and some were not: nobody can tell, so the client asks again.
        for (const name of unanswered) await founder.succeed(UpdateProject, update(projectId, name));
        for (const name of [...acknowledged, ...unanswered]) written.add(name);
      }

      const found = await names(founder, projectId, (await server.ready()).url);
      expect(found.toSorted()).toEqual([...written].sort());
      const { verification } = await founder.log(projectId);
      expect(verification).toEqual({ ok: true, checked: written.size, fault: null });
    },
  );
});

const update = (projectId: string, name: string) => ({ projectId, name, idempotencyKey: `name-${name}` });

/** Clients that write one name after another until the server dies under them. */
async function writeUntilKilled(server: ServerProcess, founder: Founder, projectId: string, round: number) {
  const acknowledged: string[] = [];
  const unanswered: string[] = [];
  async function write(client: number): Promise<void> {
    for (let count = 0; ; count++) {
      const name = `${round}/${client}/${count}`;
      try {
        await founder.succeed(UpdateProject, update(projectId, name));
      } catch {
        unanswered.push(name);
        return;
      }
      acknowledged.push(name);
      if (acknowledged.length === WRITES_BEFORE_KILL) void server.end("SIGKILL");
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => write(client)));
  expect(await server.ended).toMatchObject({ signal: "SIGKILL" });
  return { acknowledged, unanswered };
}

/** The names that the project was given, in the order of its log, whose sequences must have no gap. */
async function names(founder: Founder, projectId: string, url: string): Promise<string[]> {
  const { startCursor, count } = await founder.log(projectId);
  const stream = await subscribe("WebSocket", url, ProjectStream, { projectId, after: startCursor });
  const found: string[] = [];
  while (found.length < count) {
    const { sequence, detail } = await nextEvent(stream);
    found.push((detail as { name: string }).name);
    expect(sequence).toBe(found.length);
  }
  await stream.close();
  return found;
}

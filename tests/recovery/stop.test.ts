import { once } from "node:events";
import { existsSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { ParkProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { nextEvent, ProjectStream } from "../api/support/streams.ts";
import { startChild } from "../support/child.ts";
import { TestClock } from "../support/clock.ts";
import { createTestDatabase } from "../support/database.ts";
import { SequentialIds } from "../support/ids.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { newPlace, npmStart, STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

test.each([
  "SIGTERM",
  "SIGINT",
] as const)("%s lets a request finish, tells subscribers of it, cuts them off without complete, and gives the database back", async (signal) => {
  const place = migratedPlace();
  const server = startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" });
  const { url } = await server.ready();
  const founder = new Founder({ url });
  const projectId = await founder.project();
  const { startCursor } = await founder.log(projectId);
  const streams = await Promise.all(
    TRANSPORTS.map((transport) =>
      subscribe(transport, url, ProjectStream, { projectId, after: startCursor }),
    ),
  );
  for (const stream of streams) expect(await nextEvent(stream)).toMatchObject({ sequence: 1 });

  const body = JSON.stringify({ query: ParkProject.toString(), variables: { input: { projectId } } });
  const running = await openRequest(url, body);
  const ended = server.end(signal);
  await server.printed('"msg":"draining"');
  // Read from now on: what a connection brought last is not kept for a late reader once it has been cut.
  const told = streams.map((stream) => nextEvent(stream));
  running.end(body);
  const [response] = await once(running, "response");
  expect(response.statusCode).toBe(200);
  expect(await json(response)).toMatchObject({ data: { parkProject: { project: { status: "PARKED" } } } });
  for (const event of told) expect(await event).toMatchObject({ sequence: 2, type: "park" });
  for (const stream of streams) {
    await expect(stream.next()).rejects.toThrow(); // A complete would be null.
  }
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);

  const next = await startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" }).ready();
  const { count, verification } = await new Founder({ url: next.url }).log(projectId);
  expect(verification).toEqual({ ok: true, checked: 2, fault: null });
  expect(count).toBe(2);
});

test.each([
  "SIGTERM",
  "SIGINT",
] as const)("%s while it makes its database ends it in order, and the next start goes on", async (signal) => {
  const place = newPlace();
  const server = startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" });
  await expect
    .poll(() => existsSync(join(place, "gatehouse.holder")), { interval: 2, timeout: STARTS_TIMEOUT_MS })
    .toBe(true);
  const { stdout, ...end } = await server.end(signal);
  expect(end).toEqual({ code: 0, signal: null, stderr: "" });
  expect(stdout).toContain('"msg":"stopped"');
  expect(stdout).not.toContain('"msg":"ready"');
  expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);
  await new Founder(await startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" }).ready()).project();
});

test("nothing keeps the process of a database that was just made and closed", async () => {
  const child = startChild(new URL("children/make-database.ts", import.meta.url), newPlace());
  onTestFinished(async () => void (await child.kill()));
  expect(JSON.parse((await child.line()) ?? "")).not.toContain("Timeout");
});

test("SIGTERM to npm reaches the server that it started", async () => {
  const place = migratedPlace();
  const npm = npmStart({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" });
  await npm.ready();
  const { stdout } = await npm.end("SIGTERM");
  expect(stdout).toContain('"msg":"stopped"');
  expect(existsSync(join(place, "gatehouse.holder"))).toBe(false);
});

test("a stop during the start waits for it and leaves nothing listening", async () => {
  const database = await createTestDatabase();
  const config = loadConfig({ PORT: "0" });
  const log = pino({ level: "silent" });
  const runner = createOfflineRunner({ scenario: null });
  const app = createApp({ config, database, log, clock: new TestClock(), ids: new SequentialIds(), runner });
  const started = app.start();
  await app.stop();
  await started;
  expect(() => app.url).toThrow("not listening");
  await expect(database.ping()).rejects.toThrow();
});

/** A request that the server has begun to serve and whose body is still to come. */
async function openRequest(url: string, body: string): Promise<ClientRequest> {
  const opened = request(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      expect: "100-continue",
    },
  });
  opened.flushHeaders();
  await once(opened, "continue");
  return opened;
}

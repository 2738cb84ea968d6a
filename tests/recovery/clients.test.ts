import { expect, onTestFinished, test, vi } from "vitest";
import { UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import * as apollo from "./clients/apollo.ts";
import * as sse from "./clients/graphql-sse.ts";
import * as ws from "./clients/graphql-ws.ts";
import * as urql from "./clients/urql.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

// Each test starts three servers.
vi.setConfig({ testTimeout: 3 * STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();
const CLIENTS = { "Apollo Client": apollo, urql, "graphql-ws": ws, "graphql-sse": sse };
const ROUNDS = 2;
const WRITES_BEFORE_END = 10;

test.each([
  "SIGTERM",
  "SIGKILL",
] as const)("Apollo Client, urql, graphql-ws and graphql-sse come back after %s and see every event once", async (signal) => {
  const env = { PIPELINE_DB_PATH: migratedPlace(), SEED_DEMO: "false" };
  let server = startServer(env);
  const { url } = await server.ready();
  const founder = new Founder({ url });
  const projectId = await founder.project();
  const { startCursor } = await founder.log(projectId);
  const seen = Object.entries(CLIENTS).map(([name, { follow }]) => {
    const sequences: number[] = [];
    const stop = follow(`${url}/graphql`, projectId, startCursor, ({ sequence }) => sequences.push(sequence));
    onTestFinished(stop);
    return { name, sequences };
  });
  const everybodyHas = (count: number) => {
    const all = Array.from({ length: count }, (_, index) => index + 1);
    const expected = seen.map(({ name }) => ({ name, sequences: all }));
    return expect.poll(() => seen, { timeout: 60_000 }).toEqual(expected);
  };
  await everybodyHas(1);

  for (let round = 0; round < ROUNDS; round++) {
    // Some of what is written while the server goes is committed without an answer, or seen by some of them only.
    for (let count = 0; ; count++) {
      if (count === WRITES_BEFORE_END) void server.end(signal);
      const written = founder.succeed(UpdateProject, { projectId, name: `${round}/${count}` });
      if (!(await written.then(Boolean, () => false))) break;
    }
    await server.ended;
    server = startServer({ ...env, PORT: new URL(url).port });
    await server.ready();
    await founder.succeed(UpdateProject, { projectId, name: `${round}: back` });
    await everybodyHas((await founder.log(projectId)).count);
  }
});

import { beforeAll, describe, expect, test, vi } from "vitest";
import { join, person } from "../access/support/team.ts";
import { makeWorld, type World } from "../fuzz/support/world.ts";
import { startApp, useApp } from "../support/app.ts";
import { type Subscription, subscribe, TRANSPORTS } from "../support/subscription.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { UpdateProject } from "./support/commands.ts";

/** One server as it is, and one that executes every event the long way, on the same rows. */
const short = useApp();
const long = useApp(() => ({
  database: { ...short.database, close: async () => {} },
  clock: short.clock,
  shortcuts: false,
}));
let world: World;
let projectId = "";
let start = "";
let events = 0;

beforeAll(async () => {
  world = await makeWorld("Ledger", async (query, variables) => (await ask(query, variables)).data);
  projectId = world.idsFor("projectId").at(-1) ?? "";
  // What models write must be written: both servers are to send the same.
  const busy = "{ projects { nodes { artifactGeneration { status } discussions { nodes { activity } } } } }";
  await vi.waitFor(
    async () => expect(JSON.stringify(await ask(busy))).not.toMatch(/RUNNING|"ROUND"|"SUMMARY"/),
    { timeout: 20_000 },
  );
  const query = "query ($id: ID!) { project(id: $id) { startCursor events { totalCount } } }";
  const { data } = await ask(query, { id: projectId });
  ({
    startCursor: start,
    events: { totalCount: events },
  } = data.project);
}, 60_000);

async function ask(query: string, variables: object = {}) {
  const response = await fetch(`${short.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as {
    data: { project: { startCursor: string; events: { totalCount: number } } };
  };
}

const S = "subscription ($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after)";

/** Selections of a subscription to everything that has happened in a project with something of everything. */
const CORPUS: Readonly<Record<string, string>> = {
  "what an event is of itself": `${S} { id sequence cursor subject type actor reason detail correlationId hash createdAt } }`,
  "__typename and aliases": `${S} { __typename a: sequence b: sequence node: id } }`,
  "a root field under another name": `subscription ($id: ID!, $after: String) { first: projectEvents(projectId: $id, after: $after) { sequence } }`,
  fragments: `${S} { ...E ...E ... on Node { id } } } fragment E on Event { sequence ... on StageEvent { fromStage toStage } ... { type } }`,
  "what each type adds": `${S} { type ... on StageEvent { fromStage toStage } ... on MilestoneEvent { keys } ... on ArtifactEvent { artifactType version } } }`,
  "what events point to": `${S} { sequence ... on GateEvent { gate { id status gateType } } ... on RiskEvent { risk { id message } }
    ... on ArtifactEvent { artifact { id type json } } ... on DiscussionEvent { discussion { id status } round { roundNumber } message { model content } }
    ... on RunEvent { run { id title status } workstream { key status } } ... on EscalationEvent { escalation { id status } } } }`,
  "nulls among what they point to": `${S} { sequence reason ... on RunEvent { workstream { id } } ... on ArtifactEvent { artifact { id } } } }`,
  "the project, and who asks": `${S} { sequence project { id name viewerRole stages { title } gates(first: 1) { totalCount nodes { id } } } } }`,
  "one relation under two names": `${S} { project { one: gates(first: 1) { nodes { id } } all: gates { nodes { id } } } } }`,
  "skip and include": `subscription ($id: ID!, $after: String, $yes: Boolean = true) { projectEvents(projectId: $id, after: $after) {
    id @skip(if: $yes) sequence @include(if: $yes) ... @include(if: $yes) { type } } }`,
  "an error beside data": `${S} { sequence project { id gates(first: 1000) { totalCount } } } }`,
  "an error for some of them": `${S} { sequence ... on GateEvent { gate { project { gates(first: -1) { totalCount } } } } } }`,
  "only some subjects": `subscription ($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after, subjects: [GATE, RUN]) { sequence subject } }`,
  "the journey alone": `subscription ($id: ID!, $after: String) { stageEvents(projectId: $id, after: $after) { sequence ... on GateEvent { gate { id } } } }`,
};

/** The results until the last event of the log, or that many. */
async function read(stream: Subscription<unknown>, count: number): Promise<string> {
  const results: unknown[] = [];
  while (results.length < count) results.push(await stream.next());
  return results.map((result) => JSON.stringify(result)).join("\n");
}

describe.each(TRANSPORTS)("over %s what a stream sends is the same with every shortcut off:", (transport) => {
  test.each(Object.entries(CORPUS))("%s", async (name, query) => {
    const count = /only some|the journey/.test(name) ? 5 : events;
    const texts = await Promise.all(
      [short, short, long].map(async ({ url }) => {
        const stream = await subscribe(transport, url, query, { id: projectId, after: start });
        return read(stream, count);
      }),
    );
    expect(texts[0]).toBe(texts[2]);
    expect(texts[1]).toBe(texts[2]);
    expect(texts[0]?.includes('"errors"')).toBe(name.startsWith("an error"));
  });
});

test("everybody is sent what they may see of an event, also where they ask for it in the same words", async () => {
  const app = await startApp({ config: { auth: SECRET_AUTH } });
  const owner = await person(app, "owner");
  const project = await owner.project();
  const { founder: viewer } = await join(app, owner, project, "VIEWER");
  const query = `${S} { sequence project { viewerRole } } }`;
  const plain = `${S} { sequence type } }`;
  const { endCursor } = await owner.log(project);
  const open = async (text: string) => {
    const all = [owner, viewer, owner, viewer].map(({ headers }) =>
      subscribe("WebSocket", app.url, text, { id: project, after: endCursor }, headers),
    );
    return Promise.all(all);
  };
  const streams = [...(await open(query)), ...(await open(plain))];
  const { events: appended } = await owner.succeed(UpdateProject, { projectId: project, description: "New" });
  expect(appended).toHaveLength(1);
  const results = await Promise.all(streams.map((stream) => stream.next()));
  const roles = ["OWNER", "VIEWER", "OWNER", "VIEWER"];
  const [sequences] = [new Set(results.map((result) => JSON.stringify(sequenceOf(result))))];
  expect(sequences.size).toBe(1);
  expect(results.slice(0, 4)).toMatchObject(
    roles.map((viewerRole) => ({ data: { projectEvents: { project: { viewerRole } } } })),
  );
  expect(results.slice(4)).toMatchObject(
    roles.map(() => ({ data: { projectEvents: { type: "project_updated" } } })),
  );
});

function sequenceOf(result: unknown): unknown {
  return (result as { data?: { projectEvents?: { sequence: number } } } | null)?.data?.projectEvents
    ?.sequence;
}

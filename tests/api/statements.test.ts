import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { CreateApiKey, InviteMember } from "./support/account-commands.ts";
import { Agent, createRun, plan } from "./support/agent.ts";
import { RaiseEscalation } from "./support/escalations.ts";
import { Founder } from "./support/founder.ts";
import { RecordError } from "./support/run-commands.ts";

let statements = 0;
const app = useApp({
  // What jobs do by themselves (a week passes: leases end) would be counted too, and be in the logs.
  parts: ["api"],
  onStatement: () => {
    statements += 1;
  },
});
const founder = new Founder(app);
const MANY = 20;

beforeAll(async () => {
  await founder.enlargePlan();
  for (let count = 0; count < MANY; count += 1) {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    await founder.raiseRisk(projectId, "THESIS_DEFINED");
    for (let gates = 0; gates < 2; gates += 1) await founder.openGate(projectId);
    await workOnRuns(projectId);
    await askIn(projectId);
    await founder.succeed(InviteMember, { projectId, role: "VIEWER" });
    await founder.succeed(CreateApiKey, { name: "Robot", scopes: ["READ"], projectId });
  }
  app.clock.advanceDays(7);
}, 60_000);

/** Two runs, in each of which an agent has tried a step and met an error. */
async function workOnRuns(projectId: string): Promise<void> {
  const agent = new Agent(founder);
  for (let runs = 0; runs < 2; runs += 1) {
    const runId = await createRun(founder, projectId, plan("a", "b: a", "c: a b"));
    const { held } = await agent.claim({ runId });
    await agent.startStep(held);
    await founder.succeed(RecordError, { ...held, step: "edit", errorCode: "E1", message: "It broke" });
  }
}

/** A run in which an agent asks. */
async function askIn(projectId: string): Promise<void> {
  const runId = await createRun(founder, projectId, plan("a"));
  const { held } = await new Agent(founder).claim({ runId });
  await founder.succeed(RaiseEscalation, { ...held, problem: "Which database?" });
}

/** Reads that many projects with a selection, and counts the statements that it takes. */
async function read(first: number, selection: string) {
  const query = `query { projects(first: ${first}) { nodes { ${selection} } } }`;
  statements = 0;
  const { data, errors } = await send<{ projects: { nodes: Record<string, unknown>[] } }, object>(
    app.url,
    query,
  );
  if (errors || !data) throw new Error(JSON.stringify(errors));
  expect(data.projects.nodes).toHaveLength(first);
  return { nodes: data.projects.nodes, statements };
}

const BLOCKERS = "allowed blockers { rule message }";
const NESTED = `id name stages { stage milestones { key } suggestedFocus { subject } }
  gates(first: 10) { nodes { id } } events(last: 10) { nodes { sequence type } }
  stageTransitions { to ${BLOCKERS} } suggestedFocus { message } systemRisks { kind }`;

const SELECTIONS: Record<string, string> = {
  "the nested query": NESTED,
  "the nested query with the totals": `${NESTED} a: gates { totalCount } b: events { totalCount }`,
  "stages and their project": "stages { id project { id name stages { id } } }",
  "stages' focus and their project's":
    "stages { suggestedFocus { subject } project { suggestedFocus { subject } } }",
  "gates' options": `gates { nodes { options { decision ${BLOCKERS} } } }`,
  "gates' project and its owner": "gates { nodes { project { id owner { id subject planTier { name } } } } }",
  "gates' project's moves": `gates { nodes { project { stageTransitions { to ${BLOCKERS} } systemRisks { kind } } } }`,
  "owners and their plans": "owner { id planTier { plan maxProjects } }",
  "owners' projects": "owner { projects(first: 3) { totalCount nodes { id name } } }",
  "events' project": "events(last: 10) { nodes { project { id owner { id } } } }",
  "events' gates": "events(last: 10) { nodes { ... on GateEvent { gate { id status } } } }",
  "events' gates and what they lead to":
    "events(last: 10) { nodes { ... on GateEvent { gate { options { allowed } project { id stages { id } } } } } }",
  "events' stages": "events { nodes { ... on MilestoneEvent { stageConfig { id milestones { key } } } } }",
  "events' stages and what they lead to":
    "events { nodes { ... on MilestoneEvent { stageConfig { suggestedFocus { kind } project { owner { subject } } } } } }",
  "events' risks": "events { nodes { ... on RiskEvent { risk { id message } } } }",
  "aliases with different arguments":
    "newest: events(last: 2) { nodes { sequence } } oldest: events(first: 3) { nodes { sequence } } gateEvents: events(subjects: [GATE]) { nodes { sequence } }",
  "aliases with different filters and their totals":
    "all: gates { totalCount nodes { id } } pending: gates(status: PENDING) { totalCount nodes { id } } decided: gates(status: DECIDED, first: 1) { totalCount nodes { id } }",
  "runs with everything in them": `runs(first: 2) { totalCount nodes { id status startCursor endCursor project { id }
    workstreams(first: 3) { totalCount nodes { key status dependsOn { key } replacedBy { key }
      attempts(first: 2) { totalCount nodes { step status result workstream { key } } }
      errors(first: 2) { totalCount nodes { signature samples context count } } } } } }`,
  "runs' computed fields": `runs(first: 2) { nodes { graph workstreamCounts { status count }
    timeline(last: 10) { totalCount nodes { type project { id } } } } }`,
  "events' runs and workstreams":
    "events(last: 10) { nodes { ... on RunEvent { toState run { id title workstreams(first: 3) { nodes { key } } } workstream { key status run { id } dependsOn { key } } } } }",
  "runs' escalations": `runs(first: 3) { nodes { pausedAt escalations(first: 2) { totalCount nodes { id status options { value }
    resolvedBy { id } run { id } project { id } workstream { key guidance answer { id } }
    stopped(first: 2) { totalCount nodes { state workstream { key } } } } } } }`,
  "events' escalations":
    "events(last: 10) { nodes { ... on EscalationEvent { toStatus escalation { id status stopped(first: 1) { totalCount } } run { id } workstream { key } } } }",
  "members, invitations and keys": `viewerRole members(first: 3) { totalCount nodes { role createdAt user { id subject planTier { name } } project { id } } }
    invitations(first: 2) { totalCount nodes { id role status project { id } } }
    apiKeys(first: 2) { totalCount nodes { id name scopes user { id } } }`,
  "owners' keys": "owner { apiKeys(first: 3) { totalCount nodes { id prefix user { id } } } }",
  "the same list twice with different selections": "a: stages { id } b: stages { title project { name } }",
};

/** What costs too much for twenty. */
const FEWER: Readonly<Record<string, number>> = { "gates' project's moves": 15 };

describe("costs the same number of statements for 2 and for 20 projects:", () => {
  test.each(Object.entries(SELECTIONS))("%s", async (name, selection) => {
    const few = await read(2, selection);
    const many = await read(FEWER[name] ?? MANY, selection);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBe(few.statements);
    expect(many.nodes.slice(0, 2)).toEqual(few.nodes);
  });
});

test("groups of errors cost the same number of statements for 2 and for 3 projects, by their cost", async () => {
  const selection =
    "runs(first: 1) { nodes { errorGroups { count members { count samples workstream { key run { title } } } } } }";
  const few = await read(2, selection);
  const more = await read(3, selection);
  expect(more.statements).toBe(few.statements);
  const document = `query { projects(first: ${MANY}) { nodes { ${selection} } } }`;
  const { errors } = await send(app.url, document);
  expect(errors?.[0]?.extensions?.code).toBe("QUERY_TOO_COMPLEX");
});

test("the graphs of a hundred runs are too much for one operation", async () => {
  const document = "query { projects(first: 1) { nodes { runs(first: 100) { nodes { graph } } } } }";
  const { errors } = await send(app.url, document);
  expect(errors?.[0]?.extensions?.code).toBe("QUERY_TOO_COMPLEX");
});

test("an inbox of many projects costs as much as one of two", async () => {
  const count = async (first: number) => {
    statements = 0;
    const selection = "id plainEnglishProblem project { id name } run { id } workstream { key }";
    const { data, errors } = await send<{ viewer: { escalations: { nodes: unknown[] } } }, object>(
      app.url,
      `query { viewer { escalations(first: ${first}, status: PENDING) { totalCount nodes { ${selection} } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.viewer.escalations.nodes).toHaveLength(first);
    return statements;
  };
  expect(await count(MANY)).toBe(await count(2));
});

test("many ids of one type cost as much as two", async () => {
  const { nodes } = await read(MANY, "id gates { nodes { id } }");
  const count = async (ids: unknown[]) => {
    const quoted = ids.map((id) => JSON.stringify(id)).join(", ");
    statements = 0;
    const selection = "id ... on Project { stages { id } suggestedFocus { kind } }";
    const { errors } = await send(app.url, `query { nodes(ids: [${quoted}]) { ${selection} } }`);
    expect(errors).toBeUndefined();
    return statements;
  };
  const ids = nodes.map(({ id }) => id);
  expect(await count(ids)).toBe(await count(ids.slice(0, 2)));
});

test("aliases with different arguments give each its own answer", async () => {
  const { nodes } = await read(
    MANY,
    `newest: events(last: 2) { totalCount nodes { sequence } }
     oldest: events(first: 3) { totalCount nodes { sequence } }
     ofGates: events(subjects: [GATE], first: 2) { totalCount nodes { sequence type } }
     pending: gates(status: PENDING) { totalCount nodes { status } }
     decided: gates(status: DECIDED) { totalCount nodes { status } }`,
  );
  for (const node of nodes) {
    expect(node).toEqual({
      newest: { totalCount: 26, nodes: [{ sequence: 25 }, { sequence: 26 }] },
      oldest: { totalCount: 26, nodes: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }] },
      ofGates: {
        totalCount: 4,
        nodes: [
          { sequence: 2, type: "gate_opened" },
          { sequence: 3, type: "gate_decision" },
        ],
      },
      pending: { totalCount: 2, nodes: [{ status: "PENDING" }, { status: "PENDING" }] },
      decided: { totalCount: 1, nodes: [{ status: "DECIDED" }] },
    });
  }
});

describe("a dense graph", () => {
  const LAYER = 44;
  const LAYERS = 4;
  let last = "";
  const levels = (count: number, leaf = "key"): string =>
    count === 0 ? leaf : `${leaf} dependsOn { ${levels(count - 1, leaf)} }`;
  const readLast = async (selection: string) => {
    statements = 0;
    const query = `query { node(id: "${last}") { ... on Workstream { ${selection} } } }`;
    const reply = await send<{ node: unknown }, object>(app.url, query);
    return { ...reply, statements };
  };

  beforeAll(async () => {
    const name = (layer: number, place: number) => `w${layer}-${place}`;
    const places = Array.from({ length: LAYER }, (_, place) => place);
    const workstreams = Array.from({ length: LAYERS }, (_, layer) =>
      places.map((place) => ({
        key: name(layer, place),
        dependsOn: layer === 0 ? [] : places.map((other) => name(layer - 1, other)),
      })),
    ).flat();
    const runId = await createRun(founder, await founder.project(), workstreams);
    const query = `query { node(id: "${runId}") { ... on Run { workstreams(last: 1) { nodes { id } } } } }`;
    const { data } = await send<{ node: { workstreams: { nodes: { id: string }[] } } }, object>(
      app.url,
      query,
    );
    last = data?.node.workstreams.nodes[0]?.id ?? "";
  }, 60_000);

  test("costs one statement for each level of dependencies, however many paths lead there", async () => {
    const [none, one, two] = [
      await readLast(levels(0)),
      await readLast(levels(1)),
      await readLast(levels(2)),
    ];
    expect(two.errors).toBeUndefined();
    expect([one.statements - none.statements, two.statements - none.statements]).toEqual([1, 2]);
    const below = (layer: number) =>
      Array.from({ length: LAYER }, (_, place) => ({ key: `w${layer}-${place}` }));
    const dependsOn = below(LAYERS - 2).map((node) => ({ ...node, dependsOn: below(LAYERS - 3) }));
    expect(two.data?.node).toEqual({ key: `w${LAYERS - 1}-${LAYER - 1}`, dependsOn });
  });

  test("costs as many statements for what its dependencies refer to, however many they are", async () => {
    const { errors, statements } = await readLast(levels(1, "key run { id } replacedBy { key }"));
    expect(errors).toBeUndefined();
    expect(statements).toBeLessThan(8);
  });

  test("is not followed through a third level, or a dozen: that would be every path", async () => {
    for (const depth of [3, 12]) {
      const { data, errors } = await readLast(levels(depth));
      expect(data?.node ?? null).toBeNull();
      expect(errors?.[0]?.extensions?.code).toBe("QUERY_TOO_COMPLEX");
    }
  });
});

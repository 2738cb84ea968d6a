import { beforeAll, describe, expect, test } from "vitest";
import { RUN_MACHINE, WORKSTREAM_MACHINE } from "../../src/domain/run/machine.ts";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { Agent, createRun, plan, readRun } from "./support/agent.ts";
import { Founder } from "./support/founder.ts";
import { RecordError, RecordRunEvent, TransitionRun } from "./support/run-commands.ts";
import { nextEvent, untilOpen } from "./support/streams.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });
/** Nobody else's projects are in the way, and no plan's limit. */
const newcomer = async () => new Founder(app, await bearer(crypto.randomUUID()));

const Machines = graphql(/* GraphQL */ `
  query Machines {
    runMachine {
      states {
        status
        title
        meaning
        terminal
      }
      transitions {
        from
        to
        trigger
      }
      mermaid
    }
    workstreamMachine {
      states {
        status
        title
        meaning
        terminal
      }
      transitions {
        from
        to
        trigger
      }
      mermaid
    }
  }
`);

const Runs = graphql(/* GraphQL */ `
  query Runs($id: ID!, $first: Int, $after: String, $status: RunStatus) {
    project(id: $id) {
      runs(first: $first, after: $after, status: $status) {
        totalCount
        edges {
          cursor
          node {
            id
            title
            status
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

const Workstreams = graphql(/* GraphQL */ `
  query Workstreams($id: ID!, $first: Int, $after: String, $status: WorkstreamStatus) {
    node(id: $id) {
      ... on Run {
        workstreams(first: $first, after: $after, status: $status) {
          totalCount
          edges {
            cursor
            node {
              key
            }
          }
        }
      }
    }
  }
`);

const RunStream = graphql(/* GraphQL */ `
  subscription RunStream($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      ...Logged
      ... on RunEvent {
        run {
          status
        }
        workstream {
          key
          status
          run {
            title
          }
        }
      }
    }
  }
`);

const Things = graphql(/* GraphQL */ `
  query Things($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Run {
        title
      }
      ... on Workstream {
        run {
          id
        }
      }
      ... on StepAttempt {
        workstream {
          id
        }
      }
      ... on RunError {
        workstream {
          id
        }
      }
      ... on RunEvent {
        run {
          id
        }
      }
    }
  }
`);

test("the machines are given with their states, their moves and a diagram", async () => {
  const { runMachine, workstreamMachine } = await (await newcomer()).read(Machines, {});
  for (const [given, machine] of [
    [runMachine, RUN_MACHINE],
    [workstreamMachine, WORKSTREAM_MACHINE],
  ] as const) {
    expect(given.transitions).toEqual(machine.transitions);
    expect(given.states).toEqual(machine.states.map(({ name, ...state }) => ({ status: name, ...state })));
    expect(given.mermaid).toMatch(/^stateDiagram-v2\n/);
  }
});

describe("a run is read", () => {
  let founder: Founder;
  let runId: string;
  let projectId: string;
  const ids: string[] = [];

  beforeAll(async () => {
    founder = await newcomer();
    projectId = await founder.project();
    runId = await createRun(founder, projectId, plan("a", "b: a", "c: a b"), { title: "First" });
    const agent = new Agent(founder);
    const { held } = await agent.claim({ runId });
    const attemptId = await agent.startStep(held);
    const error = { ...held, step: "edit", errorCode: "E1", message: "It broke" };
    const { error: recorded, events } = await founder.succeed(RecordError, error);
    ids.push(runId, held.workstreamId, attemptId, recorded.id, events[0]?.id ?? "");
  });

  test("by the ids of all its parts", async () => {
    const { nodes } = await founder.read(Things, { ids });
    const [run, workstream] = ids;
    expect(nodes).toEqual([
      { __typename: "Run", id: run, title: "First" },
      { __typename: "Workstream", id: workstream, run: { id: run } },
      { __typename: "StepAttempt", id: ids[2], workstream: { id: workstream } },
      { __typename: "RunError", id: ids[3], workstream: { id: workstream } },
      { __typename: "RunEvent", id: ids[4], run: { id: run } },
    ]);
  });

  test("as a coloured graph", async () => {
    const { graph } = await readRun(founder, runId);
    expect(graph.split("\n").slice(0, 7)).toEqual([
      "flowchart LR",
      '  w0["a<br/>Editing"]:::EDITING',
      '  w1["b<br/>Pending"]:::PENDING',
      '  w2["c<br/>Pending"]:::PENDING',
      "  w0 --> w1",
      "  w0 --> w2",
      "  w1 --> w2",
    ]);
  });

  test("with its timeline: its own events in order, and no other run's", async () => {
    const other = await createRun(founder, projectId, plan("x"), { title: "Second" });
    await founder.succeed(TransitionRun, { runId: other, to: "ABANDONED" });
    const { timeline } = await readRun(founder, runId);
    expect(timeline.nodes.map(({ type }) => type)).toEqual([
      "run_created",
      "run_transition",
      "workstream_claimed",
      "step_started",
      "error_recorded",
      "agent.retrying",
    ]);
    expect(timeline.totalCount).toBe(6);
  });

  test("in pages of its project's runs, newest first, and by their status", async () => {
    const { project } = await founder.read(Runs, { id: projectId, first: 1 });
    expect(project?.runs).toMatchObject({
      totalCount: 2,
      edges: [{ node: { title: "Second" } }],
      pageInfo: { hasNextPage: true },
    });
    const after = project?.runs.edges[0]?.cursor ?? "";
    const next = await founder.read(Runs, { id: projectId, first: 1, after });
    expect(next.project?.runs.edges).toMatchObject([{ node: { id: runId } }]);
    const abandoned = await founder.read(Runs, { id: projectId, status: "ABANDONED" });
    expect(abandoned.project?.runs).toMatchObject({ totalCount: 1, edges: [{ node: { title: "Second" } }] });
  });

  test("in pages of its workstreams, in their order, and by their status", async () => {
    const pages = [];
    let after: string | null = null;
    for (;;) {
      const { node }: { node?: unknown } = await founder.read(Workstreams, { id: runId, first: 2, after });
      const { workstreams } = node as { workstreams: { edges: { cursor: string; node: { key: string } }[] } };
      if (workstreams.edges.length === 0) break;
      pages.push(workstreams.edges.map((edge) => edge.node.key));
      after = workstreams.edges.at(-1)?.cursor ?? null;
    }
    expect(pages).toEqual([["a", "b"], ["c"]]);
    const { node } = await founder.read(Workstreams, { id: runId, status: "PENDING" });
    expect(node).toMatchObject({ workstreams: { totalCount: 2, edges: [{ node: { key: "b" } }, {}] } });
  });
});

describe.each(TRANSPORTS)("runEvents over %s", (transport) => {
  test("replays a run from its start and goes live, without the events of others", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const other = await createRun(founder, projectId, plan("x"));
    const runId = await createRun(founder, projectId, plan("a", "b: a"));
    const agent = new Agent(founder);
    const { held } = await agent.claim({ runId });
    await agent.claim({ runId: other });
    const { startCursor, timeline } = await readRun(founder, runId);
    const variables = { runId, after: startCursor };
    const stream = await subscribe(transport, app.url, RunStream, variables, founder.headers);
    for (const expected of timeline.nodes) {
      expect(await nextEvent(stream)).toMatchObject({ sequence: expected.sequence, run: { id: runId } });
    }
    await founder.succeed(RecordRunEvent, { runId: other, type: "note" });
    await agent.move(held, "FAILED");
    expect(await nextEvent(stream)).toMatchObject({
      __typename: "RunEvent",
      type: "workstream_transition",
      actor: "AGENT",
      fromState: "EDITING",
      toState: "FAILED",
      workstream: { key: "a", status: "FAILED", run: { title: "Build" } },
    });
    expect(await nextEvent(stream)).toMatchObject({ workstream: { key: "b", status: "BLOCKED" } });
    expect(await nextEvent(stream)).toMatchObject({
      type: "run_transition",
      toState: "FAILED",
      run: { status: "FAILED" },
      workstream: null,
    });
  });

  test("begins with what happens next, and goes on after any cursor of the run's project", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const runId = await createRun(founder, projectId, plan("a", "b"));
    const live = await subscribe(transport, app.url, RunStream, { runId }, founder.headers);
    await untilOpen(app.url, 1);
    await new Agent(founder).claim({ runId });
    expect(await nextEvent(live)).toMatchObject({ type: "run_transition" });
    const { events } = await founder.log(projectId);
    await live.close();
    const variables = { runId, after: events[0]?.cursor ?? "" };
    const resumed = await subscribe(transport, app.url, RunStream, variables, founder.headers);
    expect(await nextEvent(resumed)).toMatchObject({ type: "run_created" });
    await resumed.close();
    await untilOpen(app.url, 0);
  });

  test.each([
    ["a run that is someone else's", async () => ({ runId: await foreignRun() }), "There is no such run."],
    [
      "a cursor of another project",
      async (founder: Founder) => ({
        after: (await founder.log(await founder.project())).startCursor,
      }),
      '"after" is the cursor of an event of another project.',
    ],
    ["what is no cursor", async () => ({ after: "yesterday" }), '"after" is not a cursor of an event.'],
  ])("refuses %s", async (_name, change, message) => {
    const founder = await newcomer();
    const runId = await createRun(founder, await founder.project(), plan("a"));
    const variables = { runId, ...(await change(founder)) };
    const stream = await subscribe(transport, app.url, RunStream, variables, founder.headers);
    expect(await stream.next()).toMatchObject({ errors: [{ message }] });
  });
});

async function foreignRun(): Promise<string> {
  const other = await newcomer();
  return createRun(other, await other.project(), plan("a"));
}

test("the id of a run is asked for by its prefix", async () => {
  const founder = await newcomer();
  const query = `{ node(id: "lease_01kzzzzzzzfzzsr000000000zz") { id } }`;
  const { errors } = await send(app.url, query, {}, founder.headers);
  expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
  expect(errors?.[0]?.message).toMatch(/is not the id of a user, .*\brun, workstream\b/);
});

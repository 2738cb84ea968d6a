import { beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { ArchiveProject } from "./support/commands.ts";
import { writeDocuments } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

const Node = graphql(/* GraphQL */ `
  query Node($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

const Nodes = graphql(/* GraphQL */ `
  query Nodes($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Project {
        name
        stages {
          id
        }
      }
      ... on StageConfig {
        project {
          id
        }
      }
      ... on DecisionGate {
        options {
          allowed
        }
      }
      ... on Event {
        sequence
        project {
          id
        }
      }
      ... on GateEvent {
        gate {
          id
        }
      }
      ... on User {
        subject
      }
    }
  }
`);

const Projects = graphql(/* GraphQL */ `
  query Projects(
    $first: Int
    $last: Int
    $after: String
    $before: String
    $stage: Stage
    $status: ProjectStatus
    $includeArchived: Boolean
  ) {
    projects(
      first: $first
      last: $last
      after: $after
      before: $before
      stage: $stage
      status: $status
      includeArchived: $includeArchived
    ) {
      totalCount
      edges {
        cursor
        node {
          id
        }
      }
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

const Gates = graphql(/* GraphQL */ `
  query Gates($id: ID!, $status: GateStatus, $first: Int, $last: Int, $after: String, $before: String) {
    project(id: $id) {
      gates(status: $status, first: $first, last: $last, after: $after, before: $before) {
        totalCount
        edges {
          cursor
          node {
            id
          }
        }
      }
    }
  }
`);

const Events = graphql(/* GraphQL */ `
  query Events(
    $id: ID!
    $first: Int
    $last: Int
    $after: String
    $before: String
    $subjects: [EventSubject!]
  ) {
    project(id: $id) {
      startCursor
      endCursor
      events(first: $first, last: $last, after: $after, before: $before, subjects: $subjects) {
        totalCount
        edges {
          cursor
          node {
            sequence
            cursor
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
        }
      }
    }
  }
`);

/** A well-formed id of nothing. */
const UNKNOWN = "01kzzzzzzzfzzsr000000000zz";

describe("node", () => {
  test("gives every type back by the id that it gave", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    await founder.raiseRisk(projectId, "THESIS_DEFINED");
    const { artifacts } = await writeDocuments(founder, projectId);
    const { stages, gates } = await founder.snapshot(projectId);
    const { events } = await founder.log(projectId);
    const { viewer } = await founder.read(Viewer, {});
    const expected = [
      { __typename: "User", id: viewer.id },
      { __typename: "Project", id: projectId },
      ...stages.map(({ id }) => ({ __typename: "StageConfig", id })),
      ...gates.nodes.map(({ id }) => ({ __typename: "DecisionGate", id })),
      ...artifacts.map(({ id }) => ({ __typename: "Artifact", id })),
      ...events.map(({ __typename, id }) => ({ __typename, id })),
    ];
    expect(new Set(expected.map(({ __typename }) => __typename)).size).toBe(10);
    for (const node of expected) expect(await founder.read(Node, { id: node.id })).toEqual({ node });
    // Backwards, each twice, with gaps: the order is that of the ids, whatever it is.
    const ids = expected.toReversed().flatMap(({ id }) => [id, `gate_${UNKNOWN}`, id]);
    const { nodes } = await founder.read(Nodes, { ids });
    expect(nodes.map((node) => node?.id ?? null)).toEqual(
      expected.toReversed().flatMap(({ id }) => [id, null, id]),
    );
  });

  test.each([
    "user",
    "project",
    "stage",
    "gate",
    "artifact",
    "event",
    "escalation",
  ])("is null for an unknown %s", async (prefix) => {
    expect(await founder.read(Node, { id: `${prefix}_${UNKNOWN}` })).toEqual({ node: null });
  });

  test.each([
    ["nothing", ""],
    ["no TypeID", "1"],
    ["a bare UUID", "0197f0e4-0000-7000-8000-000000000001"],
    ["an unknown prefix", `job_${UNKNOWN}`],
    ["a property of every object", `constructor_${UNKNOWN}`],
    ["a risk, which is no node", `risk_${UNKNOWN}`],
    ["a note, which is no node", `annotation_${UNKNOWN}`],
    ["too large a number", "project_8zzzzzzzzzzzzzzzzzzzzzzzzz"],
    ["upper case", `PROJECT_${UNKNOWN.toUpperCase()}`],
    ["NUL", "project_\u0000"],
    ["ten thousand characters", "x".repeat(10_000)],
  ])("refuses %s as an id", async (_name, id) => {
    const { status, errors } = await send(app.url, Node, { id });
    expect(status).toBeLessThan(500);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });

  test("gives at most a hundred", async () => {
    const projectId = await founder.project();
    const { nodes } = await founder.read(Nodes, { ids: Array(100).fill(projectId) });
    expect(nodes).toHaveLength(100);
    const { errors } = await send(app.url, Nodes, { ids: Array(101).fill(projectId) });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    expect(await founder.read(Nodes, { ids: [] })).toEqual({ nodes: [] });
  });
});

describe("projects", () => {
  test("are paged newest first, without repeating or missing one while others are made", async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.unshift(await founder.project());
    const first = (await founder.read(Projects, { first: 3 })).projects;
    expect(first.nodes.map(({ id }) => id)).toEqual(made.slice(0, 3));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    await founder.project();
    const second = (await founder.read(Projects, { first: 3, after: first.pageInfo.endCursor })).projects;
    expect(second.nodes.map(({ id }) => id)).toEqual(made.slice(3, 6));
    expect(second.totalCount).toBe(first.totalCount + 1);
    expect(second.edges.map(({ node }) => node)).toEqual(second.nodes);
    const back = (await founder.read(Projects, { last: 2, before: second.pageInfo.startCursor })).projects;
    expect(back.nodes.map(({ id }) => id)).toEqual(made.slice(1, 3));
    const middle = (await founder.read(Projects, { first: 1, after: second.edges[1]?.cursor ?? "" }))
      .projects;
    expect(middle.nodes).toEqual([{ id: made[5] }]);
  });

  test("are filtered by stage and status, and counted so", async () => {
    const inStage = await founder.projectIn("MVP_BUILT");
    const { projects } = await founder.read(Projects, { stage: "MVP_BUILT", status: "ACTIVE" });
    expect(projects).toMatchObject({ totalCount: 1, nodes: [{ id: inStage }] });
    const parked = await founder.read(Projects, { stage: "MVP_BUILT", status: "PARKED" });
    expect(parked.projects).toMatchObject({ totalCount: 0, nodes: [], pageInfo: { endCursor: null } });
    const idea = await founder.project();
    const early = await founder.read(Projects, { stage: "PRE_STAGE", first: 1 });
    expect(early.projects.nodes).toEqual([{ id: idea }]);
  });
});

describe("events", () => {
  test("are paged in their order from both ends, also after the cursor of the event itself", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    const page = async (args: object) => {
      const { project } = await founder.read(Events, { id: projectId, ...args });
      return project?.events.edges.map(({ node }) => node.sequence);
    };
    const { project } = await founder.read(Events, { id: projectId });
    const edges = project?.events.edges ?? [];
    expect(edges.map(({ node }) => node.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { cursor, node } of edges) expect(node.cursor).toBe(cursor);
    expect(project?.endCursor).toBe(edges.at(-1)?.cursor);
    expect(await page({ last: 2 })).toEqual([7, 8]);
    expect(await page({ first: 2, after: edges[2]?.cursor })).toEqual([4, 5]);
    expect(await page({ last: 2, before: edges[2]?.cursor })).toEqual([1, 2]);
    expect(await page({ after: edges[7]?.cursor })).toEqual([]);
    expect(await page({ first: 0 })).toEqual([]);
    expect(await page({ subjects: [] })).toEqual([]);
    expect(await page({ subjects: ["STAGE"], last: 2 })).toEqual([4, 7]);
    expect(await page({ first: 2, after: project?.startCursor })).toEqual([1, 2]);
  });
});

describe("a list goes on after an item that has left it", () => {
  test("projects after one that was archived", async () => {
    const made = [await founder.project(), await founder.project(), await founder.project()].reverse();
    const { endCursor } = (await founder.read(Projects, { first: 2 })).projects.pageInfo;
    await founder.succeed(ArchiveProject, { projectId: made[1] ?? "" });
    const next = (await founder.read(Projects, { first: 1, after: endCursor })).projects;
    expect(next.nodes).toEqual([{ id: made[2] }]);
    const back = (await founder.read(Projects, { last: 1, before: endCursor })).projects;
    expect(back.nodes).toEqual([{ id: made[0] }]);
  });

  test("pending gates after one that was decided", async () => {
    const id = await founder.project();
    const gates = [await founder.openGate(id), await founder.openGate(id), await founder.openGate(id)];
    const page = async (args: object) =>
      (await founder.read(Gates, { id, status: "PENDING", ...args })).project?.gates;
    const cursor = (await page({ first: 2 }))?.edges[1]?.cursor;
    await founder.decide(gates[1] ?? "", "NARROW");
    expect((await page({ first: 2, after: cursor }))?.edges.map(({ node }) => node.id)).toEqual([gates[2]]);
    expect((await page({ last: 2, before: cursor }))?.edges.map(({ node }) => node.id)).toEqual([gates[0]]);
  });

  test("events about some subjects after the cursor of any event", async () => {
    const id = await founder.projectIn("VALIDATED_DIRECTION");
    const cursors = (await founder.log(id)).events.map(({ cursor }) => cursor);
    const page = async (args: object) => {
      const { project } = await founder.read(Events, { id, subjects: ["STAGE"], ...args });
      return project?.events.edges.map(({ node }) => node.sequence);
    };
    expect(await page({ first: 2, after: cursors[1] })).toEqual([4, 7]);
    expect(await page({ last: 2, before: cursors[4] })).toEqual([1, 4]);
  });
});

test("the cursor of another project's event is refused, whatever its sequence", async () => {
  const id = await founder.projectIn("VALIDATED_DIRECTION");
  const { startCursor } = await founder.log(await founder.project());
  const { data, errors } = await send(app.url, Events, { id, first: 5, after: startCursor });
  expect(data).toEqual({ project: null });
  expect(errors).toMatchObject([{ path: ["project", "events"], extensions: { code: "BAD_USER_INPUT" } }]);
});

describe("a page", () => {
  const bad = [
    ["more than a hundred", { first: 101 }],
    ["more than a hundred from the end", { last: 101 }],
    ["fewer than none", { first: -1 }],
    ["fewer than none from the end", { last: -1 }],
    ["a cursor that is none", { after: "not a cursor" }],
    ["an empty cursor", { after: "" }],
    ["a cursor with NUL", { before: "\u0000" }],
    ["a long cursor", { after: "R1BD".repeat(10_000) }],
    ["a cursor of something else", { after: Buffer.from("GPC:S:abc").toString("base64") }],
    ["a cursor of a number", { after: Buffer.from("GPC:N:1").toString("base64") }],
  ] as const;

  test.each(bad)("refuses %s in every list", async (_name, args) => {
    const id = await founder.project();
    const answers = [
      await send(app.url, Projects, args),
      await send(app.url, Gates, { id, ...args }),
      await send(app.url, Events, { id, ...args }),
      await send(
        app.url,
        `query ($f: Int, $l: Int, $a: String, $b: String) { viewer { projects(first: $f, last: $l, after: $a, before: $b) { totalCount edges { cursor } } } }`,
        {
          f: "first" in args ? args.first : null,
          l: "last" in args ? args.last : null,
          a: "after" in args ? args.after : null,
          b: "before" in args ? args.before : null,
        },
      ),
    ];
    for (const { status, errors } of answers) {
      expect(status).toBeLessThan(500);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });

  test("refuses both ends at once", async () => {
    const { errors } = await send(app.url, Projects, { first: 1, last: 1 });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });

  test("of one list refuses the cursors of another", async () => {
    const id = await founder.projectIn("THESIS_DEFINED");
    const gate = (await founder.read(Gates, { id })).project?.gates.edges[0]?.cursor ?? "";
    const event = (await founder.read(Events, { id })).project?.events.edges[0]?.cursor ?? "";
    const answers = [
      await send(app.url, Gates, { id, after: event }),
      await send(app.url, Events, { id, after: gate }),
      await send(app.url, Projects, { after: event }),
    ];
    for (const { errors } of answers) {
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });

  test("of one project refuses every cursor of another's", async () => {
    const [id, other] = [
      await founder.projectIn("THESIS_DEFINED"),
      await founder.projectIn("VALIDATED_DIRECTION"),
    ];
    const { project } = await founder.read(Events, { id: other });
    for (const { cursor } of project?.events.edges ?? []) {
      const { errors } = await send(app.url, Events, { id, after: cursor });
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });
});

test("an answer with data is a 200, also where a part of it was asked for wrongly", async () => {
  const reply = await send<{ viewer: { id: string } }, object>(
    app.url,
    '{ viewer { id } node(id: "foo") { id } }',
  );
  expect(reply).toMatchObject({ status: 200, data: { node: null } });
  expect(reply.errors).toMatchObject([{ path: ["node"], extensions: { code: "BAD_USER_INPUT" } }]);
});

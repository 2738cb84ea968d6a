import { parse } from "graphql";
import { expect, test } from "vitest";
import type { FieldHints } from "../../src/execution/hints.ts";
import { schema } from "../../src/schema/index.ts";
import { QuickEvents } from "../../src/server/quick/quick-events.ts";

const ROW = {
  id: "01900000-0000-7000-8000-000000000001",
  projectId: "01900000-0000-7000-8000-000000000002",
  sequence: 7,
  correlationId: "01900000-0000-7000-8000-000000000003",
  subject: "GATE",
  subjectId: "01900000-0000-7000-8000-000000000004",
  runId: null,
  workstreamId: null,
  type: "gate_opened",
  fromState: null,
  toState: null,
  actor: "FOUNDER",
  reason: null,
  detail: {},
  hash: "0".repeat(64),
  createdAt: new Date(0),
};

/** What several who subscribe with one document are sent of one event; each has a gate of their own. */
async function sentTo(names: readonly string[], selection: string) {
  const quick = new QuickEvents();
  const document = parse(`subscription ($id: ID!) { projectEvents(projectId: $id) { ${selection} } }`);
  const results = names.map((id) => {
    const loaders = { gates: { load: async () => ({ id: ROW.id, gateType: id }) } };
    const contextValue = { shortcuts: true, loaders };
    return quick.executor({ schema, document, contextValue, variableValues: { id } })(ROW);
  });
  return Promise.all(results);
}

test("an event that is asked for nothing but itself is executed once for all", async () => {
  const own = "id sequence cursor subject type actor reason detail correlationId hash createdAt";
  const [first, ...others] = await sentTo(["a", "b", "c"], own);
  expect(first).toMatchObject({ data: { projectEvents: { sequence: 7, actor: "FOUNDER" } } });
  for (const other of others) expect(other).toBe(first);
});

test("an event that is asked for what depends on the viewer is executed for each", async () => {
  const results = await sentTo(["a", "b"], "sequence ... on GateEvent { gate { gateType } }");
  expect(results).toEqual(
    ["a", "b"].map((gateType) => ({ data: { projectEvents: { sequence: 7, gate: { gateType } } } })),
  );
});

test("no field is its source's alone that has arguments or is read for whoever asks", () => {
  const marked = Object.values(schema.getTypeMap()).flatMap((type) =>
    "getFields" in type && !("parseValue" in type)
      ? Object.values(type.getFields())
          .filter(({ extensions }) => (extensions as FieldHints).ofSourceAlone)
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
  expect(marked).toContain("GateEvent.cursor");
  for (const name of [
    "Project.viewerRole",
    "Event.project",
    "GateEvent.gate",
    "RiskEvent.risk",
    "Project.stages",
  ])
    expect(marked).not.toContain(name);
});

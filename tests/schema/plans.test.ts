import { getNamedType, isObjectType, type OperationDefinitionNode, parse } from "graphql";
import { expect, test } from "vitest";
import { makePlan, type Selection, selectionOf } from "../../src/execution/plan.ts";
import { schema } from "../../src/schema/index.ts";

/** How each field of a query is come by, by its path in the answer: from its row, from a relation in it, or by its resolver. */
function waysOf(query: string): Record<string, "row" | "relation" | "resolver"> {
  const document = parse(query);
  const plan = makePlan(schema, document, document.definitions[0] as OperationDefinitionNode);
  const found: Record<string, "row" | "relation" | "resolver"> = {};
  const look = ({ fields }: Selection, prefix: string) => {
    for (const field of fields ?? []) {
      const path = `${prefix}${field.key}`;
      found[path] = field.read ? "row" : field.inSource ? "relation" : "resolver";
      const type = getNamedType(field.definition.type);
      if (isObjectType(type)) look(selectionOf(plan, field, type), `${path}.`);
    }
  };
  if (plan.root) look(plan.root, "");
  return found;
}

test("ids, columns, and relations of nothing else are read from their row", () => {
  const query = `{
    project(id: "x") {
      id
      name
      stages { id stageNumber }
      discussions { nodes { id rounds { id startedAt messages { id content } } } }
    }
  }`;
  expect(waysOf(query)).toEqual({
    project: "resolver",
    "project.id": "row",
    "project.name": "row",
    "project.stages": "relation",
    "project.stages.id": "row",
    "project.stages.stageNumber": "row",
    "project.discussions": "resolver",
    "project.discussions.nodes": "resolver",
    "project.discussions.nodes.id": "row",
    "project.discussions.nodes.rounds": "relation",
    "project.discussions.nodes.rounds.id": "row",
    "project.discussions.nodes.rounds.startedAt": "row",
    "project.discussions.nodes.rounds.messages": "relation",
    "project.discussions.nodes.rounds.messages.id": "row",
    "project.discussions.nodes.rounds.messages.content": "row",
  });
});

test("a relation of which something is asked that depends on who asks is its resolver's", () => {
  expect(waysOf('{ project(id: "x") { owner { id displayName } } }')).toMatchObject({
    "project.owner": "relation",
  });
  expect(waysOf('{ project(id: "x") { owner { id suspendedAt } viewerRole } }')).toMatchObject({
    "project.owner": "resolver",
    "project.viewerRole": "resolver",
  });
});

import { type GraphQLObjectType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";

function sourceProperty(typeName: string, field: string): unknown {
  const type = schema.getType(typeName) as GraphQLObjectType;
  return type.getFields()[field]?.extensions.sourceProperty;
}

test.each([
  ["Project", "stages", "stageConfigs"],
  ["Project", "owner", "owner"],
  ["Discussion", "rounds", "rounds"],
  ["Round", "messages", "messages"],
  ["GateEvent", "project", "project"],
])("%s.%s is what its row holds as %s", (type, field, relation) => {
  expect(sourceProperty(type, field)).toBe(relation);
});

test.each([
  ["Project", "gates", "a page of it may be there"],
  ["Project", "artifacts", "those of some types may be there"],
  ["Project", "artifactGeneration", "it is computed"],
  ["Project", "name", "it is a column"],
])("%s.%s is not read from the row: %s", (type, field) => {
  expect(sourceProperty(type, field)).toBeUndefined();
});

test("no relation of which pages are given out is read from the row", () => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length > 0 || field.extensions.pagedList) {
        expect(field.extensions.sourceProperty, `${type}.${field.name}`).toBeUndefined();
      }
    }
  }
});

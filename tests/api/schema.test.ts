import { readFileSync } from "node:fs";
import {
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { describe, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

describe("every part of the schema has a description:", () => {
  const described: [name: string, description: string | null | undefined][] = types.flatMap((type) => [
    [type.name, type.description],
    ...(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
      ? Object.values(type.getFields()).flatMap(describedField(type.name))
      : []),
    ...(isEnumType(type)
      ? type.getValues().map((value) => [`${type.name}.${value.name}`, value.description] as const)
      : []),
  ]) as [string, string | null | undefined][];

  test("it says what each of them means", () => {
    expect(described.length).toBeGreaterThan(300);
    expect(described.filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([]);
  });
});

test.each(
  mutations.map((field) => [field.name, field] as const),
)("%s has the shape of a command", (_name, field) => {
  const name = field.name.charAt(0).toUpperCase() + field.name.slice(1);
  expect(field.args.map((arg) => `${arg.name}: ${arg.type}`)).toEqual([`input: ${name}Input!`]);
  expect(String(field.type)).toBe(`${name}Result!`);
  const input = schema.getType(`${name}Input`);
  expect(isInputObjectType(input) && String(input.getFields().idempotencyKey?.type)).toBe("String");
  const union = schema.getType(`${name}Result`);
  const members = isUnionType(union) ? union.getTypes() : [];
  const errors = members.filter((member) => member.name !== `${name}Success`);
  expect(members).toHaveLength(errors.length + 1);
  for (const error of errors) expect(error.getInterfaces().map(String)).toContain("Error");
  expect(errors.map(String)).toEqual(
    expect.arrayContaining([
      "GuardRejectedError",
      "IdempotencyMismatchError",
      "NotFoundError",
      "ValidationError",
    ]),
  );
  const success = members.find((member) => member.name === `${name}Success`);
  expect(String(success?.getFields().events?.type)).toBe("[Event!]!");
  expect(Object.keys(success?.getFields() ?? {}).length).toBeGreaterThan(1);
});

test("whatever takes an expected version can answer with a conflict", () => {
  for (const { name } of mutations) {
    const typeName = name.charAt(0).toUpperCase() + name.slice(1);
    const input = schema.getType(`${typeName}Input`);
    const union = schema.getType(`${typeName}Result`);
    if (!isInputObjectType(input) || !isUnionType(union) || !input.getFields().expectedVersion) continue;
    expect(union.getTypes().map(String)).toContain("ConflictError");
  }
});

test("lists are never null, but for those of a section that a plan can close", () => {
  const contents = schema.getType("ArtifactContent");
  const gated = isUnionType(contents) ? contents.getTypes() : [];
  expect(gated).toHaveLength(5);
  const ungated = types.filter((type) => !gated.some((content) => content === type));
  const nullable = ungated.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields())
          .filter((field) => String(field.type).startsWith("[") && !String(field.type).endsWith("!"))
          .map((field) => `${type.name}.${field.name}`)
      : [],
  );
  expect(nullable).toEqual([]);
});

test("schema.graphql is what the code says", () => {
  const file = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(file);
});

type Field = Pick<GraphQLField<unknown, unknown>, "name" | "description"> & {
  readonly args?: GraphQLField<unknown, unknown>["args"];
  readonly type: GraphQLInputType | GraphQLField<unknown, unknown>["type"];
};

function describedField(typeName: string) {
  return (field: Field) => [
    [`${typeName}.${field.name}`, field.description] as const,
    ...(field.args ?? []).map((arg) => [`${typeName}.${field.name}(${arg.name})`, arg.description] as const),
  ];
}

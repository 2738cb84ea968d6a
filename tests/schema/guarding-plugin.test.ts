import SchemaBuilder from "@pothos/core";
import "@pothos/plugin-prisma";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { execute } from "../../src/execution/execute.ts";
import type PrismaTypes from "../../src/generated/pothos.ts";
import { getDatamodel } from "../../src/generated/pothos.ts";
import type { PrismaClient } from "../../src/generated/prisma/client.ts";
import "../../src/schema/columns-plugin.ts";
import { guard } from "./support/guard-plugin.ts";

function schemaWith(plugins: ("guard" | "columns" | "prisma")[]) {
  const builder = new SchemaBuilder<{ PrismaTypes: PrismaTypes; Context: { shortcuts: boolean } }>({
    plugins,
    prisma: { client: {} as PrismaClient, dmmf: getDatamodel() },
  } as never);
  builder.prismaObject("PlanTier", {
    select: { plan: true },
    fields: (t) => ({ name: t.exposeString("name"), rank: t.exposeInt("rank") }),
  });
  builder.queryType({
    fields: (t) => ({
      tiers: t.prismaField({
        type: ["PlanTier"],
        resolve: () => [1, 2, 3].map((rank) => ({ plan: `${rank}`, name: `tier ${rank}`, rank })) as never,
      }),
    }),
  });
  return builder.toSchema();
}

test.each([
  ["before the columns plugin", ["guard", "columns", "prisma"] as const],
  ["after the columns plugin", ["columns", "guard", "prisma"] as const],
  ["after the Prisma plugin", ["columns", "prisma", "guard"] as const],
])("a plugin that guards a field, %s, is asked every time", async (_where, plugins) => {
  const schema = schemaWith([...plugins]);
  const document = parse("{ tiers { name rank } }");
  const ask = async () => execute({ schema, document, contextValue: { shortcuts: true } });
  Object.assign(guard, { refuses: false, asked: 0 });
  for (const times of [3, 6]) {
    expect((await ask()).data).toMatchObject({ tiers: [{ name: "tier 1", rank: 1 }, {}, {}] });
    expect(guard.asked).toBe(times);
  }
  guard.refuses = true;
  expect(await ask()).toMatchObject({ errors: [{ message: "Not for you." }, {}, {}] });
  expect(guard.asked).toBeGreaterThan(6);
});

test("without such a plugin fields are read from their row", () => {
  const type = schemaWith(["columns", "prisma"]).getType("PlanTier");
  const fields = type && "getFields" in type ? type.getFields() : {};
  expect(fields.name?.extensions.readSource).toMatchObject({ properties: ["name"] });
});

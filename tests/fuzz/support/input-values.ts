import {
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import type { Draw } from "./draw.ts";
import { HOSTILE } from "./hostile.ts";
import type { World } from "./world.ts";

/** A value of the type, as JSON: one that the schema takes, whatever the rules then say of it. */
export function drawValue(
  draw: Draw,
  world: World,
  type: GraphQLInputType,
  name: string,
  depth = 0,
): unknown {
  if (isNonNullType(type)) return drawPresent(draw, world, type.ofType, name, depth);
  return draw.chance(10) ? null : drawPresent(draw, world, type, name, depth);
}

function drawPresent(draw: Draw, world: World, type: GraphQLInputType, name: string, depth: number): unknown {
  if (isListType(type)) {
    const length = depth > 3 ? 0 : draw.below(4);
    return Array.from({ length }, () => drawValue(draw, world, type.ofType, name, depth + 1));
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const field = draw.pick(fields);
      return { [field.name]: drawPresent(draw, world, field.type, field.name, depth + 1) };
    }
    const given = fields.filter((field) => isRequired(field) || draw.chance(depth > 3 ? 0 : 50));
    return Object.fromEntries(
      given.map((field) => [field.name, drawValue(draw, world, field.type, field.name, depth + 1)]),
    );
  }
  if (isEnumType(type)) return draw.pick(type.getValues()).name;
  const scalar = SCALARS[String(type)];
  if (!scalar) throw new Error(`It is not known what a ${String(type)} looks like.`);
  return scalar(draw, world, name);
}

function isRequired({ type, defaultValue }: GraphQLInputField): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

const INTEGERS = [0, 1, 2, 3, 10, 100, 101, -1, 2 ** 31 - 1, -(2 ** 31)];

const SCALARS: Readonly<Record<string, (draw: Draw, world: World, name: string) => unknown>> = {
  ID: (draw, world, name) => {
    if (draw.chance(75)) return draw.pick([...world.idsFor(name), ""]);
    return draw.chance(60) ? draw.pick(world.all()) : drawText(draw);
  },
  String: (draw, world, name) => {
    if ((name === "after" || name === "before") && draw.chance(70)) return draw.pick([...world.cursors, "x"]);
    return draw.chance(50) ? draw.pick(PLAUSIBLE) : drawText(draw);
  },
  Int: (draw) => (draw.chance(70) ? draw.pick(INTEGERS) : draw.below(2 ** 31)),
  Float: (draw) => draw.pick([0, 0.5, 1, -1, 1e-300, 1e300, draw.below(1_000) / 7]),
  Boolean: (draw) => draw.chance(50),
  DateTime: (draw) =>
    draw.pick([
      "2100-01-01T00:00:00Z",
      "2000-01-01T00:00:00+01:00",
      "9999-12-31T23:59:59.999Z",
      "1970-01-01T00:00:00.000Z",
    ]),
  // A null here would be one in the place of a value that has to be there.
  JSON: (draw) => drawJson(draw, 0) ?? {},
};

/** Words that some argument takes somewhere. */
const PLAUSIBLE = [
  ...["a", "b", "edit", "E1", "agent-1", "brief_generated", "gate_proceed", "market", "claude", "note"],
  ...[
    "coreFeatures",
    "problemStatement",
    "Ledger",
    "Why?",
    "@gpt What do you think?",
    "risks_identified",
    "retry",
  ],
];

function drawText(draw: Draw): string {
  return draw.chance(60) ? draw.pick(Object.values(HOSTILE)) : draw.text();
}

function drawJson(draw: Draw, depth: number): unknown {
  const kind = draw.below(depth > 3 ? 4 : 6);
  if (kind === 0) return null;
  if (kind === 1) return draw.chance(50);
  if (kind === 2) return draw.pick([...INTEGERS, 0.1, 1e300, Number.MAX_SAFE_INTEGER]);
  if (kind === 3) return drawText(draw);
  const members = Array.from({ length: draw.below(3) }, () => drawJson(draw, depth + 1));
  if (kind === 4) return members;
  // From entries, so that "__proto__" is a key like any other.
  return Object.fromEntries(members.map((member) => [drawText(draw), member]));
}

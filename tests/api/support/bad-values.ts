import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
} from "graphql";

const NUL = "a\u0000b";
const LONE_HIGH = "\ud800";
const LONE_LOW = "x\udc00";

/** What no field of a scalar takes, whatever it means. */
const BAD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  String: {
    NUL,
    "a lone high surrogate": LONE_HIGH,
    "a lone low surrogate": LONE_LOW,
    "20,001 characters": "x".repeat(20_001),
    "a number": 1,
    "an object": { toString: "x" },
  },
  ID: {
    NUL,
    "a lone surrogate": LONE_HIGH,
    nothing: "",
    "20,000 characters": "x".repeat(20_000),
    "a bare UUID": "0197f0e4-0000-7000-8000-000000000001",
    "the id of an event": "event_01kzzzzzzzfzzsr000000000zz",
    "a fraction": 1.5,
  },
  Int: {
    "a fraction": 1.5,
    "too much for 32 bits": 2 ** 31,
    "far too much": 1e300,
    text: "1",
    "a truth": true,
  },
  Float: {
    "less than any share": -1,
    "far too much": 1e300,
    text: "0.5",
    "a truth": true,
  },
  Boolean: { text: "true", "a number": 1 },
  DateTime: {
    text: "soon",
    "a day without a time": "2100-02-30",
    "a time in the past": "2000-01-01T00:00:00Z",
    "a truth": true,
  },
  JSON: {
    "a list": [1],
    text: "x",
    "a number": 1,
    NUL: { a: [NUL] },
    "a key with NUL": { [NUL]: 1 },
    "a lone surrogate": { a: { b: LONE_LOW } },
    "a key with a lone surrogate": { [LONE_HIGH]: 1 },
    "more than 16 KB": { a: "x".repeat(17_000) },
    "21 levels": nested(21),
    "1,000 levels": nested(1_000),
  },
};

/** One thing that is wrong with an input. */
export interface BadInput {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** The good input of a mutation with one thing wrong at a time, everywhere where the schema has a scalar. */
export function badInputs(
  schema: GraphQLSchema,
  typeName: string,
  good: Record<string, unknown>,
): BadInput[] {
  const type = schema.getType(typeName);
  if (!isInputObjectType(type)) throw new Error(`${typeName} is not an input.`);
  return [
    ...Object.values(type.getFields()).flatMap((field) =>
      badValues(field.type, good[field.name]).map(([what, value]) => ({
        name: `${what} as ${field.name}`,
        input: { ...good, [field.name]: value },
      })),
    ),
    { name: "an unknown key", input: { ...good, colour: "red" } },
  ];
}

function badValues(type: GraphQLInputType, good: unknown): [string, unknown][] {
  const bare = getNullableType(type);
  if (isListType(bare))
    return badValues(bare.ofType, Array.isArray(good) ? good[0] : undefined).map(([name, value]) => [
      `a list of ${name}`,
      [value],
    ]);
  if (isInputObjectType(bare)) {
    const { isOneOf } = bare;
    return Object.values(bare.getFields()).flatMap((field) =>
      badValues(field.type, undefined).map(([name, value]): [string, unknown] => [
        `${field.name} with ${name}`,
        isOneOf ? { [field.name]: value } : { ...(good as object), [field.name]: value },
      ]),
    );
  }
  if (!isScalarType(bare))
    return [
      ["an unknown name", "NO_SUCH_NAME"],
      ["a number", 1],
    ];
  const bad = BAD[bare.name];
  if (!bad) throw new Error(`It is not known what is bad for ${bare.name}.`);
  return Object.entries(bad);
}

function nested(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

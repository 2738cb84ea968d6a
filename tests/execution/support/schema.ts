import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { Random } from "../../support/random.ts";

/** A schema whose resolvers do whatever resolvers can do, and a log of which were called. */
export interface Drawn {
  readonly schema: GraphQLSchema;
  /** Since it was read last: each resolver, type resolver and type check, with its place and arguments. */
  takeLog(): string[];
}

const ENUM = new GraphQLEnumType({ name: "Colour", values: { RED: { value: 1 }, BLUE: { value: "blue" } } });
const EVEN = new GraphQLScalarType({
  name: "Even",
  serialize(value) {
    if (typeof value !== "number") throw new TypeError(`Not even: ${typeof value}`);
    return value % 2 === 0 ? value : null;
  },
});
const INPUT = new GraphQLInputObjectType({
  name: "Options",
  fields: { size: { type: GraphQLInt, defaultValue: 3 }, names: { type: new GraphQLList(GraphQLString) } },
});
const LEAVES: readonly GraphQLOutputType[] = [
  GraphQLString,
  GraphQLInt,
  GraphQLBoolean,
  GraphQLID,
  ENUM,
  EVEN,
];
const INPUTS: readonly GraphQLInputType[] = [
  GraphQLInt,
  new GraphQLNonNull(GraphQLInt),
  GraphQLString,
  GraphQLBoolean,
  INPUT,
  new GraphQLList(GraphQLInt),
  ENUM,
];
export const OBJECTS = ["Apple", "Bear", "Cloud", "Door"] as const;
export const FIELDS = ["one", "two", "three", "four", "five", "six"] as const;

/** Draws a schema; what its resolvers do is drawn from their places, and so the same whoever executes. */
export function drawSchema(seed: number): Drawn {
  const random = new Random(seed);
  let log: string[] = [];
  const wrap = (random: Random, type: GraphQLOutputType): GraphQLOutputType => {
    let wrapped = type;
    if (random.chance(0.3)) wrapped = new GraphQLNonNull(wrapped);
    if (random.chance(0.3)) {
      wrapped = new GraphQLList(wrapped);
      if (random.chance(0.3)) wrapped = new GraphQLNonNull(wrapped);
      if (random.chance(0.15)) wrapped = new GraphQLList(wrapped);
    }
    return wrapped;
  };
  const interfaces = ["Thing", "Live"].map(
    (name) =>
      new GraphQLInterfaceType({
        name,
        fields: { one: { type: GraphQLString } },
        ...(random.chance(0.6) && {
          resolveType: (_value, _context, info) => typeName(`${name} type`, info),
        }),
      }),
  );
  const objects: GraphQLObjectType[] = [];
  const typesOf = (): readonly GraphQLOutputType[] => [...objects, ...interfaces, union];
  for (const name of OBJECTS) {
    const implemented = interfaces.filter(() => random.chance(0.6));
    const fieldSeed = random.below(2 ** 31);
    objects.push(
      new GraphQLObjectType({
        name,
        interfaces: implemented,
        fields: () => drawFields(new Random(fieldSeed), implemented.length > 0),
        ...(random.chance(0.3) && {
          isTypeOf: (_value, _context, info) => {
            const random = at(`${name} isTypeOf`, info);
            const answer = !random.chance(0.15);
            if (random.chance(0.05)) throw new Error(`No type check of ${name}.`);
            return random.chance(0.3) ? later(random, answer) : answer;
          },
        }),
      }),
    );
  }
  const union = new GraphQLUnionType({
    name: "Either",
    types: objects.filter((_, index) => index < 2 || random.chance(0.5)),
    resolveType: (_value, _context, info) => typeName("Either type", info),
  });

  function drawFields(random: Random, hasInterface: boolean) {
    const fields: Record<string, GraphQLFieldConfig<unknown, unknown>> = {};
    for (const name of FIELDS) {
      const isPlain = name === "one" && hasInterface;
      const base = random.chance(0.5) ? random.pick(LEAVES) : random.pick(typesOf());
      const args: GraphQLFieldConfigArgumentMap = {};
      if (random.chance(0.4)) args.a = { type: random.pick(INPUTS) };
      if (random.chance(0.2)) args.b = { type: GraphQLInt, defaultValue: 7 };
      fields[name] = {
        type: isPlain ? GraphQLString : wrap(random, base),
        args,
        ...(random.chance(0.75) && { resolve }),
      };
    }
    return fields;
  }

  /** What a resolver does, and its log, come from its place alone. */
  function at(what: string, { path }: GraphQLResolveInfo, args?: unknown): Random {
    const keys: string[] = [];
    for (let place: GraphQLResolveInfo["path"] | undefined = path; place; place = place.prev) {
      keys.push(`${place.key}`);
    }
    const place = `${what} ${keys.reverse().join(".")} ${args === undefined ? "" : JSON.stringify(args)}`;
    log.push(place);
    return new Random(hashOf(place) ^ seed);
  }

  function typeName(what: string, info: GraphQLResolveInfo): never {
    const random = at(what, info);
    const name = drawTypeName(random);
    return (random.chance(0.3) ? later(random, name) : name) as never;
  }

  function drawTypeName(random: Random): unknown {
    if (random.chance(0.85)) return random.pick(OBJECTS);
    const names = [undefined, null, "Nothing", "Thing", "String", 7, objects[0], "Either"];
    const name = random.pick(names);
    if (random.chance(0.2)) throw new Error("No type.");
    return name;
  }

  function resolve(_source: unknown, args: object, context: unknown, info: GraphQLResolveInfo): unknown {
    const random = at(`${info.parentType.name}.${info.fieldName}`, info, args);
    if (context !== CONTEXT) throw new Error("The context is another one.");
    // A resolver may do with its arguments what it likes.
    Object.assign(args, { changed: true });
    return drawResult(random, info.returnType);
  }

  /** A value, now or later, or a failure. */
  function drawResult(random: Random, type: GraphQLOutputType): unknown {
    if (random.chance(0.04)) throw new Error(`thrown ${random.below(100)}`);
    if (random.chance(0.03)) return later(random, new Error(`promised ${random.below(100)}`));
    if (random.chance(0.04)) return later(random, undefined, new Error(`rejected ${random.below(100)}`));
    const value = drawValue(random, type);
    if (random.chance(0.05)) return lazy(value);
    return random.chance(0.3) ? later(random, value) : value;
  }

  function drawValue(random: Random, type: GraphQLOutputType): unknown {
    if (random.chance(0.05)) return null;
    if (random.chance(0.03)) return undefined;
    if (random.chance(0.03)) return new Error(`returned ${random.below(100)}`);
    // Of a wrong type.
    if (random.chance(0.04))
      return random.pick([7, "text", {}, [], [[1]], true, Symbol.iterator, Number.NaN]);
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const { ofType } = nullable;
      // Where an item must not be null, graphql-js leaves rejections unhandled that come after a failure of another item.
      const isSafe = !isNonNullType(ofType) || isLeafType(ofType.ofType);
      const promised = isNonNullType(ofType) ? (!isSafe || random.chance(0.5) ? 1 : 0) : 0.25;
      const items = Array.from({ length: random.below(4) }, () => {
        if (!random.chance(promised)) return drawValue(random, ofType);
        return random.chance(0.15)
          ? later(random, undefined, new Error("an item"))
          : later(random, drawValue(random, ofType));
      });
      if (random.chance(0.1)) return new Set(items);
      if (random.chance(0.1)) return items.values();
      return items;
    }
    if (isLeafType(nullable)) return drawLeaf(random, nullable.name);
    if (isObjectType(nullable) || isAbstractType(nullable)) return drawSource(random);
    return undefined;
  }

  function drawLeaf(random: Random, name: string): unknown {
    if (random.chance(0.04)) return { valueOf: () => 3 };
    switch (name) {
      case "Int":
        return random.pick([0, 1, -5, 2 ** 31, 1.5, "12", true]);
      case "Boolean":
        return random.pick([true, false, 1, 0, "yes"]);
      case "Colour":
        return random.pick([1, "blue", "green"]);
      case "Even":
        return random.below(10);
      default:
        return random.pick(["text", "", "ä", 12, true]);
    }
  }

  /** What fields without a resolver read: properties, and methods. */
  function drawSource(random: Random): unknown {
    const source: Record<string, unknown> = {};
    for (const name of FIELDS) {
      if (random.chance(0.4))
        source[name] = drawLeaf(random, random.pick(["Int", "String", "Colour", "Even"]));
      else if (random.chance(0.3)) {
        source[name] = function method(args: object, context: unknown, info: GraphQLResolveInfo) {
          return resolve(this, args, context, info);
        };
      }
    }
    if (random.chance(0.7)) source.__typename = random.pick([...OBJECTS, "Nothing"]);
    return source;
  }

  const [query, mutation] = ["Query", "Mutation"].map((name) => {
    const fieldSeed = random.below(2 ** 31);
    return new GraphQLObjectType({ name, fields: () => drawFields(new Random(fieldSeed), false) });
  });
  return {
    schema: new GraphQLSchema({
      query: query ?? null,
      ...(random.chance(0.9) && { mutation: mutation ?? null }),
      types: objects,
      assumeValid: true,
    }),
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
  };
}

/** What resolvers are given. */
export const CONTEXT = { isContext: true };

/** A promise that is none of the language's, as Prisma's are. */
function lazy(value: unknown): PromiseLike<unknown> {
  return new Proxy(Promise.resolve(value), {
    get: (promise, key) => (key === "then" ? promise.then.bind(promise) : undefined),
    getPrototypeOf: () => null,
  });
}

/** Settled after some turns of the microtask queue. */
async function later<T>(random: Random, value: T, error?: Error): Promise<T> {
  for (let turns = random.below(4); turns > 0; turns -= 1) await undefined;
  if (error) throw error;
  return value;
}

/** A number that stands for a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

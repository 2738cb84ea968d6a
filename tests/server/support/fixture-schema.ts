import { EventEmitter, on } from "node:events";
import { PothosValidationError } from "@pothos/core";
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import type { RequestContext } from "../../../src/server/request-context.ts";

export interface FixtureContext extends RequestContext {
  readonly fixture: Fixture;
}

export class WrongInputError extends Error {}

/** A door that requests wait at until the test opens it, and a channel that subscriptions listen to. */
export class Fixture {
  readonly channel = new EventEmitter().setMaxListeners(0);
  readonly closing = new AbortController();
  /** How often `work` was asked for. */
  worked = 0;
  #open: () => void = () => {};
  #entered: () => void = () => {};
  readonly #door = new Promise<void>((resolve) => {
    this.#open = resolve;
  });
  /** Resolves when a request stands at the door. */
  readonly entered = new Promise<void>((resolve) => {
    this.#entered = resolve;
  });

  open(): void {
    this.#open();
  }

  async wait(): Promise<string> {
    this.#entered();
    await this.#door;
    return "waited";
  }

  async *ticks(): AsyncGenerator<{ tick: number }> {
    try {
      for await (const [tick] of on(this.channel, "tick", { signal: this.closing.signal })) {
        yield { tick: tick as number };
      }
    } catch (error) {
      if (!this.closing.signal.aborted) throw error;
    }
  }
}

const Even = new GraphQLScalarType<number, number>({
  name: "Even",
  parseValue(value) {
    if (typeof value !== "number" || value % 2 !== 0) throw new TypeError("must be even");
    return value;
  },
});

const boom = () => {
  throw new Error("secret detail of the database");
};

const Color = new GraphQLEnumType({ name: "Color", values: { RED: {}, GREEN: {} } });
const Paint = new GraphQLInputObjectType({ name: "Paint", fields: { color: { type: Color } } });

/** A list that costs as much as is asked for, and is empty. */
const page = () => ({
  type: new GraphQLList(Query),
  args: { first: { type: GraphQLInt } },
  extensions: { complexity: ({ first }: { first: number }) => ({ field: 1, multiplier: first }) },
  resolve: () => [],
});

const Query: GraphQLObjectType<unknown, FixtureContext> = new GraphQLObjectType<unknown, FixtureContext>({
  name: "Query",
  fields: () => ({
    self: { type: Query, resolve: () => ({}) },
    page: page(),
    paint: {
      type: GraphQLString,
      args: { color: { type: Color }, paint: { type: Paint } },
      resolve: (_, { color }) => color,
    },
    hello: { type: GraphQLString, resolve: () => "world" },
    echo: { type: GraphQLString, args: { text: { type: GraphQLString } }, resolve: (_, { text }) => text },
    even: { type: GraphQLInt, args: { value: { type: Even } }, resolve: (_, { value }) => value },
    whoAmI: { type: GraphQLString, resolve: (_, __, { viewer }) => viewer.userId },
    correlation: { type: GraphQLString, resolve: (_, __, { correlationId }) => correlationId },
    wait: { type: GraphQLString, resolve: (_, __, { fixture }) => fixture.wait() },
    work: { type: GraphQLInt, resolve: (_, __, { fixture }) => ++fixture.worked },
    worked: { type: GraphQLInt, resolve: (_, __, { fixture }) => fixture.worked },
    boom: { type: GraphQLString, resolve: boom },
    wrongInput: {
      type: GraphQLString,
      resolve: () => {
        throw new WrongInputError("`after` is not a cursor");
      },
    },
    pothosInput: {
      type: GraphQLString,
      resolve: () => {
        throw new PothosValidationError("`id` is not an id");
      },
    },
  }),
});

export const fixtureSchema = new GraphQLSchema({
  query: Query,
  mutation: new GraphQLObjectType<unknown, FixtureContext>({
    name: "Mutation",
    fields: {
      shout: {
        type: new GraphQLNonNull(GraphQLInt),
        args: { tick: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, { tick }, { fixture }) => {
          fixture.channel.emit("tick", tick);
          return tick;
        },
      },
    },
  }),
  subscription: new GraphQLObjectType<unknown, FixtureContext>({
    name: "Subscription",
    fields: {
      page: { ...page(), subscribe: (_, __, { fixture }) => fixture.ticks() },
      tick: { type: GraphQLInt, subscribe: (_, __, { fixture }) => fixture.ticks() },
      silent: {
        type: GraphQLInt,
        // A source that never says anything and cannot be returned from while it waits.
        subscribe: async function* () {
          await new Promise(() => {});
          yield {};
        },
      },
      tickThenBoom: {
        type: GraphQLInt,
        subscribe: async function* () {
          yield { tickThenBoom: 1 };
          boom();
        },
      },
      flood: {
        // As much as the client takes.
        type: GraphQLString,
        subscribe: async function* () {
          for (;;) yield { flood: "x".repeat(100_000) };
        },
      },
      boomAtOnce: { type: GraphQLInt, subscribe: boom },
    },
  }),
});

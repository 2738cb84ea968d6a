import { type ExecutionResult, GraphQLInt, GraphQLObjectType, GraphQLSchema, parse } from "graphql";
import { expect, test } from "vitest";
import { subscribeLastingly } from "../../src/server/lasting-subscription.ts";
import { ReadAhead } from "../../src/server/read-ahead.ts";

const EVENTS = Array.from({ length: 300 }, (_, number) => ({ number }));

/** Reads all events in order, and notes how many were begun together. */
async function readAll(dataOf: (number: number) => unknown, isAtOnce = false) {
  let given = 0;
  const begun: number[][] = [];
  let turn: number[] = [];
  const execute = (event: unknown) => {
    const { number } = event as { number: number };
    turn.push(number);
    const result = { data: { value: dataOf(number) } };
    return isAtOnce ? result : Promise.resolve(result);
  };
  const ahead = new ReadAhead(execute, (most) => EVENTS.slice(given, given + most));
  const results: ExecutionResult[] = [];
  for (const event of EVENTS) {
    given += 1;
    results.push(await ahead.read(event));
    if (turn.length > 0) begun.push(turn);
    turn = [];
  }
  expect(results).toEqual(EVENTS.map(({ number }) => ({ data: { value: dataOf(number) } })));
  expect(begun.flat()).toEqual(EVENTS.map(({ number }) => number));
  return begun.map(({ length }) => length);
}

test("events that have to read something are begun together, more and more of them, each once and in order", async () => {
  expect(await readAll((number) => number)).toEqual([2, 3, 5, 9, 17, 33, 65, 101, 65]);
});

test("what is large is not made before it is wanted, beyond the next one", async () => {
  const together = await readAll(() => "x".repeat(100_000));
  expect(Math.max(...together)).toBe(2);
});

test("what nobody has to wait for is not begun before it is wanted", async () => {
  const together = await readAll((number) => number, true);
  expect(Math.max(...together)).toBe(1);
});

test("what was read ahead is not sent once the source has ended", async () => {
  const event = new GraphQLObjectType({
    name: "Event",
    fields: { number: { type: GraphQLInt, resolve: async ({ number }) => number } },
  });
  let given = 0;
  let isOpen = true;
  const source = {
    next: async () => (isOpen ? { done: false, value: EVENTS[given++] } : { done: true, value: undefined }),
    upcoming: (most: number) => EVENTS.slice(given, given + most),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: { number: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType({
      name: "Subscription",
      fields: { event: { type: event, subscribe: () => source, resolve: (item) => item } },
    }),
  });
  const document = parse("subscription { event { number } }");
  const results = await subscribeLastingly({ schema, document }, () => false, undefined);
  if (!(Symbol.asyncIterator in results)) throw new Error("It did not open.");
  const stream = results[Symbol.asyncIterator]();
  expect(await stream.next()).toMatchObject({ value: { data: { event: { number: 0 } } } });
  expect(await stream.next()).toMatchObject({ value: { data: { event: { number: 1 } } } });
  isOpen = false;
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

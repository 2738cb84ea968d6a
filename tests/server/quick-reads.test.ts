import { GraphQLBoolean, GraphQLNonNull, GraphQLObjectType, GraphQLSchema } from "graphql";
import { expect, it } from "vitest";
import { startServer } from "./support/start-server.ts";

/** Only the ordinary way tells resolvers when their client goes: its absence shows that a query took the quick one. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: {
      quick: {
        type: new GraphQLNonNull(GraphQLBoolean),
        resolve: (_root, _args, { signal }: { signal?: AbortSignal }) => signal === undefined,
      },
    },
  }),
});

async function isQuick(url: string, init: RequestInit = {}): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ quick }" });
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body, ...init });
  const { data } = (await response.json()) as { data: { quick: boolean } };
  return data.quick;
}

it("takes the quick way for a query that has been answered before", async () => {
  const { url, logged } = await startServer({ schema });
  expect(await isQuick(url)).toBe(false);
  expect(await isQuick(url)).toBe(true);
  const lines = logged.filter(({ msg }) => msg === "operation");
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toMatchObject({ operation: "query quick", outcome: "ok", status: 200 });
  }
});

it("takes the ordinary way where anything is to be negotiated, and where it is told to", async () => {
  const { url } = await startServer({ schema });
  await isQuick(url);
  const type = { "content-type": "application/json" };
  const accept = { ...type, accept: "application/graphql-response+json" };
  expect(await isQuick(url, { headers: accept })).toBe(false);
  const extended = JSON.stringify({ query: "{ quick }", extensions: {} });
  expect(await isQuick(url, { body: extended })).toBe(false);
  expect(await isQuick(url)).toBe(true);
  const plain = await startServer({ schema, quickReads: false });
  expect([await isQuick(plain.url), await isQuick(plain.url)]).toEqual([false, false]);
});

import { expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";

const app = useApp();

const PAGES = `query ($n: Int = 100) {
  projects(first: $n) { nodes { runs(first: $n) { nodes { workstreams(first: $n) { nodes { key } } } } } }
}`;

test("a page counts as it is asked for: by a literal, a variable, or a variable's default", async () => {
  expect((await send(app.url, PAGES, { n: 2 })).errors).toBeUndefined();
  for (const variables of [undefined, { n: 100 }]) {
    const { status, errors, data } = await send(app.url, PAGES, variables);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors).toMatchObject([
      {
        extensions: {
          code: "QUERY_TOO_COMPLEX",
          limit: { name: "complexity", max: 50_000, actual: 2_020_201 },
          cost: { complexity: 2_020_201, maxComplexity: 50_000, depth: 7, maxDepth: 16 },
        },
      },
    ]);
  }
});

test("every variable that is wrong is told, whatever the operation costs", async () => {
  const document =
    "query ($n: Int, $m: Int) { a: projects(first: $n) { totalCount } b: projects(first: $m) { totalCount } }";
  const { errors } = await send(app.url, document, { n: "x", m: "y" });
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
});

test.each(TRANSPORTS)("a subscription that costs too much is not opened over %s", async (transport) => {
  const list = "nodes { runs(first: 100) { nodes { workstreams(first: 100) { nodes { key } } } } }";
  const document = `subscription { viewerEvents { project { owner { projects(first: 100) { ${list} } } } } }`;
  const stream = await subscribe(transport, app.url, document);
  expect((await stream.next())?.errors).toMatchObject([{ extensions: { code: "QUERY_TOO_COMPLEX" } }]);
  expect(await stream.next()).toBeNull();
});

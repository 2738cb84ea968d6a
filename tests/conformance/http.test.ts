/** GraphQL over HTTP, by the audits of its reference implementation: https://github.com/graphql/graphql-http. */
import { serverAudits } from "graphql-http";
import { expect, test } from "vitest";
import { useApp } from "../support/app.ts";

const app = useApp();
const AUDITS = serverAudits({ url: () => `${app.url}/graphql` });

test("there are 61 audits: what servers MUST, SHOULD and MAY do", () => {
  expect(AUDITS).toHaveLength(61);
  const levels = AUDITS.map(({ name }) => name.split(" ")[0]);
  expect(new Set(levels)).toEqual(new Set(["MUST", "SHOULD", "MAY"]));
});

test.each(
  AUDITS.map((audit) => [audit.id, audit.name, audit] as const),
)("%s: %s", async (_id, _name, audit) => {
  const result = await audit.fn();
  if ("response" in result && result.response.body && !result.response.bodyUsed) {
    await result.response.body.cancel();
  }
  expect(result).toMatchObject({ status: "ok" });
});

import { expect, test } from "vitest";
import { jsonAgg } from "../../src/db/json-agg.ts";

test("Prisma's joins build json, and nothing else is touched", () => {
  const join =
    'SELECT COALESCE(JSONB_AGG("__prisma_data__"), \'[]\') FROM (SELECT JSONB_BUILD_OBJECT(\'id\', "t1"."id") AS "__prisma_data__")';
  expect(jsonAgg(join)).toBe(join.replace("JSONB_AGG", "JSON_AGG").replace("JSONB_BUILD", "JSON_BUILD"));
  const ours = "SELECT JSONB_AGG(x) FROM t";
  expect(jsonAgg(ours)).toBe(ours);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { permissionsTable } from "../../src/domain/account/docs.ts";

test("the docs say who may do what, as the table of permissions does", () => {
  const docs = readFileSync(new URL("../../docs/ARCHITECTURE.md", import.meta.url), "utf8");
  expect(docs).toContain(permissionsTable());
});

import { readFileSync, writeFileSync } from "node:fs";
import { assertValidSchema, lexicographicSortSchema, printSchema } from "graphql";
import { schema } from "../schema/index.ts";
import { run } from "./run.ts";

const FILE = new URL("../../schema.graphql", import.meta.url);

/** npm run schema: prints the API to schema.graphql. With --check it fails when the file says otherwise. */
await run(async () => {
  assertValidSchema(schema);
  const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
  if (!process.argv.includes("--check")) return writeFileSync(FILE, printed);
  if (readFileSync(FILE, "utf8") !== printed) {
    throw new Error("schema.graphql is not what the code says: run `npm run schema` and review the change.");
  }
});

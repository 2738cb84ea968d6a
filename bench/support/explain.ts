import type pg from "pg";

/** A table that a statement reads from its beginning to its end, and how many rows it has. */
export interface Scan {
  readonly table: string;
  readonly rows: number;
}

/** A table of fewer rows is on a few pages: to read them all is the best that can be done. */
const SMALL = 100;
/** What every installation has a handful of. */
const ALWAYS_SMALL = ["plan_tier", "schema_meta"];

/**
 * Has PostgreSQL explain a statement as it would execute it whatever its parameters are, as statements are planned that
 * are prepared by name, and finds the tables that it would read from end to end.
 */
export async function sequentialScans(
  client: pg.Client,
  sql: string,
  { whateverTheSize = false } = {},
): Promise<Scan[]> {
  // As every connection of the server is set.
  await client.query("SET plan_cache_mode = force_generic_plan; SET random_page_cost = 1.1");
  // With it off, what is still read so has no index that would do; tables that are empty here are found out too.
  await client.query(`SET enable_seqscan = ${whateverTheSize ? "off" : "on"}`);
  await client.query(`PREPARE explained AS ${sql}`);
  try {
    const { rows: prepared } = await client.query<{ count: number }>(
      "SELECT cardinality(parameter_types) AS count FROM pg_prepared_statements WHERE name = 'explained'",
    );
    const nulls = Array.from({ length: prepared[0]?.count ?? 0 }, () => "NULL").join(", ");
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE explained${nulls && `(${nulls})`}`,
    );
    const tables = rows.flatMap(({ "QUERY PLAN": [{ Plan }] }) => scannedTables(Plan));
    const scans: Scan[] = [];
    for (const table of new Set(tables)) {
      const { rows: sizes } = await client.query<{ rows: number }>(
        "SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = $1::regclass",
        [table],
      );
      scans.push({ table, rows: sizes[0]?.rows ?? 0 });
    }
    return whateverTheSize
      ? scans.filter(({ table }) => !ALWAYS_SMALL.includes(table))
      : scans.filter(({ rows: size }) => size > SMALL);
  } finally {
    await client.query("DEALLOCATE explained");
  }
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

function scannedTables(node: PlanNode): string[] {
  const below = (node.Plans ?? []).flatMap(scannedTables);
  const table = node["Relation Name"];
  return node["Node Type"] === "Seq Scan" && table !== undefined ? [table, ...below] : below;
}

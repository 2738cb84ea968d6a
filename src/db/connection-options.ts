import type pg from "pg";

/**
 * What the program rests on, set on every connection whatever the server's, the database's or the role's defaults are, and
 * whatever the URL's own options say.
 *
 * - Times are sent and read without an offset, as UTC, and in ISO 8601's order.
 * - A command locks its project's row and then reads what the lock's last holder committed: at a higher level of isolation that
 *   fails as a conflict.
 * - Statements name tables without their schema.
 */
const SETTINGS = {
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  search_path: "public",
  standard_conforming_strings: "on",
  bytea_output: "hex",
  extra_float_digits: "1",
  array_nulls: "on",
} as const;

/**
 * How every connection to the server is made.
 *
 * @param defaults further settings, which the URL's own options may change
 */
export function connectionOptions(url: string, defaults = ""): pg.ClientConfig {
  const parsed = new URL(url);
  const options = parsed.searchParams.get("options");
  // What the URL says would replace ours, so they are joined outside it; of two the later one holds.
  parsed.searchParams.delete("options");
  const settings = Object.entries(SETTINGS).map(
    ([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`,
  );
  const joined = [defaults, options, ...settings].filter(Boolean).join(" ");
  return { connectionString: options === null ? url : parsed.href, options: joined };
}

/**
 * What of a database does not suit the program: something between may have dropped the settings, as PgBouncer does with
 * `ignore_startup_parameters`, and an encoding is chosen when a database is made.
 *
 * @param query runs one statement on a connection that was made with `connectionOptions`
 * @returns the rest of a sentence about the database, with what to do; null where all is well
 */
export async function unmetSettings(
  query: (sql: string) => Promise<{ readonly rows: readonly Record<string, string>[] }>,
): Promise<string | null> {
  const names = ["server_encoding", "client_encoding", "session_replication_role", ...Object.keys(SETTINGS)];
  const columns = names.map((name) => `current_setting('${name}') AS "${name}"`);
  const { rows } = await query(`SELECT ${columns.join(", ")}`);
  const found = rows[0] ?? {};
  if (found.server_encoding !== "UTF8") {
    return `has the encoding ${found.server_encoding}, which cannot hold every text. Make it anew with: createdb --encoding UTF8 --template template0 NAME`;
  }
  const wanted = { client_encoding: "UTF8", session_replication_role: "origin", ...SETTINGS };
  for (const [name, value] of Object.entries(wanted)) {
    if (found[name] === value) continue;
    return `is reached with ${name} = "${found[name]}" and needs "${value}": connect without what drops the options of a connection (a pooler in transaction mode), or set it with ALTER ROLE … SET.`;
  }
  return null;
}

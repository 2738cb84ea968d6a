/** How many statements are prepared by name on each connection; what the API sends takes a few dozen. */
const MAX_NAMES = 1_000;

/**
 * Names for statements, so that PostgreSQL parses each one once per connection. Bounded: a client chooses the
 * shape of its queries, and every name holds memory on the server for as long as its connection lives. Past
 * the bound statements run unnamed, as they would without this.
 */
export function statementNames(limit = MAX_NAMES): (statement: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    // To pg no name is a statement without one; the adapter's type forgot that there is such a thing.
    if (names.size >= limit) return undefined as unknown as string;
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

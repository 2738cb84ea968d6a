import { type DocumentNode, parse } from "graphql";
import type { Random } from "../../support/random.ts";
import { FIELDS, OBJECTS } from "./schema.ts";

export interface DrawnOperation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variableValues: Record<string, unknown> | undefined;
}

const TYPES = [...OBJECTS, "Thing", "Live", "Either", "Query", "Nothing"];
const VALUES = ["1", '"text"', "null", "true", "$n", "$s", "$b", "$o", "{size: 2}", "[1, 2]", "RED", "$none"];
const DEFINITIONS = [
  "$n: Int",
  '$s: String = "default"',
  "$b: Boolean! = true",
  "$o: Options",
  "$c: Boolean",
];

/**
 * Draws a document, one of its operations' names, and variables. It need not be valid: an executor leaves out unknown fields, takes the
 * first of fields that cannot be merged, and reports arguments that do not fit.
 */
export function drawOperation(random: Random): DrawnOperation {
  const fragments = ["F", "G", "H"];
  const set = (depth: number): string => {
    const selections = Array.from({ length: 1 + random.below(4) }, () => selection(depth));
    return `{ ${selections.join(" ")} }`;
  };
  const selection = (depth: number): string => {
    const kind = random.below(100);
    if (kind < 12)
      return `... ${random.chance(0.7) ? `on ${random.pick(TYPES)}` : ""} ${directives()} ${set(depth)}`;
    if (kind < 20) return `...${random.pick([...fragments, "Missing"])} ${directives()}`;
    if (kind < 25) return "__typename";
    if (kind < 27) return `__schema { queryType { name } types { kind } directives { name } } `;
    if (kind < 29) return `__type(name: "${random.pick(TYPES)}") { name fields { name type { name } } }`;
    const alias = random.chance(0.15) ? `${random.pick(["a", "b", "__proto__", "constructor"])}: ` : "";
    const below = depth > 0 && random.chance(0.75) ? set(depth - 1) : "";
    return `${alias}${random.pick([...FIELDS, ...FIELDS, "missing"])}${args()} ${directives()} ${below}`;
  };
  const args = (): string => {
    if (random.chance(0.6)) return "";
    const given = ["a", "b"].filter(() => random.chance(0.6));
    return given.length === 0 ? "" : `(${given.map((name) => `${name}: ${random.pick(VALUES)}`).join(", ")})`;
  };
  const directives = (): string => {
    const given = ["skip", "include"].filter(() => random.chance(0.08));
    return given
      .map((name) => `@${name}(if: ${random.pick(["true", "false", "$b", "$c", "$none"])})`)
      .join(" ");
  };
  const operation = (name: string): string => {
    const definitions = DEFINITIONS.filter(() => random.chance(0.7));
    const variables = definitions.length === 0 ? "" : `(${definitions.join(", ")})`;
    return `${random.chance(0.25) ? "mutation" : "query"} ${name}${variables} ${set(3)}`;
  };
  const names = random.chance(0.8) ? ["A"] : ["A", "B"];
  const text = [
    ...names.map(operation),
    // A fragment spreads those after it, so that none spreads itself.
    ...fragments.splice(0).map((name, index) => {
      const later = ["F", "G", "H"].slice(index + 1);
      fragments.splice(0, fragments.length, ...later);
      return `fragment ${name} on ${random.pick(TYPES)} ${set(1)}`;
    }),
  ].join("\n");
  const variableValues: Record<string, unknown> = {};
  const drawn: Record<string, unknown[]> = {
    n: [1, null, "x"],
    s: ["given", null],
    b: [true, false, null],
    o: [{ size: 5 }, {}, 3],
    c: [true, null],
  };
  for (const [name, values] of Object.entries(drawn)) {
    // One that does not fit ends all of it.
    if (random.chance(0.5)) variableValues[name] = random.chance(0.9) ? values[0] : random.pick(values);
  }
  return {
    text,
    document: parse(text),
    operationName: random.chance(0.9)
      ? names.length > 1
        ? random.pick(names)
        : undefined
      : random.pick(["C", "", null]),
    variableValues: random.chance(0.95) ? variableValues : undefined,
  };
}

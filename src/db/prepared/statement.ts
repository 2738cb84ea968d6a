import { digestOf } from "../statement-names.ts";
import { type Value, withValues } from "./read-shape.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import { newMark } from "./recorder.ts";
import type { Parameter } from "./row-query.ts";

/** A statement, and which values it takes. */
export interface Statement {
  readonly sql: string;
  /** The value of its first column, which no other statement has. */
  readonly fingerprint: string;
  /** Its parameters from a shape's values. */
  parametersOf(values: readonly Value[]): Parameter[];
}

/** What Prisma's reads begin with: none is DISTINCT or has a WITH. */
const SELECT = "SELECT ";

/** Numbers that nobody asks with are counted on from here. */
const FIRST_MARK = 1_900_000_001;

/**
 * Has Prisma make the statement of all reads of a shape: it is asked for one with values that all differ, so that each of the
 * statement's parameters shows which of the values it is, or that it is the same for all of them.
 *
 * @param read starts the read with these arguments
 * @returns null where that cannot be told: there is no string among the values, Prisma changes one, or it leaves one out
 */
export async function statementOf(
  recorder: Recorder,
  args: object,
  values: readonly Value[],
  read: (args: object) => PromiseLike<unknown>,
): Promise<Statement | null> {
  const mark = values.findIndex((value) => typeof value === "string");
  if (mark === -1) return null;
  // Ids too: what is compared with one has to look like one.
  const marks = values.map((value, at) => (typeof value === "string" ? newMark() : FIRST_MARK + at));
  const recorded = await recorder.record(String(marks[mark]), () => read(withValues(args, marks)));
  return recorded && readMarks(recorded, marks);
}

function readMarks({ sql, args }: Recorded, marks: readonly Value[]): Statement | null {
  // Prisma writes numbers as text.
  const texts = marks.map(String);
  const places = args.map((arg) => texts.indexOf(String(arg)));
  if (!sql.startsWith(SELECT) || !marks.every((_, at) => places.includes(at)) || !args.every(isPlain))
    return null;
  const fingerprint = digestOf(sql);
  const given = args.map((arg) => (arg === null ? null : String(arg)));
  // What is none of the marks is the same for every read of the shape, such as where a first page begins.
  return {
    sql: `${SELECT}'${fingerprint}' AS "_statement", ${sql.slice(SELECT.length)}`,
    fingerprint,
    parametersOf: (values) =>
      places.map((place, at) => (place === -1 ? (given[at] ?? null) : String(values[place]))),
  };
}

/** Whether its text is what PostgreSQL takes it by. */
function isPlain(arg: unknown): boolean {
  return arg === null || ["string", "number", "boolean"].includes(typeof arg);
}

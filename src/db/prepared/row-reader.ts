import { getDatamodel } from "../../generated/pothos.ts";
import { storedDate } from "./stored-date.ts";

/** A row as PostgreSQL writes it: each column's text, or null. The first is the statement's fingerprint. */
export type TextRow = readonly (string | null)[];

/** Makes of the rows of a statement what Prisma would make of them. */
export type RowReader = (rows: readonly TextRow[]) => Row[];

export type Row = Record<string, unknown>;

/** The statement does not give what was selected: it is none that can be read here. */
export class UnexpectedRow extends Error {
  override readonly name = "UnexpectedRow";
}

type Select = Readonly<Record<string, unknown>>;
interface ReadArgs {
  readonly select?: Select;
  readonly take?: number;
}
interface Field {
  readonly type: string;
  readonly kind: string;
  readonly name: string;
  readonly isList: boolean;
}

const FIELDS = new Map<string, ReadonlyMap<string, Field>>();
for (const [model, { fields }] of Object.entries(getDatamodel().datamodel.models)) {
  FIELDS.set(model, new Map((fields as readonly Field[]).map((field) => [field.name, field])));
}

/** The text of a column, as a value of its type. */
const FROM_TEXT: Readonly<Record<string, TextReader>> = {
  String: (text) => text,
  Int: Number,
  Float: Number,
  Boolean: (text) => text === "t",
  DateTime: storedDate,
  Json: JSON.parse,
};
/** What JSON makes of these is their value already. */
const SAME_IN_JSON: ReadonlySet<string> = new Set(["String", "Int", "Float", "Boolean", "Json"]);

/**
 * What makes the reader of a read's rows once it is known in which columns they come.
 *
 * @param model the name of the model that is read
 * @returns null where a column of a type is selected that is not read here, such as BigInt
 */
export function rowReader(
  model: string,
  { select, take }: ReadArgs,
): ((columns: readonly string[]) => RowReader) | null {
  if (!select) return null;
  const readers = new Map<string, TextReader>();
  for (const [name, selected] of selectedOf(select)) {
    const reader = columnReader(model, name, selected);
    if (!reader) return null;
    readers.set(name, reader);
  }
  return (columns) => {
    const read: { name: string; at: number; reader: TextReader }[] = [];
    // Columns that Prisma joins by come too, and are nobody's.
    for (const [name, reader] of readers) read.push({ name, at: columns.indexOf(name), reader });
    if (read.some(({ at }) => at === -1)) throw new UnexpectedRow();
    const readRow = (row: TextRow): Row => {
      const values: Row = {};
      for (const { name, at, reader } of read) {
        const text = row[at] as string | null;
        values[name] = text === null ? null : reader(text);
      }
      return values;
    };
    return isFromEnd(take) ? (rows) => rows.map(readRow).reverse() : (rows) => rows.map(readRow);
  };
}

/** Makes a column's value of its text. */
type TextReader = (text: string) => unknown;

function columnReader(model: string, name: string, selected: unknown): TextReader | null {
  if (name === "_count") return JSON.parse;
  const field = FIELDS.get(model)?.get(name);
  if (!field || (field.isList && field.kind !== "object")) return null;
  if (field.kind !== "object") return FROM_TEXT[field.type] ?? null;
  const complete = completer(field, selected);
  if (!complete) return null;
  return (text) => complete(JSON.parse(text));
}

/** Gives what came as JSON its types, in place. Null: not known how. */
type Completer = (value: unknown) => unknown;

/** For a relation: an object or null, or a list of them. */
function completer({ type, isList }: Field, selected: unknown): Completer | null {
  const { select, take } = selected as ReadArgs;
  if (!select) return null;
  const steps: [name: string, complete: Completer][] = [];
  const names: string[] = [];
  for (const [name, nested] of selectedOf(select)) {
    const complete = valueCompleter(type, name, nested);
    if (!complete) return null;
    names.push(name);
    if (complete !== unchanged) steps.push([name, complete]);
  }
  const completeRow = (value: unknown): unknown => {
    const row = value as Row;
    for (const [name, complete] of steps) row[name] = complete(row[name]);
    return row;
  };
  /** Without the columns that Prisma joins by, which are nobody's. */
  const pick = (value: unknown): unknown => {
    const row: Row = {};
    for (const name of names) row[name] = (value as Row)[name];
    return completeRow(row);
  };
  /** What makes the rows that look like this one. */
  const completerOf = (value: unknown): Completer => {
    if (!names.every((name) => (value as Row)[name] !== undefined)) throw new UnexpectedRow();
    return Object.keys(value as Row).length > names.length ? pick : completeRow;
  };
  if (!isList) return (value) => (value === null ? null : completerOf(value)(value));
  const fromEnd = isFromEnd(take);
  return (value) => {
    if (!Array.isArray(value)) throw new UnexpectedRow();
    if (value.length === 0) return value;
    // All rows of a list come from the same expression.
    const rows = value.map(completerOf(value[0]));
    return fromEnd ? rows.reverse() : rows;
  };
}

const unchanged: Completer = (value) => value;

function valueCompleter(model: string, name: string, selected: unknown): Completer | null {
  if (name === "_count") return unchanged;
  const field = FIELDS.get(model)?.get(name);
  if (!field || (field.isList && field.kind !== "object")) return null;
  if (field.kind === "object") return completer(field, selected);
  if (SAME_IN_JSON.has(field.type)) return unchanged;
  if (field.type !== "DateTime") return null;
  return (value) => (value === null ? null : storedDate(value as string));
}

function selectedOf(select: Select): [name: string, selected: unknown][] {
  return Object.entries(select).filter(([, selected]) => selected !== undefined && selected !== false);
}

/** A page from the end is read backwards. */
function isFromEnd(take: number | undefined): boolean {
  return take !== undefined && take < 0;
}

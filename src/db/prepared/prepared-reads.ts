import type pg from "pg";
import { BoundedCache } from "../../bounded-cache.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { isOutage } from "../outage.ts";
import { withModels } from "../with-models.ts";
import { Gathering } from "./gathering.ts";
import { shapeOf, type Value } from "./read-shape.ts";
import type { Recorder } from "./recorder.ts";
import { type Column, ForeignRowError, type PreparedStatement, queryRows, type Rows } from "./row-query.ts";
import { rowReader, type TextRow, UnexpectedRow } from "./row-reader.ts";
import { type Statement, statementOf } from "./statement.ts";
import { Turns } from "./turns.ts";

/** Characters of a result that takes no time to speak of where its rows are found by keys. */
const SHORT = 4 * 1024;

/** Maximum number of shapes of reads that are remembered; what clients ask has some dozens. */
const MAX_SHAPES = 1_000;

export interface PreparedReadsOptions {
  readonly prisma: PrismaClient;
  readonly recorder: Recorder;
  readonly pool: pg.Pool;
  /** The name that a statement is prepared by now; undefined: by none. */
  readonly nameOf: (sql: string) => string | undefined;
  readonly onStatement?: ((sql: string) => void) | undefined;
  readonly maxShapes?: number | undefined;
}

type Reading = PreparedReadsOptions & { readonly turns: Turns; readonly gathering: Gathering };
type Method = "findMany" | "findFirst" | "findUnique" | "findUniqueOrThrow" | "count";
type Read = (args: object) => PromiseLike<unknown>;

type ToResult = (rows: readonly TextRow[]) => unknown;

/** What is known of a read's shape. */
interface Prepared {
  readonly statement: Statement;
  /** Whether it finds at most one row, by its key. */
  readonly isByKey: boolean;
  /** Whether its last result was short. */
  isShort: boolean;
  /** Made when the first rows come, which say in which columns. */
  toResult: ToResult | undefined;
  /** What the statement's columns were then. */
  columns: readonly Column[] | undefined;
  readonly makeToResult: (columns: readonly string[]) => ToResult;
}

/** Asked once. */
const SEEN = "seen";
/** Being prepared, or none that can be. */
const PRISMAS = "Prisma's";

/** By model, method and shape. */
type Known = BoundedCache<string, Prepared | typeof SEEN | typeof PRISMAS>;

/**
 * The same client, but reads of a shape that was seen before are sent as the statement that Prisma made of it, and their rows
 * are read here. Prisma's own way from arguments to a statement and from rows to objects is two fifths of the processor time of
 * a small read and of a large one.
 *
 * Whatever it does not know to give the same (see `shapeOf`, `statementOf`, `rowReader`) Prisma reads as before.
 */
export function withPreparedReads(given: PreparedReadsOptions): PrismaClient {
  const known: Known = new BoundedCache({ capacity: given.maxShapes ?? MAX_SHAPES });
  const options = { ...given, turns: new Turns(), gathering: new Gathering(given.pool) };
  return withModels(options.prisma, (delegate, model) => {
    const reads = new Map<string | symbol, Read>();
    for (const method of METHODS) {
      const read = (delegate[method] as unknown as Read).bind(delegate);
      const prepared = preparedRead(model, method, read, known, options);
      reads.set(method, isByKey(method) ? aloneOr(read, prepared) : prepared);
    }
    return reads;
  });
}

const METHODS: readonly Method[] = ["findMany", "findFirst", "findUnique", "findUniqueOrThrow", "count"];

function isByKey(method: Method): boolean {
  return method === "findUnique" || method === "findUniqueOrThrow";
}

/** Of several at once Prisma makes one statement. */
function aloneOr(read: Read, prepared: Read): Read {
  let waiting: { args: object; resolve: (result: PromiseLike<unknown>) => void }[] = [];
  const send = () => {
    const asked = waiting;
    waiting = [];
    const how = asked.length === 1 ? prepared : read;
    for (const { args, resolve } of asked) resolve(how(args));
  };
  return (args) =>
    new Promise((resolve) => {
      if (waiting.push({ args, resolve }) === 1) process.nextTick(send);
    });
}

function preparedRead(model: string, method: Method, read: Read, known: Known, options: Reading): Read {
  return async (args) => {
    const shape = shapeOf(args);
    if (!shape) return read(args);
    const key = `${model}.${method}${shape.key}`;
    const prepared = known.get(key);
    if (prepared === undefined) {
      // Most shapes of a client that asks something else each time are never asked again: the second time is soon enough.
      known.set(key, SEEN);
    } else if (prepared === SEEN) {
      known.set(key, PRISMAS);
      const made = prepare(model, method, args, shape.values, read, options);
      // Whatever cannot be prepared stays Prisma's.
      made.then((prepared) => known.has(key) && known.set(key, prepared)).catch(() => {});
    }
    if (typeof prepared !== "object") return read(args);
    try {
      const result = await run(prepared, shape.values, options);
      // That there is none Prisma says, too.
      return result === null && method === "findUniqueOrThrow" ? read(args) : result;
    } catch (error) {
      if (isOutage(error) || error instanceof ForeignRowError) throw error;
      if (error instanceof UnexpectedRow) known.set(key, PRISMAS);
      // What is wrong with it Prisma says.
      return read(args);
    }
  };
}

async function prepare(
  model: string,
  method: Method,
  args: object,
  values: readonly Value[],
  read: Read,
  { recorder }: PreparedReadsOptions,
): Promise<Prepared | typeof PRISMAS> {
  const makeToResult = resultMaker(model, method, args);
  const statement = makeToResult && (await statementOf(recorder, args, values, read));
  if (!statement) return PRISMAS;
  return {
    statement,
    isByKey: isByKey(method),
    isShort: false,
    toResult: undefined,
    columns: undefined,
    makeToResult,
  };
}

function resultMaker(model: string, method: Method, args: object): Prepared["makeToResult"] | null {
  if (method === "count") return "select" in args ? null : () => (rows) => Number(rows[0]?.[1]);
  const readerOf = rowReader(model, args);
  if (!readerOf || method === "findMany") return readerOf;
  return (columns) => {
    const reader = readerOf(columns);
    return (rows) => reader(rows)[0] ?? null;
  };
}

async function run(
  prepared: Prepared,
  values: readonly Value[],
  { onStatement, nameOf, pool, turns, gathering }: Reading,
): Promise<unknown> {
  const { statement, isByKey, isShort } = prepared;
  const { sql, fingerprint } = statement;
  onStatement?.(sql);
  const describe = prepared.toResult === undefined;
  const asked = {
    name: nameOf(sql),
    sql,
    fingerprint,
    parameters: statement.parametersOf(values),
    describe,
  };
  const { columns, rows } = await (isByKey && isShort ? gathering.query(asked) : alone(asked, pool));
  const characters = lengthOf(rows);
  prepared.isShort = characters < SHORT;
  const turn = turns.before(characters);
  if (turn) await turn;
  return resultReader(prepared, columns)(rows);
}

/** @throws UnexpectedRow where the statement has other columns now, since a migration has changed them */
function resultReader(prepared: Prepared, columns: readonly Column[] | undefined): ToResult {
  const before = prepared.columns;
  if (columns && before && !isSame(columns, before)) throw new UnexpectedRow();
  prepared.columns ??= columns;
  prepared.toResult ??= prepared.makeToResult((columns ?? []).map(({ name }) => name));
  return prepared.toResult;
}

function isSame(columns: readonly Column[], others: readonly Column[]): boolean {
  const isEqual = ({ name, type }: Column, at: number) =>
    name === others[at]?.name && type === others[at]?.type;
  return columns.length === others.length && columns.every(isEqual);
}

async function alone(statement: PreparedStatement, pool: pg.Pool): Promise<Rows> {
  const [rows] = await queryRows(pool, [statement]);
  return rows as Rows;
}

function lengthOf(rows: readonly TextRow[]): number {
  let characters = 0;
  for (const row of rows) for (const text of row) characters += text?.length ?? 0;
  return characters;
}

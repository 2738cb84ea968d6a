import {
  type ArgScalarType,
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  type SqlQuery,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import { Prisma } from "../generated/prisma/client.ts";

/** What Prisma's raw methods are called with: a tagged template, or what Prisma.sql made of one. */
export type RawArguments = readonly [template: Prisma.Sql | TemplateStringsArray, ...values: unknown[]];

/** A statement for the driver's adapter, with the values as Prisma's own raw methods would hand them over. */
export function toStatement([template, ...values]: RawArguments): SqlQuery {
  const { text, values: bound } = "text" in template ? template : Prisma.sql(template, ...values);
  return toStatementOf(text, bound);
}

/** The same from text with numbered places. */
export function toStatementOf(sql: string, values: readonly unknown[]): SqlQuery {
  return { sql, args: values.map(argOf), argTypes: values.map(typeOf) };
}

/** What a statement answered, as Prisma's own raw methods would have it. */
export function toRows({ columnNames, columnTypes, rows }: SqlResultSet): Record<string, unknown>[] {
  const readers = columnTypes.map((type) => READERS[type]);
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at];
      const reader = value === null ? undefined : readers[at];
      row[columnNames[at] as string] = reader ? reader(value) : value;
    }
    return row;
  });
}

function argOf(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(argOf);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return value;
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return value;
  if (Prisma.Decimal.isDecimal(value)) return value.toJSON();
  return JSON.stringify(value);
}

function typeOf(value: unknown): ArgType {
  if (!Array.isArray(value)) return { scalarType: scalarTypeOf(value), arity: "scalar" };
  return { scalarType: value.length > 0 ? scalarTypeOf(value[0]) : "unknown", arity: "list" };
}

function scalarTypeOf(value: unknown): ArgScalarType {
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "decimal";
  if (typeof value === "bigint") return "bigint";
  if (value instanceof Date) return "datetime";
  return "unknown";
}

type Reader = (value: unknown) => unknown;

const toBigInt: Reader = (value) => BigInt(value as string);
const toBytes: Reader = (value) => new Uint8Array(Buffer.from(value as string, "base64"));
const toDecimal: Reader = (value) => new Prisma.Decimal(value as string);
const toDate: Reader = (value) => new Date(value as string);
const toTime: Reader = (value) => new Date(`1970-01-01T${value}Z`);
const toJson: Reader = (value) => JSON.parse(value as string);
const each =
  (reader: Reader): Reader =>
  (values) =>
    (values as unknown[]).map((value) => (value === null ? null : reader(value)));

/** What the adapters' values become; those of other types stay what they are. */
const READERS: Readonly<Partial<Record<ColumnType, Reader>>> = {
  [ColumnTypeEnum.Int64]: toBigInt,
  [ColumnTypeEnum.Int64Array]: each(toBigInt),
  [ColumnTypeEnum.Bytes]: toBytes,
  [ColumnTypeEnum.BytesArray]: each(toBytes),
  [ColumnTypeEnum.Numeric]: toDecimal,
  [ColumnTypeEnum.NumericArray]: each(toDecimal),
  [ColumnTypeEnum.Date]: toDate,
  [ColumnTypeEnum.DateArray]: each(toDate),
  [ColumnTypeEnum.DateTime]: toDate,
  [ColumnTypeEnum.DateTimeArray]: each(toDate),
  [ColumnTypeEnum.Time]: toTime,
  [ColumnTypeEnum.TimeArray]: each(toTime),
  [ColumnTypeEnum.Json]: toJson,
  [ColumnTypeEnum.JsonArray]: each(toJson),
};

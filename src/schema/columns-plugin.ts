import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes as PothosTypes,
} from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";
import type { GraphQLContext } from "./context.ts";

const NAME = "columns" as const;

type Resolver = GraphQLFieldResolver<unknown, GraphQLContext, object>;
type Row = Readonly<Record<string, unknown>>;

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends PothosTypes> {
      columns: ColumnsPlugin<Types>;
    }
  }
}

/**
 * Fields that are read from columns of their row and from nothing else take them from the row when it has them. The Prisma plugin
 * would first look up, for each field of each row, whether its own query had loaded them, which was a fifth of a large
 * read's time. A row that lacks one of the columns is the Prisma plugin's, as before.
 *
 * A column that was selected is never undefined, so the row itself says what it has. Relations stay with the Prisma
 * plugin: under two aliases with different arguments the row holds only one of the two lists.
 */
class ColumnsPlugin<Types extends PothosTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    const columns = columnsOf(field.extensions);
    const { resolve } = field;
    if (!columns || !resolve) return resolver;
    const fromRow = resolve as unknown as Resolver;
    const otherwise = resolver as unknown as Resolver;
    return ((row: Row, args, context, info) =>
      context.shortcuts && hasAll(row, columns)
        ? fromRow(row, args, context, info)
        : otherwise(row, args, context, info)) as Resolver as never;
  }
}

/** The columns that a field is computed from; undefined where it needs anything else, such as a relation. */
export function columnsOf(extensions: object | null | undefined): readonly string[] | undefined {
  const { pothosPrismaSelect: select } = (extensions ?? {}) as { pothosPrismaSelect?: unknown };
  // Where it depends on arguments it is a function; what has a selection of its own is a relation.
  if (typeof select !== "object" || select === null) return undefined;
  return Object.values(select).every((selected) => selected === true) ? Object.keys(select) : undefined;
}

export function hasAll(row: Row, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return false;
  return true;
}

SchemaBuilder.registerPlugin(NAME, ColumnsPlugin);

export default NAME;

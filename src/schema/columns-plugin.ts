import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes as PothosTypes,
} from "@pothos/core";
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import type { ReadSource } from "../execution/hints.ts";
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
 *
 * Whoever executes such a field may read the row without its resolver (`FieldHints`), unless any other plugin has wrapped that: a
 * plugin that guards fields is asked every time, wherever it stands in the list of plugins.
 */
class ColumnsPlugin<Types extends PothosTypes> extends BasePlugin<Types> {
  /** The fields that are read from their row, with the resolver that this plugin has left them with. */
  readonly #fields: {
    readonly type: string;
    readonly name: string;
    readonly resolve: unknown;
    readonly hint: ReadSource;
  }[] = [];
  readonly #isGuardedBelow = wrapsBelow(this.builder.options.plugins ?? []);

  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const ofSourceAlone = isOfParentAlone(field, this.#columnsOf(field));
    return { ...field, extensions: { ...field.extensions, ofSourceAlone } };
  }

  /** The columns that a field is read from; undefined where it needs anything else, such as a relation. */
  #columnsOf(field: PothosOutputFieldConfig<Types>): readonly string[] | undefined {
    const { pothosPrismaSelect: exposed } = (field.extensions ?? {}) as FieldExtensions;
    const select = exposed || (field.pothosOptions as { select?: unknown }).select;
    if (select) return readerOf(field) && plainColumns(select);
    // What selects nothing and takes the row alone is made of the columns that every row of its type has: ids, above all.
    if (field.resolve?.length !== 1) return undefined;
    const { extensions } = this.buildCache.getTypeConfig(field.parentType);
    return plainColumns((extensions as FieldExtensions | undefined)?.pothosPrismaSelect);
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    const columns = this.#columnsOf(field);
    const fromRow = readerOf(field);
    if (!columns || !fromRow || this.#isGuardedBelow) return resolver;
    const otherwise = resolver as unknown as Resolver;
    const resolve: Resolver = (row, args, context, info) =>
      context.shortcuts && hasAll(row as Row, columns)
        ? fromRow(row, args, context, info)
        : otherwise(row, args, context, info);
    // What selects nothing of its own has no other way to be read.
    const left = fromRow === otherwise ? otherwise : resolve;
    // A resolver that takes fewer than four arguments does not ask where in the document the field stands.
    const read = fromRow as unknown as ReadSource["read"];
    const { parentType: type, name } = field;
    this.#fields.push({ type, name, resolve: left, hint: { properties: columns, read } });
    return left as never;
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    for (const { type: typeName, name, resolve, hint } of this.#fields) {
      const type = schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      // Any other resolver is a wrapper, which must be asked.
      if (field && field.resolve === resolve) field.extensions = { ...field.extensions, readSource: hint };
    }
    return schema;
  }
}

/**
 * Whether a plugin that stands after this one in the list, and so below it, wraps resolvers. The Prisma plugin does: what it
 * looks up is what this one has no need of.
 */
function wrapsBelow(plugins: readonly string[]): boolean {
  const { plugins: registered } = SchemaBuilder as unknown as {
    readonly plugins: Readonly<Record<string, { prototype: object } | undefined>>;
  };
  return plugins
    .slice(plugins.indexOf(NAME) + 1)
    .some((name) => name !== "prisma" && Object.hasOwn(registered[name]?.prototype ?? {}, "wrapResolve"));
}

interface FieldExtensions {
  readonly pothosExposedField?: string;
  readonly pothosPrismaSelect?: unknown;
}

/** The columns of a selection; undefined where it is of anything else. */
function plainColumns(select: unknown): readonly string[] | undefined {
  // Where it depends on arguments it is a function; what has a selection of its own is a relation.
  if (typeof select !== "object" || select === null) return undefined;
  return Object.values(select).every((selected) => selected === true) ? Object.keys(select) : undefined;
}

/**
 * Whether the field is its parent's and nobody else's: it is exposed or its resolver takes the parent alone, so that it is
 * the same whoever asks. Not so where the Prisma plugin may read what the parent lacks, relations above all.
 */
function isOfParentAlone<Types extends PothosTypes>(
  field: PothosOutputFieldConfig<Types>,
  rowColumns: readonly string[] | undefined,
): boolean {
  const { pothosExposedField, pothosPrismaSelect } = (field.extensions ?? {}) as FieldExtensions;
  if (pothosExposedField === undefined && field.resolve?.length !== 1) return false;
  const { select } = field.pothosOptions as { select?: unknown };
  return rowColumns !== undefined || (pothosPrismaSelect === undefined && select === undefined);
}

/** What reads a field from its row, unless it also asks where in the document the field stands. */
function readerOf<Types extends PothosTypes>({
  extensions,
  resolve,
}: PothosOutputFieldConfig<Types>): Resolver | undefined {
  const { pothosExposedField: column } = (extensions ?? {}) as FieldExtensions;
  if (column !== undefined) return (row) => (row as Row)[column];
  return resolve && resolve.length <= 3 ? (resolve as unknown as Resolver) : undefined;
}

function hasAll(row: Row, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return false;
  return true;
}

SchemaBuilder.registerPlugin(NAME, ColumnsPlugin);

export default NAME;

import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import type { GraphQLContext } from "./context.ts";
import { inputError } from "./input-error.ts";
import { decodeCursor, isIdCursor } from "./pages.ts";

/** What a connection is a page of. Every connection's field has one in its `extensions`, as `pagedList`. */
export interface PagedList {
  /** The column that it is ordered by. A cursor holds it, as the last of its columns. */
  readonly column: string;
  readonly direction: "asc" | "desc";
  /** Whether a cursor was given out by this list: whatever its filters were, and whether or not the item has left it since. */
  readonly isOwnCursor: (decoded: unknown, parent: unknown, context: GraphQLContext) => Promise<boolean>;
  /** Whether the list, as these arguments filter it, has an item that fits the condition. */
  readonly hasItem: (
    condition: object,
    args: object,
    parent: unknown,
    context: GraphQLContext,
  ) => Promise<boolean>;
}

type Order = Pick<PagedList, "column" | "direction">;
/** By their ids, which grow with time. */
export const OLDEST_FIRST = { column: "id", direction: "asc" } as const satisfies Order;
export const NEWEST_FIRST = { column: "id", direction: "desc" } as const satisfies Order;
export const LOG_ORDER = { column: "sequence", direction: "asc" } as const satisfies Order;

type Filter = (args: never, context: GraphQLContext) => object;
type Scope = (context: GraphQLContext) => object;
type OwnCursor = (
  decoded: unknown,
  parent: { readonly id: string },
  context: GraphQLContext,
) => Promise<boolean>;
type Found = Readonly<Record<string, readonly unknown[]>> | null;
type Delegate = { findUnique(args: object): Promise<Found> };

/**
 * The list behind a `relatedConnection`.
 *
 * @param model the parent's delegate, and `relation` its list
 * @param options.filter what the field's arguments narrow the list by, as in its `query`
 * @param options.scope what it is narrowed by in any case, where the viewer may not see all of it
 * @param options.isOwnCursor for cursors that hold more than an item's id, which is looked for in the list otherwise
 */
export function relatedList(
  model: "user" | "project" | "run" | "workstream" | "agentEscalation",
  relation: string,
  order: Order,
  options: { readonly filter?: Filter; readonly scope?: Scope; readonly isOwnCursor?: OwnCursor } = {},
): { readonly pagedList: PagedList } {
  const { filter = () => ({}), scope = () => ({}), isOwnCursor } = options;
  async function some(parent: unknown, where: object, { prisma }: GraphQLContext): Promise<boolean> {
    const delegate = prisma[model] as unknown as Delegate;
    const { id } = parent as { readonly id: string };
    const select = { [relation]: { where, take: 1, select: { [order.column]: true } } };
    const found = await delegate.findUnique({ where: { id }, select });
    return (found?.[relation]?.length ?? 0) > 0;
  }
  return {
    pagedList: {
      ...order,
      isOwnCursor: async (decoded, parent, context) =>
        isOwnCursor
          ? isOwnCursor(decoded, parent as { readonly id: string }, context)
          : isIdCursor(decoded) && some(parent, { AND: [scope(context), { id: decoded }] }, context),
      // The scope here too: whether something lies before a made-up cursor would tell of what the viewer does not see.
      hasItem: (condition, args, parent, context) =>
        some(parent, { AND: [scope(context), filter(args as never, context), condition] }, context),
    },
  };
}

/**
 * A list that is no relation of a row's, of items by their ids, newest first.
 *
 * @param has whether it has an item that fits the condition, as the arguments filter it; null: whatever the filter
 */
export function listById(
  has: (condition: object, args: object | null, parent: unknown, context: GraphQLContext) => Promise<boolean>,
): PagedList {
  return {
    ...NEWEST_FIRST,
    isOwnCursor: async (decoded, parent, context) =>
      isIdCursor(decoded) && has({ id: decoded }, null, parent, context),
    hasItem: has,
  };
}

interface Page {
  readonly pageInfo: { hasNextPage: boolean | Promise<boolean>; hasPreviousPage: boolean | Promise<boolean> };
}

/**
 * Has every list refuse cursors of other lists, and say truly whether there is something on the near side of the
 * cursor: Pothos takes it for granted that there is. Each costs one statement, and only where a cursor is given.
 */
export function guardPages(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const list = field.extensions.pagedList as PagedList | undefined;
      if (list && field.resolve) field.resolve = guarded(list, field.resolve);
    }
  }
  return schema;
}

function guarded(
  list: PagedList,
  resolve: GraphQLFieldResolver<unknown, GraphQLContext>,
): GraphQLFieldResolver<unknown, GraphQLContext> {
  async function checked(
    end: "after" | "before",
    ...[parent, args, context, info]: Parameters<typeof resolve>
  ) {
    const decoded = decodeCursor(args[end]);
    // What is wrong with the arguments by themselves is said first.
    const page = (await resolve(parent, args, context, info)) as Page;
    if (!(await list.isOwnCursor(decoded, parent, context))) {
      throw inputError(`"${end}" is not a cursor of this list.`);
    }
    const place = Array.isArray(decoded) ? decoded.at(-1) : decoded;
    const operator = (end === "after") === (list.direction === "asc") ? "lte" : "gte";
    const pageInfo = { ...page.pageInfo };
    // A getter: nothing is read for a client that does not ask.
    Object.defineProperty(pageInfo, end === "after" ? "hasPreviousPage" : "hasNextPage", {
      get: () => list.hasItem({ [list.column]: { [operator]: place } }, args, parent, context),
    });
    return { ...page, pageInfo };
  }

  // Not async: what lies in the parent's row is there at once, for each of a page's parents.
  return (parent, args, context, info) => {
    const end = args.after == null ? "before" : "after";
    return args[end] == null
      ? resolve(parent, args, context, info)
      : checked(end, parent, args, context, info);
  };
}

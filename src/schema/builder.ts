import SchemaBuilder from "@pothos/core";
import ComplexityPlugin from "@pothos/plugin-complexity";
import ErrorsPlugin from "@pothos/plugin-errors";
import PrismaPlugin from "@pothos/plugin-prisma";
import RelayPlugin from "@pothos/plugin-relay";
import type PrismaTypes from "../generated/pothos.ts";
import { getDatamodel } from "../generated/pothos.ts";
import ColumnsPlugin from "./columns-plugin.ts";
import type { GraphQLContext } from "./context.ts";
import RelationsPlugin from "./relations-plugin.ts";

/** The largest page that a connection gives, and the one that it gives unless told. */
export const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** A page's items cost what the page's size says: their own lists do not multiply it again. */
const COUNTED_BY_PAGE = { multiplier: 1 };

/** What a list with pages costs: as much as the page that is asked for. */
export function pageComplexity(args: {
  first?: number | null | undefined;
  last?: number | null | undefined;
}) {
  return { field: 1, multiplier: args.first ?? args.last ?? DEFAULT_PAGE };
}

export interface SchemaTypes {
  PrismaTypes: PrismaTypes;
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  // Errors comes first, so that it also catches what the others' wrappers throw.
  plugins: [ErrorsPlugin, ComplexityPlugin, RelayPlugin, ColumnsPlugin, RelationsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  complexity: {
    // The server weighs operations before it executes them: here are only the weights.
    disabled: true,
    // Lists without pages are short: five stages, some milestones, four decisions.
    defaultListMultiplier: 5,
  },
  prisma: {
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    filterConnectionTotalCount: true,
    maxConnectionSize: MAX_PAGE,
    defaultConnectionSize: DEFAULT_PAGE,
    onUnusedQuery: "error",
  },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: "Anything that has an id and can be read again by it." },
    idFieldOptions: { description: "A TypeID: the type's prefix and a UUIDv7 in base32." },
    pageInfoTypeOptions: { description: "Where a page lies in its list." },
    hasNextPageFieldOptions: { description: "Whether there is more after this page." },
    hasPreviousPageFieldOptions: { description: "Whether there is more before this page." },
    startCursorFieldOptions: { description: "The cursor of the page's first item; null when it is empty." },
    endCursorFieldOptions: { description: "The cursor of the page's last item; null when it is empty." },
    firstArgOptions: {
      description: `How many items from the start, at most ${MAX_PAGE}; ${DEFAULT_PAGE} unless told.`,
    },
    lastArgOptions: { description: `How many items from the end, at most ${MAX_PAGE}.` },
    afterArgOptions: { description: "Only items after this cursor, which this list must have given." },
    beforeArgOptions: { description: "Only items before this cursor, which this list must have given." },
    pageInfoFieldOptions: { nullable: false, description: "Where this page lies in the list." },
    edgesFieldOptions: {
      nullable: false,
      description: "The page's items, each with its cursor.",
      complexity: COUNTED_BY_PAGE,
    },
    nodeFieldOptions: { nullable: false, description: "The item." },
    cursorFieldOptions: { description: "Where the item stands in the list; opaque." },
    nodesOnConnection: {
      description: "The page's items without their cursors.",
      complexity: COUNTED_BY_PAGE,
    },
    defaultConnectionTypeOptions: { description: "A page of a list." },
    defaultEdgeTypeOptions: { description: "An item of a list and its place in it." },
  },
});

builder.queryType({
  description: "Reads. Everything is scoped to the viewer: what is someone else's is not there.",
});
builder.mutationType({
  description:
    "Commands. Each is one transaction under the project's lock, appends its events, and gives back the changed object or an error as data.",
});
builder.subscriptionType({ description: "Events as they happen." });

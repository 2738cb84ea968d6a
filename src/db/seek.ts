import type { PrismaClient } from "../generated/prisma/client.ts";
import { type Delegate, withModels } from "./with-models.ts";

interface Page {
  readonly cursor: Readonly<Record<string, unknown>>;
  readonly orderBy: Readonly<Record<string, "asc" | "desc">>;
  readonly take: number;
  readonly where?: object;
  readonly skip?: number;
}

/**
 * The same client, but a cursor is a place in the order and not a row: pages go on after an item that has left
 * the list (archived, decided, filtered out) and cost an index seek. Prisma's own cursor looks for the row in
 * the list itself; where that has gone, the page is empty or lacks an item, and nested lists are read whole.
 *
 * For lists with one ordering column, which the cursor holds.
 */
export function withSeek(prisma: PrismaClient): PrismaClient {
  return withModels(prisma, seekingReads);
}

const READS = ["findMany", "findFirst", "findFirstOrThrow", "findUnique", "findUniqueOrThrow"] as const;

/** The methods of one model that read: they seek. */
function seekingReads(model: Delegate): ReadonlyMap<string | symbol, unknown> {
  const reads = READS.map((name) => {
    const read = model[name] as (args: unknown) => unknown;
    return [name, (args: unknown) => read(seek(args))] as const;
  });
  return new Map<string | symbol, unknown>(reads);
}

/** Prisma's arguments with every cursor in them, however deep, made a condition; the same object where there is none. */
function seek(args: unknown): unknown {
  if (!hasCursor(args)) return args;
  const nested = args as { select?: unknown; include?: unknown };
  const rewritten = {
    ...args,
    ...(nested.select ? { select: mapValues(nested.select, seek) } : {}),
    ...(nested.include ? { include: mapValues(nested.include, seek) } : {}),
  };
  return isPage(rewritten) ? seekPage(rewritten) : rewritten;
}

function hasCursor(args: unknown): args is object {
  if (typeof args !== "object" || args === null || Object.getPrototypeOf(args) !== Object.prototype)
    return false;
  const { cursor, select, include } = args as { cursor?: unknown; select?: object; include?: object };
  return (
    cursor !== undefined ||
    Object.values(select ?? {}).some(hasCursor) ||
    Object.values(include ?? {}).some(hasCursor)
  );
}

function seekPage({ cursor, skip: _itself, ...page }: Page): object {
  const [[column, direction] = ["id", "asc"]] = Object.entries(page.orderBy);
  // A cursor over several columns is an object under the name of their unique index.
  const place = column in cursor ? cursor : (Object.values(cursor)[0] as Record<string, unknown>);
  const operator = (direction === "asc") === page.take > 0 ? "gt" : "lt";
  // The other columns say whose list it is: with the cursor of another one there is nothing to go on to.
  const beyond = { ...place, [column]: { [operator]: place[column] } };
  return { ...page, where: { AND: [page.where ?? {}, beyond] } };
}

function isPage(args: object): args is Page {
  return "cursor" in args && args.cursor !== undefined && "orderBy" in args && "take" in args;
}

function mapValues(object: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

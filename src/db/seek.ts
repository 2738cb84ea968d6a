import { Prisma, type PrismaClient } from "../generated/prisma/client.ts";

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
  const models = new Map<string, object>();
  for (const name of Object.values(Prisma.ModelName)) {
    const key = name.charAt(0).toLowerCase() + name.slice(1);
    models.set(key, seekingModel(prisma[key as "project"]));
  }
  // Not a client extension: that costs each query half as much again.
  return new Proxy(prisma, {
    get: (target, key) => (typeof key === "string" && models.get(key)) || Reflect.get(target, key),
  });
}

const READS = ["findMany", "findFirst", "findFirstOrThrow", "findUnique", "findUniqueOrThrow"] as const;

/** The methods of one model, where those that read seek. */
function seekingModel(model: PrismaClient["project"]): object {
  const reads = READS.map((name) => {
    const read = model[name] as (args: unknown) => unknown;
    return [name, (args: unknown) => read(seek(args))] as const;
  });
  const seeking = new Map<string | symbol, unknown>(reads);
  return new Proxy(model, { get: (target, key) => seeking.get(key) ?? Reflect.get(target, key) });
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

import { parsePrismaCursor } from "@pothos/plugin-prisma";
import { validate as isUuid } from "uuid";
import { MAX_PAGE } from "./builder.ts";
import { inputError } from "./input-error.ts";

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * Checks the arguments of a connection before they reach the database.
 *
 * @param isCursor whether what a cursor decodes to is one of this connection's
 * @throws a BAD_USER_INPUT error for a page that is too large and for a cursor of something else
 */
export function checkPage(given: object, isCursor: (decoded: unknown) => boolean = isIdCursor): void {
  // Pothos hands every argument to a connection's `query`; its type names only the further ones.
  const args = given as PageArgs;
  for (const [name, size] of [
    ["first", args.first],
    ["last", args.last],
  ] as const) {
    if (size != null && (size < 0 || size > MAX_PAGE)) {
      throw inputError(`"${name}" must be between 0 and ${MAX_PAGE}.`);
    }
  }
  if (args.first != null && args.last != null) {
    throw inputError('"first" and "last" exclude each other: ask for one end of the list.');
  }
  for (const [name, cursor] of [
    ["after", args.after],
    ["before", args.before],
  ] as const) {
    if (cursor != null && !isCursor(decodeCursor(cursor))) {
      throw inputError(`"${name}" is not a cursor of this list.`);
    }
  }
}

/** What a cursor holds; undefined when it is not one. */
export function decodeCursor(cursor: string): unknown {
  try {
    return parsePrismaCursor(cursor);
  } catch {
    return undefined;
  }
}

/** Whether that is what the cursor of an item by its id holds. */
export function isIdCursor(decoded: unknown): decoded is string {
  return isUuid(decoded);
}

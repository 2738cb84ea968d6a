/** What a read asks for, and apart from that the values that it asks with. */
export interface ReadShape {
  /** The same for all reads that take the same statement. */
  readonly key: string;
  /** The strings and numbers of its conditions, its page sizes and offsets, in the order in which they stand in it. */
  readonly values: readonly Value[];
}

export type Value = string | number;
type Plain = Readonly<Record<string, unknown>>;

/** Larger numbers are no `integer` of PostgreSQL's. */
const MAX_INTEGER = 2 ** 31 - 1;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Tells a read's shape.
 *
 * @param args as Prisma's reads take them
 * @returns null where there is something that is not known here to leave the statement as it is: a cursor, `include`,
 *   `distinct`, a time
 */
export function shapeOf(args: object): ReadShape | null {
  const shape = new ShapeWriter();
  return shape.read(args as Plain) ? shape : null;
}

/** The same arguments with others of a shape's values, which are all of their strings and of their numbers but 0. */
export function withValues<Args extends object>(args: Args, values: readonly Value[]): Args {
  let at = 0;
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (isPlain(value)) return replaceAll(value);
    if (typeof value !== "string" && (typeof value !== "number" || value === 0)) return value;
    const other = values[at];
    at += 1;
    return typeof value === "number" && value < 0 ? -Number(other) : other;
  };
  // The order's "asc" and "desc" are no values: they make another statement.
  const replaceAll = (object: Plain): Plain =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name, name === "orderBy" ? value : replace(value)]),
    );
  return replaceAll(args as Plain) as Args;
}

/** Puts the key together. What cannot be told ends it with false. */
class ShapeWriter implements ReadShape {
  key = "";
  readonly values: Value[] = [];

  /** `{ select, where, orderBy, take, skip }`, of a read or of a relation in it. */
  read(args: Plain): boolean {
    this.key += "{";
    for (const name in args) {
      const value = args[name];
      if (value === undefined) continue;
      this.key += name;
      if (!this.#argument(name, value)) return false;
    }
    this.key += "}";
    return true;
  }

  #argument(name: string, value: unknown): boolean {
    switch (name) {
      case "select":
        return this.#select(value);
      case "where":
        return this.#condition(value);
      case "orderBy":
        this.key += JSON.stringify(value);
        return true;
      case "take":
      case "skip":
        return typeof value === "number" && this.#number(value);
      default:
        return false;
    }
  }

  #select(select: unknown): boolean {
    if (!isPlain(select)) return false;
    this.key += "{";
    for (const name in select) {
      const selected = select[name];
      if (selected === undefined || selected === false) continue;
      this.key += `${name},`;
      if (selected !== true && !(isPlain(selected) && this.read(selected))) return false;
    }
    this.key += "}";
    return true;
  }

  #condition(value: unknown): boolean {
    switch (typeof value) {
      case "string":
        this.key += UUID.test(value) ? "?u," : "?s,";
        this.values.push(value);
        return true;
      case "number":
        return this.#number(value);
      case "boolean":
        this.key += `${value},`;
        return true;
      default:
        return this.#compound(value);
    }
  }

  #compound(value: unknown): boolean {
    if (value === null) {
      this.key += "null,";
      return true;
    }
    if (Array.isArray(value)) {
      this.key += "[";
      for (const item of value) if (!this.#condition(item)) return false;
      this.key += "]";
      return true;
    }
    if (!isPlain(value)) return false;
    this.key += "{";
    for (const name in value) {
      if (value[name] === undefined) continue;
      this.key += `${name}:`;
      if (!this.#condition(value[name])) return false;
    }
    this.key += "}";
    return true;
  }

  /** The sign makes another statement: a page from the end is read in the other direction. */
  #number(value: number): boolean {
    if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER) return false;
    if (value === 0) {
      this.key += "0,";
      return true;
    }
    this.key += value < 0 ? "?-," : "?+,";
    this.values.push(Math.abs(value));
    return true;
  }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

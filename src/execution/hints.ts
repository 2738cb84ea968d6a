/**
 * What a schema may say of a field in its `extensions`, so that it is executed with less work. All are optional, and the answer
 * is the same without them: a schema must say them only of fields of which they are true, whichever plugins wrap resolvers.
 */
export interface FieldHints {
  /** The field's value can be read from some properties of its source; its resolver would give the same. */
  readonly readSource?: ReadSource | undefined;
  /**
   * The property of the source that holds the field's value, an object or a list of objects, whenever that is defined: nothing
   * else is ever kept there.
   */
  readonly sourceProperty?: string | undefined;
  /** The field's value is a function of its source: neither the context nor the arguments nor the variables count. */
  readonly ofSourceAlone?: boolean | undefined;
}

export interface ReadSource {
  /** The properties that have to be there, defined; where one is not, the resolver is asked. */
  readonly properties: readonly string[];
  readonly read: (source: object, args: object, context: unknown) => unknown;
}

import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes as PothosTypes,
} from "@pothos/core";
import { type GraphQLSchema, isObjectType } from "graphql";

const NAME = "relations" as const;

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends PothosTypes> {
      relations: RelationsPlugin<Types>;
    }
  }
}

/** A relation as a field that is nothing else selects it. */
interface PlainRelation {
  readonly type: string;
  readonly field: string;
  readonly relation: string;
  readonly isList: boolean;
  readonly query: string;
}

type Query = Readonly<Record<string, unknown>>;
interface RelationExtensions {
  readonly pothosPrismaRelationField?: { readonly name: string; readonly isList: boolean };
  readonly pothosPrismaSelect?: unknown;
}

/** Pages, and whatever else is a part of a relation that depends on arguments. */
const A_PART = "a part";

/**
 * Finds the fields whose value a row holds under a relation's name whenever it holds anything there: `sourceProperty` of `FieldHints`.
 *
 * Those are relations without arguments and with a fixed order, of which no other field of the schema selects another part
 * under the same name. To any other relation a row may hold the items of another alias, a page, or what a computed field needs;
 * the Prisma plugin keeps account of that for each path of a request, and those relations stay with it.
 */
class RelationsPlugin<Types extends PothosTypes> extends BasePlugin<Types> {
  readonly #plain: PlainRelation[] = [];
  /** Which parts of the relations of a name are selected anywhere, whichever model's they are. */
  readonly #parts = new Map<string, Set<string>>();

  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { pothosPrismaRelationField: relation, pothosPrismaSelect } = (field.extensions ??
      {}) as RelationExtensions;
    if (!relation) {
      this.#readSelect((field.pothosOptions as { select?: unknown }).select);
      return field;
    }
    const isPage = relation.isList && field.type.kind !== "List";
    const query = isPage || Object.keys(field.args).length > 0 ? null : queryOf(pothosPrismaSelect);
    this.#addPart(relation.name, query ?? A_PART);
    if (query !== null) {
      const { parentType: type, name } = field;
      this.#plain.push({ type, field: name, relation: relation.name, isList: relation.isList, query });
    }
    return field;
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    for (const { type: typeName, field: name, relation, isList } of this.#plain) {
      const type = schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      // Of one thing there is no other part.
      if (!field || (isList && this.#parts.get(relation)?.size !== 1)) continue;
      field.extensions = { ...field.extensions, sourceProperty: relation };
    }
    return schema;
  }

  #readSelect(given: unknown): void {
    const select = typeof given === "function" ? given({}, {}, () => ({})) : given;
    for (const [name, selected] of Object.entries((select ?? {}) as Query)) {
      if (typeof selected !== "object" || selected === null) continue;
      const { select: nested, include, ...query } = selected as Query;
      if (name !== "_count") this.#addPart(name, JSON.stringify(query));
      this.#readSelect(nested);
      this.#readSelect(include);
    }
  }

  #addPart(relation: string, part: string): void {
    const parts = this.#parts.get(relation) ?? new Set();
    this.#parts.set(relation, parts.add(part));
  }
}

/** What a relation is read with; null where that depends on who asks. */
function queryOf(select: unknown): string | null {
  let query: unknown;
  // The plugin hands its field's query to what plans the selection below it.
  (select as (args: object, context: object, nested: (query: unknown) => object) => unknown)(
    {},
    {},
    (given) => {
      query = given;
      return {};
    },
  );
  return typeof query === "object" ? JSON.stringify(query) : null;
}

SchemaBuilder.registerPlugin(NAME, RelationsPlugin);

export default NAME;

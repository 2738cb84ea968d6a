import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      guard: GuardPlugin<Types>;
    }
  }
}

/** Who may not see a name; and how often it was asked. */
export const guard = { refuses: false, asked: 0 };

/** As scope-auth does: it stands before the resolvers of some fields. */
class GuardPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    if (field.name !== "name") return resolver;
    return (...given) => {
      guard.asked += 1;
      if (guard.refuses) throw new Error("Not for you.");
      return resolver(...given);
    };
  }
}
SchemaBuilder.registerPlugin("guard", GuardPlugin);

import type { OutputType } from "@pothos/core";
import { builder, type SchemaTypes } from "./builder.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

/**
 * The connection and the edge type of a list of things, under the names that Relay clients expect and shared
 * by all fields that give such a list.
 */
export function pagesOf<Type extends OutputType<Types>>(name: string, type: Type) {
  const edge = builder.edgeObject({ name: `${name}Edge`, type });
  const connection = builder.connectionObject(
    {
      name: `${name}Connection`,
      type,
      fields: (t) => ({
        totalCount: t.int({
          description: "How many items the whole list has.",
          extensions: { pothosPrismaTotalCount: true },
          // A nested list was counted with its page; a list at the root counts when it is asked.
          resolve: (page) => {
            const { totalCount } = page as { totalCount?: number | (() => Promise<number>) };
            return (typeof totalCount === "function" ? totalCount() : totalCount) as number;
          },
        }),
      }),
    },
    edge,
  );
  return [connection, edge] as const;
}

import type { FieldMap, InputFieldMap, InputShapeFromFields } from "@pothos/core";
import type { CommandName } from "../domain/account/permissions.ts";
import {
  ConflictError,
  GuardRejectedError,
  IdempotencyMismatchError,
  NotFoundError,
  ValidationError,
} from "../domain/errors.ts";
import type { Actor } from "../domain/event/event.ts";
import { projectsSeenBy } from "../services/account/seen-by.ts";
import type { Caller, CommandResult } from "../services/command/command.ts";
import { builder, type SchemaTypes } from "./builder.ts";
import type { GraphQLContext } from "./context.ts";
import { EventInterface } from "./event/event.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;
type ResultBuilder = PothosSchemaTypes.ObjectFieldBuilder<Types, CommandResult>;
type ErrorClass = new (...args: never[]) => Error;

/** An input without its nulls: for a command, leaving a field out and giving null are the same. */
type Given<T> = { [Key in keyof T]: null extends T[Key] ? Exclude<T[Key], null> | undefined : T[Key] };

/** Who can give a command through the API: what the system and the models do is not given here. */
type Giver = Extract<Actor, "FOUNDER" | "AGENT">;

interface CommandOptions<Fields extends InputFieldMap> {
  readonly description: string;
  /** The fields of the input, besides the `idempotencyKey` that every one has. */
  readonly input: (t: InputBuilder) => Fields;
  /** What succeeded, under its own name; `events` is added. */
  readonly success: (t: ResultBuilder) => FieldMap;
  /** Errors besides those that every command can make. */
  readonly errors?: readonly ErrorClass[];
  /** Who gives the command, a person unless told; where both may, the input says who it is. */
  readonly actor?: Giver | ((input: Given<InputShapeFromFields<Fields>>) => Giver);
  /** Calls one service. */
  readonly run: (
    input: Given<InputShapeFromFields<Fields>>,
    caller: Caller,
    context: GraphQLContext,
  ) => Promise<CommandResult>;
}

/** The same in every result, so that one fragment serves for all of them. */
const COMMON_ERRORS: readonly ErrorClass[] = [
  NotFoundError,
  ValidationError,
  GuardRejectedError,
  ConflictError,
  IdempotencyMismatchError,
];

/**
 * A mutation in the API's one shape: `verbNoun(input: VerbNounInput!): VerbNounResult!`, where the result is
 * a union of `VerbNounSuccess` and the errors that a client can act on.
 */
export function commandField<Fields extends InputFieldMap>(
  name: CommandName,
  options: CommandOptions<Fields>,
): void {
  const typeName = name.charAt(0).toUpperCase() + name.slice(1);
  const input = builder.inputType(`${typeName}Input`, {
    description: `What ${name} is given.`,
    fields: (t) => ({
      ...options.input(t),
      idempotencyKey: t.string({
        description:
          "The same key and input again give the first result without a second effect, for 24 hours; a refusal is a result too, so try again with a new key. 1 to 255 characters.",
      }),
    }),
  });
  const success = builder.objectRef<CommandResult>(`${typeName}Success`).implement({
    description: `${name} succeeded.`,
    fields: (t) => ({
      ...options.success(t),
      events: t.prismaField({
        type: [EventInterface],
        description:
          "The events that this command appended, in order; none where the viewer does not see the project any more.",
        resolve: (query, { eventIds }, _args, { prisma, viewer }) =>
          prisma.event.findMany({
            ...query,
            where: { id: { in: [...eventIds] }, project: projectsSeenBy(viewer) },
            orderBy: { sequence: "asc" },
          }),
      }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: success,
      description: options.description,
      errors: {
        types: [...COMMON_ERRORS, ...(options.errors ?? [])] as (new (...args: unknown[]) => Error)[],
        union: { name: `${typeName}Result`, description: `What ${name} came to.` },
      },
      args: { input: t.arg({ type: input, required: true, description: "What is to be done." }) },
      resolve: (_root, args, context) => {
        // The compiler cannot follow a mapped type over the generic fields: `Given` is what they are.
        const { input } = args as unknown as { input: Record<string, unknown> };
        const { idempotencyKey, ...fields } = input;
        const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
        const command = given as Given<InputShapeFromFields<Fields>>;
        const { actor = "FOUNDER" } = options;
        const caller: Caller = {
          userId: context.viewer.userId,
          key: context.viewer.key,
          // A key is an agent's, whatever it does with it.
          actor: context.viewer.key ? "AGENT" : typeof actor === "function" ? actor(command) : actor,
          correlationId: context.correlationId,
          idempotencyKey: (idempotencyKey as string | null | undefined) ?? null,
        };
        return options.run(command, caller, context);
      },
    }),
  );
}

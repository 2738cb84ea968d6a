import { USUAL_STEPS } from "../../domain/run/state.ts";
import type { SchemaTypes } from "../../schema/builder.ts";
import { decodeId } from "../../schema/ids.ts";
import { RunType } from "../../schema/run/run.ts";
import { WorkstreamType } from "../../schema/run/workstream.ts";
import type { CommandResult } from "../../services/command/command.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;
type ResultBuilder = PothosSchemaTypes.ObjectFieldBuilder<Types, CommandResult>;

export const runId = (t: InputBuilder) => t.id({ required: true, description: "The run's id." });

/** A workstream that the agent holds: every write to it presents the lease. */
export const heldWorkstream = (t: InputBuilder) => ({
  workstreamId: t.id({ required: true, description: "The workstream's id." }),
  leaseToken: t.id({
    required: true,
    description: "The token of the lease that it was claimed under; a lost one is a ConflictError.",
  }),
});

/** The ids of a held workstream, decoded. */
export function held<Input extends { workstreamId: string; leaseToken: string }>(input: Input): Input {
  return {
    ...input,
    workstreamId: decodeId("workstream", input.workstreamId, "workstreamId"),
    leaseToken: decodeId("lease", input.leaseToken, "leaseToken"),
  };
}

export const takeBack = (t: InputBuilder) =>
  t.boolean({
    description:
      "For people who take work from an agent: ends its lease without presenting it. Never given together with a leaseToken; without either, what an agent works on is left alone.",
  });

export const leaseSeconds = (t: InputBuilder) =>
  t.int({ description: "How long the lease is from now, 5 to 3,600 seconds; 300 unless told." });

const NAMES = USUAL_STEPS.map(({ name }) => name);

export const stepName = (t: InputBuilder) =>
  t.string({
    required: true,
    description: `The step's name, such as ${NAMES.slice(0, -1).join(", ")} or ${NAMES.at(-1)}: 1 to 100 letters, digits and . _ / : -, a letter or a digit first.`,
  });

/** `run`, read again after the command. */
export const run = (t: ResultBuilder) =>
  t.prismaField({
    type: RunType,
    description: "The run, as it is now.",
    resolve: (query, { id }, _args, { prisma }) => prisma.run.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const workstream = (t: ResultBuilder) =>
  t.prismaField({
    type: WorkstreamType,
    description: "The workstream, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.workstream.findUniqueOrThrow({ ...query, where: { id } }),
  });

/** The fields of a workstream that is to be made, for the whole graph of a run and for one more. */
export const workstreamPlan = (t: InputBuilder) => ({
  key: t.string({
    required: true,
    description:
      "What dependencies name it by, once per run: 1 to 100 letters, digits and . _ / : -, a letter or a digit first.",
  }),
  title: t.string({ description: "Its name for people, 1 to 255 characters; the key unless told." }),
  dependsOn: t.stringList({
    description: "The keys of the workstreams that have to be done before it can be claimed.",
  }),
  steps: t.stringList({ description: "The names of the steps that are planned, at most 50." }),
  metadata: t.field({ type: "JSON", description: "A JSON object of the client's, up to 16 KB." }),
});

/** An object without its nulls: leaving a field out and giving null are the same. */
export function withoutNulls<T extends object>(
  given: T,
): { [Key in keyof T]: null extends T[Key] ? Exclude<T[Key], null> | undefined : T[Key] } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as ReturnType<
    typeof withoutNulls<T>
  >;
}

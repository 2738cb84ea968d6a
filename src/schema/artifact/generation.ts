import type { GenerationFailure } from "../../domain/artifact/generation.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../domain/artifact/type.ts";
import type { ArtifactGeneration } from "../../generated/prisma/client.ts";
import { builder } from "../builder.ts";
import { ArtifactTypeEnum, ChainStatusEnum, GenerationFailureEnum } from "./enums.ts";

/** Why a document is not there. */
export interface Failure {
  readonly reason: GenerationFailure;
  readonly message: string;
}

export const GenerationFailureType = builder.objectRef<Failure>("GenerationFailure").implement({
  description: "Why a document could not be written.",
  fields: (t) => ({
    reason: t.expose("reason", { type: GenerationFailureEnum, description: "Which kind of reason." }),
    message: t.exposeString("message", { description: "What was the matter, in words for people." }),
  }),
});

/** Null unless something failed. */
export function failureOf(row: {
  readonly failureReason: string | null;
  readonly failureMessage: string | null;
}): Failure | null {
  if (row.failureReason === null) return null;
  return { reason: row.failureReason as GenerationFailure, message: row.failureMessage ?? "" };
}

/** The newest generation of a project; null before the first. */
export const ArtifactGenerationType = builder
  .objectRef<{ readonly row: ArtifactGeneration | null }>("ArtifactGeneration")
  .implement({
    description:
      "How far the writing of a project's documents has come, of the latest time that it was asked for.",
    fields: (t) => ({
      status: t.field({
        type: ChainStatusEnum,
        description: "Where it stands.",
        resolve: ({ row }) => (row?.status ?? "NOT_STARTED") as "RUNNING",
      }),
      completed: t.int({
        description: "How many of the documents are written.",
        resolve: ({ row }) => row?.completed ?? 0,
      }),
      total: t.int({
        description: "How many were asked for.",
        resolve: ({ row }) => (row ? typesOf(row).length : ARTIFACT_TYPES.length),
      }),
      types: t.field({
        type: [ArtifactTypeEnum],
        description: "Which were asked for, in the order in which they are written.",
        resolve: ({ row }) => (row ? typesOf(row) : []),
      }),
      current: t.field({
        type: ArtifactTypeEnum,
        nullable: true,
        description: "The one that is being written now; null unless it is running.",
        resolve: ({ row }) => (row?.status === "RUNNING" ? (typesOf(row)[row.completed] ?? null) : null),
      }),
      failure: t.field({
        type: GenerationFailureType,
        nullable: true,
        description: "Why it failed; null unless it did.",
        resolve: ({ row }) => row && failureOf(row),
      }),
      startedAt: t.field({
        type: "DateTime",
        nullable: true,
        description: "When it was asked for.",
        resolve: ({ row }) => row?.startedAt ?? null,
      }),
      endedAt: t.field({
        type: "DateTime",
        nullable: true,
        description: "When it ended; null while it is running.",
        resolve: ({ row }) => row?.endedAt ?? null,
      }),
    }),
  });

function typesOf({ types }: ArtifactGeneration): ArtifactType[] {
  return types as ArtifactType[];
}

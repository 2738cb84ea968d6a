import type { Plan } from "../../domain/account/plan.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import { openSections } from "../../domain/artifact/tier.ts";
import type { ArtifactType as Kind } from "../../domain/artifact/type.ts";
import { ArtifactType } from "../../schema/artifact/artifact.ts";
import { AnnotationType } from "../../schema/artifact/parts.ts";
import { decodeId } from "../../schema/ids.ts";
import { annotationsOf } from "../../services/artifact/artifact.ts";
import type { InputBuilder, ResultBuilder } from "../stage/fields.ts";

export const artifactId = (t: InputBuilder) => t.id({ required: true, description: "The document's id." });

export const expectedVersion = (t: InputBuilder) =>
  t.int({
    description: "The document's versionNumber that you have read; a stale one is a ConflictError.",
  });

export const section = (t: InputBuilder) =>
  t.string({ required: true, description: "The key of one of the document's sections." });

/** The input with the document's own id. */
export function inArtifact<Input extends { readonly artifactId: string }>(input: Input) {
  return { ...input, artifactId: decodeId("artifact", input.artifactId, "artifactId") };
}

/** `artifact`, read again after the command. */
export const artifact = (t: ResultBuilder) =>
  t.prismaField({
    type: ArtifactType,
    description: "The document, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.artifact.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const annotation = (t: ResultBuilder) =>
  t.field({
    type: AnnotationType,
    nullable: true,
    description: "The note, as it is now; null when it has been removed or its section closed since.",
    resolve: async ({ id, part }, _args, { prisma }) => {
      const owner = { select: { owner: { select: { plan: true } } } };
      const row = await prisma.artifact.findUniqueOrThrow({
        where: { id },
        select: { annotations: true, type: true, project: owner },
      });
      const open = openSections(documentOf(row.type as Kind), row.project.owner.plan as Plan);
      return annotationsOf(row).find((note) => note.id === part && open.includes(note.section)) ?? null;
    },
  });

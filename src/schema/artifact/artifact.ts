import type { Plan } from "../../domain/account/plan.ts";
import { changesBetween } from "../../domain/artifact/diff.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import type { GenerationStatus } from "../../domain/artifact/generation.ts";
import { lockedSections, openSections } from "../../domain/artifact/tier.ts";
import type { ArtifactType as Kind } from "../../domain/artifact/type.ts";
import { annotationsOf, staleAmong } from "../../services/artifact/artifact.ts";
import { artifactAsMarkdown } from "../../services/artifact/markdown.ts";
import { builder } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { ANNOTATIONS, COMPARED_CONTENTS, COMPUTED_LIST, READ_CONTENT, WHOLE_DOCUMENT } from "../weights.ts";
import { ArtifactContentType, gatedContent } from "./content.ts";
import { ArtifactTypeEnum, ExportVariantEnum, GenerationStatusEnum } from "./enums.ts";
import { failureOf, GenerationFailureType } from "./generation.ts";
import { AnnotationType, LockedSectionType, SectionChangeType, StaleSectionType } from "./parts.ts";

/** What tells which sections are open: the plan of the project's owner. */
const PLAN = { project: { select: { owner: { select: { plan: true } } } } } as const;

interface WithPlan {
  readonly project: { readonly owner: { readonly plan: string } };
}

function planOf({ project }: WithPlan): Plan {
  return project.owner.plan as Plan;
}

// Contents are large: what is not asked for is not read.
export const ArtifactType = builder.prismaObject("Artifact", {
  description:
    "One of a project's five documents: written by a model, edited by people, opened by the plan of the project's owner.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true, projectId: true, type: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: artifact_…", resolve: ({ id }) => encodeId("artifact", id) }),
    project: t.relation("project", { description: "Whose document it is." }),
    type: t.field({
      type: ArtifactTypeEnum,
      description: "Which of the five it is.",
      resolve: ({ type }) => type as Kind,
    }),
    title: t.string({ description: "Its title.", resolve: ({ type }) => documentOf(type as Kind).title }),
    content: t.field({
      type: ArtifactContentType,
      nullable: true,
      description: "What it says; null until it is written for the first time.",
      complexity: READ_CONTENT,
      select: { currentContent: true, ...PLAN },
      resolve: (row) => gatedContent(row.type as Kind, row.currentContent, planOf(row)),
    }),
    previousContent: t.field({
      type: ArtifactContentType,
      nullable: true,
      description:
        "What it said before: what was written anew or reverted, or, while it has edits, what the model wrote. Null when there is none.",
      complexity: READ_CONTENT,
      select: { previousContent: true, ...PLAN },
      resolve: (row) => gatedContent(row.type as Kind, row.previousContent, planOf(row)),
    }),
    json: t.field({
      type: "JSON",
      nullable: true,
      description: "The content as a JSON object, open sections only, with its `_schema_version`.",
      complexity: WHOLE_DOCUMENT,
      select: { currentContent: true, ...PLAN },
      resolve: (row) => gatedContent(row.type as Kind, row.currentContent, planOf(row))?.sections ?? null,
    }),
    markdown: t.field({
      type: "String",
      nullable: true,
      description: "The open sections as Markdown; null until it is written.",
      complexity: WHOLE_DOCUMENT,
      args: {
        variant: t.arg({ type: ExportVariantEnum, defaultValue: "READABLE", description: "For whom." }),
      },
      select: {
        currentContent: true,
        versionNumber: true,
        generationStatus: true,
        editedSections: true,
        sources: true,
        generatedAt: true,
        updatedAt: true,
        ...PLAN,
      },
      resolve: async (row, { variant }, { loaders }) => {
        const rows = (await loaders.documents.load(row.projectId)) ?? [];
        return artifactAsMarkdown(row, rows, planOf(row), variant ?? "READABLE");
      },
    }),
    lockedSections: t.field({
      type: [LockedSectionType],
      description: "The sections that the plan of the project's owner does not open.",
      select: PLAN,
      resolve: (row) => lockedSections(documentOf(row.type as Kind), planOf(row)),
    }),
    versionNumber: t.exposeInt("versionNumber", {
      description:
        "Counts the contents that it has had: written, edited or reverted. 0 until the first; hand it back as `expectedVersion`.",
    }),
    schemaVersion: t.exposeInt("schemaVersion", {
      description: "The version of the sections' shape that the content was written in.",
    }),
    hasUserEdits: t.exposeBoolean("hasUserEdits", {
      description: "Whether people have changed what the model wrote, in closed sections too.",
    }),
    editedSections: t.stringList({
      description: "The keys of the open sections that people have changed.",
      select: { editedSections: true, ...PLAN },
      resolve: (row) => {
        const open = openSections(documentOf(row.type as Kind), planOf(row));
        return open.filter((key) => (row.editedSections as string[]).includes(key));
      },
    }),
    annotations: t.field({
      complexity: { field: 1, multiplier: ANNOTATIONS },
      type: [AnnotationType],
      description: "What people noted beside the open sections, oldest first.",
      args: { section: t.arg.string({ description: "Only beside this section." }) },
      select: { annotations: true, ...PLAN },
      resolve: (row, { section }) => {
        const open = openSections(documentOf(row.type as Kind), planOf(row));
        return annotationsOf(row).filter(
          (note) => open.includes(note.section) && (section == null || note.section === section),
        );
      },
    }),
    changes: t.field({
      type: [SectionChangeType],
      description: "How the open sections differ from `previousContent`; empty when there is none.",
      complexity: { field: COMPARED_CONTENTS },
      select: { currentContent: true, previousContent: true, ...PLAN },
      resolve: (row) => {
        const type = row.type as Kind;
        const before = gatedContent(type, row.previousContent, planOf(row));
        const after = gatedContent(type, row.currentContent, planOf(row));
        return before && after ? changesBetween(documentOf(type), before.sections, after.sections) : [];
      },
    }),
    staleSections: t.field({
      complexity: COMPUTED_LIST,
      type: [StaleSectionType],
      description:
        "The open sections that were made from a section of an earlier document which says something else now, and from which.",
      select: { sources: true, ...PLAN },
      resolve: async (row, _args, { loaders }) => {
        return staleAmong(row, (await loaders.documents.load(row.projectId)) ?? [], planOf(row));
      },
    }),
    generationStatus: t.field({
      type: GenerationStatusEnum,
      description: "Whether a model writes it now, or failed to.",
      select: { generationStatus: true },
      resolve: ({ generationStatus }) => generationStatus as GenerationStatus,
    }),
    failure: t.field({
      type: GenerationFailureType,
      nullable: true,
      description: "Why it could not be written; null unless it is FAILED.",
      select: { failureReason: true, failureMessage: true },
      resolve: failureOf,
    }),
    model: t.exposeString("model", {
      nullable: true,
      description: "The model that wrote it; null until one has.",
    }),
    generatedAt: t.expose("generatedAt", {
      type: "DateTime",
      nullable: true,
      description: "When a model wrote it; null until one has.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was first asked for." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When it last changed." }),
  }),
});

import { DOCUMENTS } from "../../domain/artifact/documents.ts";
import {
  type CHAIN_STATUSES,
  GENERATION_FAILURES,
  type GENERATION_STATUSES,
  type GenerationFailure,
} from "../../domain/artifact/generation.ts";
import type { EXPORT_VARIANTS } from "../../domain/artifact/outline.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../domain/artifact/type.ts";
import { builder } from "../builder.ts";

type Values<Name extends string> = Record<Name, { description: string }>;

export const ArtifactTypeEnum = builder.enumType("ArtifactType", {
  description: "A project's five documents, in the order in which they are written.",
  values: Object.fromEntries(
    ARTIFACT_TYPES.map((type) => [type, { description: DOCUMENTS[type].description }]),
  ) as Values<ArtifactType>,
});

export const GenerationStatusEnum = builder.enumType("GenerationStatus", {
  description: "Where a document stands.",
  values: {
    IDLE: { description: "Nobody writes it; it can be edited." },
    GENERATING: { description: "A model writes it, or will: no other command changes it meanwhile." },
    FAILED: { description: "It could not be written; what it said before is untouched." },
  } satisfies Values<(typeof GENERATION_STATUSES)[number]>,
});

export const ChainStatusEnum = builder.enumType("ArtifactGenerationStatus", {
  description: "Where the writing of a project's documents stands.",
  values: {
    NOT_STARTED: { description: "Nobody has asked for documents yet." },
    RUNNING: { description: "They are being written, one after the other." },
    COMPLETED: { description: "All that was asked for is written." },
    FAILED: { description: "One of them could not be written; those before it are." },
  } satisfies Values<(typeof CHAIN_STATUSES)[number]>,
});

export const GenerationFailureEnum = builder.enumType("GenerationFailureReason", {
  description: "Why a document could not be written.",
  values: Object.fromEntries(
    Object.entries(GENERATION_FAILURES).map(([reason, description]) => [reason, { description }]),
  ) as Values<GenerationFailure>,
});

export const ChangeKindEnum = builder.enumType("ChangeKind", {
  description: "What happened to a section, or to an item of it, between two versions.",
  values: {
    ADDED: { description: "It is new." },
    REMOVED: { description: "It is gone." },
    CHANGED: { description: "It says something else." },
    MOVED: { description: "It says the same in another place of its list." },
  },
});

export const ExportVariantEnum = builder.enumType("ExportVariant", {
  description: "For whom Markdown is written.",
  values: {
    READABLE: { description: "For people: prose, lists and tables." },
    TECHNICAL: {
      description:
        "For engineers and agents: with front matter, the sections' keys and what each was made from.",
    },
  } satisfies Values<(typeof EXPORT_VARIANTS)[number]>,
});

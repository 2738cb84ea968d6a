import { z } from "zod";
import { optionalText, requiredText } from "../text.ts";

const id = z.uuid();
const force = z.boolean().default(false);
const section = optionalText(100);
const expectedVersion = z.number().int().optional();

/** What every command on documents is given, and the rules for it. Content is checked by its section's own schema. */
export const artifactInputs = {
  generateArtifacts: z.object({ projectId: id, force }),
  regenerateArtifact: z.object({ artifactId: id, force }),
  editArtifactSection: z.object({ artifactId: id, section, content: z.unknown(), expectedVersion }),
  revertArtifact: z.object({ artifactId: id, expectedVersion }),
  annotateArtifact: z.object({ artifactId: id, section, note: requiredText(2_000) }),
  removeAnnotation: z.object({ artifactId: id, annotationId: id }),
} as const;

/** What a caller hands in, before it is checked. */
export type ArtifactInput<Name extends keyof typeof artifactInputs> = z.input<(typeof artifactInputs)[Name]>;

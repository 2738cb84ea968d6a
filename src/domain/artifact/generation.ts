import { ARTIFACT_TYPES, type ArtifactType, upstreamOf } from "./type.ts";

/** Where one document stands: GENERATING is the lock that nobody else writes it by. */
export const GENERATION_STATUSES = ["IDLE", "GENERATING", "FAILED"] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

/** Where the writing of a project's documents stands. */
export const CHAIN_STATUSES = ["NOT_STARTED", "RUNNING", "COMPLETED", "FAILED"] as const;
export type ChainStatus = (typeof CHAIN_STATUSES)[number];

/** Why a document could not be written. */
export const GENERATION_FAILURES = {
  RATE_LIMITED: "The model's provider refused it for asking too often, several times in a row.",
  UNAVAILABLE: "The model could not be reached, or broke off.",
  TIMEOUT: "The model did not answer in time.",
  INVALID_OUTPUT: "What the model wrote does not fit the document, also after it was asked to repair it.",
  REFUSED: "The model refused to write it.",
  QUOTA_EXCEEDED: "The plan's tokens for the day are used up.",
  NOT_REACHED: "A document before it could not be written.",
  ARCHIVED: "The project was archived meanwhile.",
  INTERNAL: "A fault of the server; its log has the details.",
} as const;
export type GenerationFailure = keyof typeof GENERATION_FAILURES;

/** What the rules of generation look at. */
export interface ExistingArtifact {
  readonly type: ArtifactType;
  readonly status: GenerationStatus;
  readonly isWritten: boolean;
  readonly editedSections: readonly string[];
}

export interface EditedSection {
  readonly type: ArtifactType;
  readonly section: string;
}

export type GenerationPlan =
  /** These are to be written, in this order. */
  | { readonly verdict: "WRITE"; readonly types: readonly ArtifactType[] }
  /** Some are being written now. */
  | { readonly verdict: "RUNNING"; readonly types: readonly ArtifactType[] }
  /** There is nothing to write. */
  | { readonly verdict: "COMPLETE" }
  /** A document that is asked for would be written without one that comes before it. */
  | { readonly verdict: "UPSTREAM_MISSING"; readonly missing: readonly ArtifactType[] }
  /** People's edits would be lost. */
  | { readonly verdict: "EDITED"; readonly sections: readonly EditedSection[] };

/**
 * What asking for documents comes to.
 *
 * @param asked the documents that are to be written whatever their state; null for those that are missing or failed,
 *   or, by force, for all of them
 */
export function planGeneration(
  existing: readonly ExistingArtifact[],
  asked: readonly ArtifactType[] | null,
  force: boolean,
): GenerationPlan {
  const running = existing.filter(({ status }) => status === "GENERATING");
  if (running.length > 0) return { verdict: "RUNNING", types: running.map(({ type }) => type) };
  const byType = new Map(existing.map((artifact) => [artifact.type, artifact]));
  const isDue = (type: ArtifactType) => {
    const artifact = byType.get(type);
    return force || !artifact?.isWritten || artifact.status === "FAILED";
  };
  const types = ARTIFACT_TYPES.filter((type) => (asked ? asked.includes(type) : isDue(type)));
  if (types.length === 0) return { verdict: "COMPLETE" };
  const missing = types
    .flatMap(upstreamOf)
    .filter((type) => !types.includes(type) && !byType.get(type)?.isWritten);
  if (missing.length > 0) return { verdict: "UPSTREAM_MISSING", missing: [...new Set(missing)] };
  const sections = types.flatMap((type) =>
    (byType.get(type)?.editedSections ?? []).map((section) => ({ type, section })),
  );
  if (sections.length > 0 && !force) return { verdict: "EDITED", sections };
  return { verdict: "WRITE", types };
}

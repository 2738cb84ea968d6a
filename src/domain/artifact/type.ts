/**
 * The five documents of a project, in the order in which they are written: each is made with those before it as
 * context, and refers to them by name.
 */
export const ARTIFACT_TYPES = ["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG", "HOW_IT_WORKS"] as const;
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

/** The documents that come before one in the chain. */
export function upstreamOf(type: ArtifactType): readonly ArtifactType[] {
  return ARTIFACT_TYPES.slice(0, ARTIFACT_TYPES.indexOf(type));
}

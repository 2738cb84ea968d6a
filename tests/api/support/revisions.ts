import { documentOf, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../../src/domain/artifact/type.ts";
import { graphql } from "../../generated/gql.ts";

/** What a document said one version before, of some of its sections. */
export const Previous = graphql(/* GraphQL */ `
  query Previous($id: ID!) {
    node(id: $id) {
      ... on Artifact {
        versionNumber
        previousContent {
          __typename
          ... on ProductBrief {
            problemStatement
            targetUser
            valueProposition
            keyConstraint
            differentiationPoints
            marketAnalysis
            competitiveStrategy
          }
          ... on MvpScope {
            outOfScope
            successMetrics
            technicalArchitecture
            scalabilityPlan
            coreFeatures {
              name
              description
              priority
            }
          }
        }
      }
    }
  }
`);

/** The sections that say that they use one, by "TYPE.section", in the order of the chain. */
export function usersOf(type: ArtifactType, section: string): string[] {
  return ARTIFACT_TYPES.flatMap((user) =>
    sectionsOf(documentOf(user))
      .filter(([, { uses }]) => uses.includes(`${type}.${section}`))
      .map(([key]) => `${user}.${key}`),
  );
}

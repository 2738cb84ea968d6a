import { expect, vi } from "vitest";
import { graphql } from "../../generated/gql.ts";
import type { ArtifactType } from "../../generated/graphql.ts";
import type { Founder } from "./founder.ts";

/** A document with everything that a reader may see of it. */
export const Written = graphql(/* GraphQL */ `
  fragment Written on Artifact {
    id
    type
    title
    versionNumber
    schemaVersion
    hasUserEdits
    editedSections
    generationStatus
    model
    generatedAt
    createdAt
    updatedAt
    json
    failure {
      reason
      message
    }
    lockedSections {
      section
      requiredTier
    }
    staleSections {
      section
      causes {
        type
        section
        usedVersion
        currentVersion
      }
    }
    annotations {
      id
      section
      note
      createdAt
    }
    changes {
      section
      title
      kind
      before
      after
      items {
        kind
        label
        fields
        before
        after
      }
    }
  }
`);

export const Documents = graphql(/* GraphQL */ `
  query Documents($id: ID!, $types: [ArtifactType!]) {
    project(id: $id) {
      id
      progressPercent
      artifactGeneration {
        status
        completed
        total
        types
        current
        startedAt
        endedAt
        failure {
          reason
          message
        }
      }
      artifacts(types: $types) {
        ...Written
      }
    }
  }
`);

export const GenerateArtifacts = graphql(/* GraphQL */ `
  mutation GenerateArtifacts($input: GenerateArtifactsInput!) {
    generateArtifacts(input: $input) {
      __typename
      ...Refused
      ... on GenerateArtifactsSuccess {
        project {
          id
          artifactGeneration {
            status
            completed
            total
            current
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RegenerateArtifact = graphql(/* GraphQL */ `
  mutation RegenerateArtifact($input: RegenerateArtifactInput!) {
    regenerateArtifact(input: $input) {
      __typename
      ...Refused
      ... on RegenerateArtifactSuccess {
        artifact {
          ...Written
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const EditArtifactSection = graphql(/* GraphQL */ `
  mutation EditArtifactSection($input: EditArtifactSectionInput!) {
    editArtifactSection(input: $input) {
      __typename
      ...Refused
      ... on EditArtifactSectionSuccess {
        artifact {
          ...Written
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RevertArtifact = graphql(/* GraphQL */ `
  mutation RevertArtifact($input: RevertArtifactInput!) {
    revertArtifact(input: $input) {
      __typename
      ...Refused
      ... on RevertArtifactSuccess {
        artifact {
          ...Written
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const AnnotateArtifact = graphql(/* GraphQL */ `
  mutation AnnotateArtifact($input: AnnotateArtifactInput!) {
    annotateArtifact(input: $input) {
      __typename
      ...Refused
      ... on AnnotateArtifactSuccess {
        annotation {
          id
          section
          note
        }
        artifact {
          ...Written
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RemoveAnnotation = graphql(/* GraphQL */ `
  mutation RemoveAnnotation($input: RemoveAnnotationInput!) {
    removeAnnotation(input: $input) {
      __typename
      ...Refused
      ... on RemoveAnnotationSuccess {
        artifact {
          ...Written
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

/** A project's documents, and how far the writing has come. */
export async function documentsOf(founder: Founder, id: string, types: ArtifactType[] | null = null) {
  const { project } = await founder.read(Documents, { id, types });
  if (!project) throw new Error("The project is there.");
  return project;
}

const GenerationStatus = graphql(/* GraphQL */ `
  query GenerationStatus($id: ID!) {
    project(id: $id) {
      artifactGeneration {
        status
      }
    }
  }
`);

/** Waits until no document is being written any more. Unlike expect.poll it may also be used in a hook. */
export async function settled(founder: Founder, projectId: string) {
  // Asked again and again: by a query that costs little.
  const ended = async () => {
    const { project } = await founder.read(GenerationStatus, { id: projectId });
    expect(project?.artifactGeneration.status).not.toBe("RUNNING");
  };
  await vi.waitFor(ended, { timeout: 20_000, interval: 20 });
  return documentsOf(founder, projectId);
}

/** Has all documents of a project written, and gives them. */
export async function writeDocuments(founder: Founder, projectId: string) {
  await founder.succeed(GenerateArtifacts, { projectId });
  const project = await settled(founder, projectId);
  expect(project.artifactGeneration).toMatchObject({ status: "COMPLETED", completed: 5, total: 5 });
  return project;
}

/** The document of a type. */
export function pick<Document extends { readonly type: ArtifactType }>(
  { artifacts }: { readonly artifacts: readonly Document[] },
  type: ArtifactType,
): Document {
  const document = artifacts.find((candidate) => candidate.type === type);
  if (!document) throw new Error(`There is no ${type}.`);
  return document;
}

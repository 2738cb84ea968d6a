import { graphql } from "../../generated/gql.ts";

export const CreateProject = graphql(/* GraphQL */ `
  mutation CreateProject($input: CreateProjectInput!) {
    createProject(input: $input) {
      __typename
      ...Refused
      ... on CreateProjectSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const UpdateProject = graphql(/* GraphQL */ `
  mutation UpdateProject($input: UpdateProjectInput!) {
    updateProject(input: $input) {
      __typename
      ...Refused
      ... on UpdateProjectSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ArchiveProject = graphql(/* GraphQL */ `
  mutation ArchiveProject($input: ArchiveProjectInput!) {
    archiveProject(input: $input) {
      __typename
      ...Refused
      ... on ArchiveProjectSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ParkProject = graphql(/* GraphQL */ `
  mutation ParkProject($input: ParkProjectInput!) {
    parkProject(input: $input) {
      __typename
      ...Refused
      ... on ParkProjectSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const UnparkProject = graphql(/* GraphQL */ `
  mutation UnparkProject($input: UnparkProjectInput!) {
    unparkProject(input: $input) {
      __typename
      ...Refused
      ... on UnparkProjectSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const TransitionStage = graphql(/* GraphQL */ `
  mutation TransitionStage($input: TransitionStageInput!) {
    transitionStage(input: $input) {
      __typename
      ...Refused
      ... on TransitionStageSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const OpenGate = graphql(/* GraphQL */ `
  mutation OpenGate($input: OpenGateInput!) {
    openGate(input: $input) {
      __typename
      ...Refused
      ... on OpenGateSuccess {
        gate {
          ...Waiting
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const DecideGate = graphql(/* GraphQL */ `
  mutation DecideGate($input: DecideGateInput!) {
    decideGate(input: $input) {
      __typename
      ...Refused
      ... on DecideGateSuccess {
        gate {
          ...Waiting
          project {
            ...Standing
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const CompleteMilestone = graphql(/* GraphQL */ `
  mutation CompleteMilestone($input: CompleteMilestoneInput!) {
    completeMilestone(input: $input) {
      __typename
      ...Refused
      ... on CompleteMilestoneSuccess {
        milestone {
          key
          completed
          completedAt
        }
        stageConfig {
          ...Setup
          project {
            progressPercent
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ReopenMilestone = graphql(/* GraphQL */ `
  mutation ReopenMilestone($input: ReopenMilestoneInput!) {
    reopenMilestone(input: $input) {
      __typename
      ...Refused
      ... on ReopenMilestoneSuccess {
        milestone {
          key
          completed
          completedAt
        }
        stageConfig {
          ...Setup
          project {
            progressPercent
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const SetMilestone = graphql(/* GraphQL */ `
  mutation SetMilestone($input: SetMilestoneInput!) {
    setMilestone(input: $input) {
      __typename
      ...Refused
      ... on SetMilestoneSuccess {
        milestone {
          key
          title
          weight
          template
          completed
        }
        stageConfig {
          ...Setup
          project {
            progressPercent
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RemoveMilestone = graphql(/* GraphQL */ `
  mutation RemoveMilestone($input: RemoveMilestoneInput!) {
    removeMilestone(input: $input) {
      __typename
      ...Refused
      ... on RemoveMilestoneSuccess {
        stageConfig {
          ...Setup
          project {
            progressPercent
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const SetExitCriteria = graphql(/* GraphQL */ `
  mutation SetExitCriteria($input: SetExitCriteriaInput!) {
    setExitCriteria(input: $input) {
      __typename
      ...Refused
      ... on SetExitCriteriaSuccess {
        stageConfig {
          ...Setup
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RaiseRisk = graphql(/* GraphQL */ `
  mutation RaiseRisk($input: RaiseRiskInput!) {
    raiseRisk(input: $input) {
      __typename
      ...Refused
      ... on RaiseRiskSuccess {
        risk {
          id
          type
          message
          blocking
          dismissed
          raisedAt
          dismissedAt
        }
        stageConfig {
          ...Setup
          project {
            progressPercent
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const DismissRisk = graphql(/* GraphQL */ `
  mutation DismissRisk($input: DismissRiskInput!) {
    dismissRisk(input: $input) {
      __typename
      ...Refused
      ... on DismissRiskSuccess {
        project {
          ...Standing
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const SetPlanTier = graphql(/* GraphQL */ `
  mutation SetPlanTier($input: SetPlanTierInput!) {
    setPlanTier(input: $input) {
      __typename
      ...Refused
      ... on SetPlanTierSuccess {
        user {
          id
          subject
          planTier {
            plan
            maxProjects
          }
          projects(includeArchived: true) {
            totalCount
            nodes {
              id
            }
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

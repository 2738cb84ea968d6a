import { graphql } from "../../generated/gql.ts";

/** A workstream as its row is, without its lists. */
export const Work = graphql(/* GraphQL */ `
  fragment Work on Workstream {
    id
    key
    title
    status
    blockedBy
    position
    steps
    metadata
    attempt
    leaseHolder
    leaseExpiresAt
    dependsOn {
      key
    }
    replacedBy {
      key
    }
    endedAt
    createdAt
    updatedAt
  }
`);

/** A run with its workstreams. */
export const Underway = graphql(/* GraphQL */ `
  fragment Underway on Run {
    id
    title
    status
    metadata
    startedAt
    endedAt
    createdAt
    startCursor
    endCursor
    project {
      id
    }
    workstreams(first: 100) {
      totalCount
      nodes {
        ...Work
      }
    }
  }
`);

/** A step attempt as its row is. */
export const Tried = graphql(/* GraphQL */ `
  fragment Tried on StepAttempt {
    id
    step
    number
    leaseAttempt
    status
    startedAt
    completedAt
    result
    workstream {
      key
      status
    }
  }
`);

export const CreateRun = graphql(/* GraphQL */ `
  mutation CreateRun($input: CreateRunInput!) {
    createRun(input: $input) {
      __typename
      ...Refused
      ... on CreateRunSuccess {
        run {
          ...Underway
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const TransitionRun = graphql(/* GraphQL */ `
  mutation TransitionRun($input: TransitionRunInput!) {
    transitionRun(input: $input) {
      __typename
      ...Refused
      ... on TransitionRunSuccess {
        run {
          ...Underway
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const CreateWorkstream = graphql(/* GraphQL */ `
  mutation CreateWorkstream($input: CreateWorkstreamInput!) {
    createWorkstream(input: $input) {
      __typename
      ...Refused
      ... on CreateWorkstreamSuccess {
        workstream {
          ...Work
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const TransitionWorkstream = graphql(/* GraphQL */ `
  mutation TransitionWorkstream($input: TransitionWorkstreamInput!) {
    transitionWorkstream(input: $input) {
      __typename
      ...Refused
      ... on TransitionWorkstreamSuccess {
        workstream {
          ...Work
          run {
            status
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ClaimWorkstream = graphql(/* GraphQL */ `
  mutation ClaimWorkstream($input: ClaimWorkstreamInput!) {
    claimWorkstream(input: $input) {
      __typename
      ...Refused
      ... on ClaimWorkstreamSuccess {
        workstream {
          ...Work
        }
        leaseToken
        attemptsInProgress {
          id
          step
          number
        }
        run {
          id
          status
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const HeartbeatWorkstream = graphql(/* GraphQL */ `
  mutation HeartbeatWorkstream($input: HeartbeatWorkstreamInput!) {
    heartbeatWorkstream(input: $input) {
      __typename
      ...Refused
      ... on HeartbeatWorkstreamSuccess {
        workstream {
          ...Work
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ReleaseWorkstream = graphql(/* GraphQL */ `
  mutation ReleaseWorkstream($input: ReleaseWorkstreamInput!) {
    releaseWorkstream(input: $input) {
      __typename
      ...Refused
      ... on ReleaseWorkstreamSuccess {
        workstream {
          ...Work
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const StartStep = graphql(/* GraphQL */ `
  mutation StartStep($input: StartStepInput!) {
    startStep(input: $input) {
      __typename
      ...Refused
      ... on StartStepSuccess {
        attempt {
          ...Tried
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const CompleteStep = graphql(/* GraphQL */ `
  mutation CompleteStep($input: CompleteStepInput!) {
    completeStep(input: $input) {
      __typename
      ...Refused
      ... on CompleteStepSuccess {
        attempt {
          ...Tried
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RecordError = graphql(/* GraphQL */ `
  mutation RecordError($input: RecordErrorInput!) {
    recordError(input: $input) {
      __typename
      ...Refused
      ... on RecordErrorSuccess {
        error {
          id
          step
          errorCode
          signature
          normalizedMessage
          message
          samples
          context
          count
          firstSeenAt
          lastSeenAt
          workstream {
            key
          }
        }
        next
        attempt
        maxAttempts
        escalation {
          id
          status
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const RecordRunEvent = graphql(/* GraphQL */ `
  mutation RecordRunEvent($input: RecordRunEventInput!) {
    recordRunEvent(input: $input) {
      __typename
      ...Refused
      ... on RecordRunEventSuccess {
        run {
          id
          status
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ReadRun = graphql(/* GraphQL */ `
  query ReadRun($id: ID!) {
    node(id: $id) {
      __typename
      ... on Run {
        ...Underway
        graph
        workstreamCounts {
          status
          count
        }
        errorGroups {
          signature
          normalizedMessage
          count
          firstSeenAt
          lastSeenAt
          memberCount
          members {
            errorId
            workstream {
              key
            }
            step
            errorCode
            count
            samples
          }
        }
        timeline(last: 100) {
          totalCount
          nodes {
            ...Logged
          }
        }
      }
    }
  }
`);

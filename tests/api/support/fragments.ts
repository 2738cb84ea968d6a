import { graphql } from "../../generated/gql.ts";

/** What a client may act on of any error. */
export const Refused = graphql(/* GraphQL */ `
  fragment Refused on Error {
    message
    ... on GuardRejectedError {
      rule
      from
      to
      allowed
    }
    ... on ConflictError {
      currentState
      currentVersion
      attemptId
      decided {
        decision
        at
        by {
          id
        }
      }
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
    ... on QuotaExceededError {
      limit
      used
    }
    ... on EditsWouldBeLostError {
      sections {
        type
        section
      }
    }
    ... on LockedTierError {
      section
      requiredTier
    }
  }
`);

/** An event without its links. */
export const Logged = graphql(/* GraphQL */ `
  fragment Logged on Event {
    __typename
    id
    sequence
    cursor
    subject
    type
    actor
    reason
    detail
    correlationId
    hash
    createdAt
    ... on StageEvent {
      fromStage
      toStage
    }
    ... on MilestoneEvent {
      keys
    }
    ... on ArtifactEvent {
      artifactType
      version
    }
    ... on RunEvent {
      fromState
      toState
      run {
        id
      }
      workstream {
        key
      }
    }
  }
`);

/** A stage as its project has set it up. */
export const Setup = graphql(/* GraphQL */ `
  fragment Setup on StageConfig {
    id
    stage
    stageNumber
    title
    locked
    progressPercent
    exitCriteria
    version
    updatedAt
    milestones {
      key
      title
      weight
      completed
      completedAt
      template
    }
    risks(includeDismissed: true) {
      id
      type
      message
      blocking
      dismissed
      raisedAt
      dismissedAt
    }
    suggestedFocus {
      kind
      stage
      message
      subject
    }
  }
`);

/** A gate, and what deciding it would come to. */
export const Waiting = graphql(/* GraphQL */ `
  fragment Waiting on DecisionGate {
    id
    stage
    gateType
    status
    decision
    decidedBy
    decidedAt
    reason
    supersededAt
    context
    createdAt
    options {
      decision
      allowed
      blockers {
        rule
        message
      }
    }
  }
`);

/** Everything that a project's own fields and its rules say. */
export const Standing = graphql(/* GraphQL */ `
  fragment Standing on Project {
    id
    name
    description
    status
    stage
    stageNumber
    stageEnteredAt
    progressPercent
    version
    archivedAt
    createdAt
    updatedAt
    stageTransitions {
      to
      allowed
      blockers {
        rule
        message
      }
    }
    systemRisks(includeDismissed: true) {
      kind
      level
      message
      since
      dismissed
    }
    suggestedFocus {
      kind
      stage
      message
      subject
    }
  }
`);

import { graphql } from "../../generated/gql.ts";

/** All that can be read of a project, for telling whether a command has changed it. */
export const Snapshot = graphql(/* GraphQL */ `
  query Snapshot($id: ID!) {
    project(id: $id) {
      ...Standing
      stages {
        ...Setup
      }
      gates(first: 100) {
        totalCount
        nodes {
          ...Waiting
        }
      }
    }
  }
`);

/** How long a project's log is, and what its newest events tell of refusals. */
export const LogEnd = graphql(/* GraphQL */ `
  query LogEnd($id: ID!, $last: Int!) {
    project(id: $id) {
      events(last: $last) {
        totalCount
        nodes {
          type
          detail
        }
      }
    }
  }
`);

/** The newest hundred events of a project. */
export const Log = graphql(/* GraphQL */ `
  query Log($id: ID!) {
    project(id: $id) {
      startCursor
      endCursor
      events(last: 100) {
        totalCount
        nodes {
          ...Logged
        }
      }
    }
    verifyTimeline(projectId: $id) {
      ok
      checked
      fault {
        sequence
        eventId
        problem
      }
    }
  }
`);

export const Viewer = graphql(/* GraphQL */ `
  query Viewer {
    viewer {
      id
      subject
      displayName
      isAdmin
      createdAt
      planTier {
        plan
        maxProjects
        tokensPerDay
      }
      projects(first: 100) {
        totalCount
        nodes {
          id
        }
      }
    }
  }
`);

import { graphql } from "../../generated/gql.ts";

export const InviteMember = graphql(/* GraphQL */ `
  mutation InviteMember($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      __typename
      ... on InviteMemberSuccess {
        token
        invitation {
          id
          role
          status
          expiresAt
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const RevokeInvitation = graphql(/* GraphQL */ `
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      __typename
      ... on RevokeInvitationSuccess {
        invitation {
          id
          status
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const AcceptInvitation = graphql(/* GraphQL */ `
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      __typename
      ... on AcceptInvitationSuccess {
        project {
          id
          name
          viewerRole
        }
        member {
          role
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const ChangeMemberRole = graphql(/* GraphQL */ `
  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) {
      __typename
      ... on ChangeMemberRoleSuccess {
        member {
          role
          user {
            id
          }
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const RemoveMember = graphql(/* GraphQL */ `
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      __typename
      ... on RemoveMemberSuccess {
        project {
          id
          members {
            totalCount
          }
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const LeaveProject = graphql(/* GraphQL */ `
  mutation LeaveProject($input: LeaveProjectInput!) {
    leaveProject(input: $input) {
      __typename
      ... on LeaveProjectSuccess {
        projectId
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const CreateApiKey = graphql(/* GraphQL */ `
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeySuccess {
        secret
        apiKey {
          id
          name
          prefix
          scopes
          projectId
          expiresAt
          lastUsedAt
          revokedAt
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const RevokeApiKey = graphql(/* GraphQL */ `
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on RevokeApiKeySuccess {
        apiKey {
          id
          revokedAt
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const SuspendUser = graphql(/* GraphQL */ `
  mutation SuspendUser($input: SuspendUserInput!) {
    suspendUser(input: $input) {
      __typename
      ... on SuspendUserSuccess {
        user {
          id
          suspendedAt
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const ReinstateUser = graphql(/* GraphQL */ `
  mutation ReinstateUser($input: ReinstateUserInput!) {
    reinstateUser(input: $input) {
      __typename
      ... on ReinstateUserSuccess {
        user {
          id
          suspendedAt
        }
        events {
          type
          detail
        }
      }
      ...Refused
    }
  }
`);

export const TransferProject = graphql(/* GraphQL */ `
  mutation TransferProject($input: TransferProjectInput!) {
    transferProject(input: $input) {
      __typename
      ... on TransferProjectSuccess {
        project {
          viewerRole
          owner {
            id
          }
        }
        events {
          type
          actor
          detail
        }
      }
      ...Refused
    }
  }
`);

export const AdoptProjects = graphql(/* GraphQL */ `
  mutation AdoptProjects($input: AdoptProjectsInput!) {
    adoptProjects(input: $input) {
      __typename
      ... on AdoptProjectsSuccess {
        projects
        user {
          id
          subject
        }
        events {
          type
          actor
          reason
          detail
        }
      }
      ...Refused
    }
  }
`);

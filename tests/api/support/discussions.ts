import { expect, vi } from "vitest";
import { graphql } from "../../generated/gql.ts";
import type { Founder } from "./founder.ts";

/** A discussion with everything that was said in it. */
export const Talk = graphql(/* GraphQL */ `
  fragment Talk on Discussion {
    id
    question
    type
    status
    activity
    models
    plannedRounds
    endedEarly
    peerRanking
    consensusThreshold
    failure
    completedAt
    consensusFailure {
      reason
      message
    }
    rounds {
      id
      roundNumber
      type
      status
      isPlanned
      failure
      scores {
        model
        score
        rankings
      }
      messages {
        ...Speech
      }
    }
    consensus {
      id
      score
      roundNumber
      generatedBy
      generatedAt
      agreements {
        statement
        cites {
          id
          model
        }
      }
      disagreements {
        topic
        positions {
          model
          position
          cites {
            id
            model
          }
        }
      }
      dissent {
        model
        statement
        cites {
          id
          model
        }
      }
    }
  }
`);

/** A message without its links. */
export const Speech = graphql(/* GraphQL */ `
  fragment Speech on Message {
    id
    kind
    model
    author
    status
    content
    isCut
    isDirect
    attempt
    timestamp
    ranks {
      id
      model
    }
    failure {
      reason
      message
    }
  }
`);

export const StartDiscussion = graphql(/* GraphQL */ `
  mutation StartDiscussion($input: StartDiscussionInput!) {
    startDiscussion(input: $input) {
      __typename
      ...Refused
      ... on StartDiscussionSuccess {
        discussion {
          ...Talk
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const AddRound = graphql(/* GraphQL */ `
  mutation AddRound($input: AddRoundInput!) {
    addRound(input: $input) {
      __typename
      ...Refused
      ... on AddRoundSuccess {
        round {
          id
          roundNumber
          type
          isPlanned
        }
        discussion {
          id
          activity
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const PostMessage = graphql(/* GraphQL */ `
  mutation PostMessage($input: PostMessageInput!) {
    postMessage(input: $input) {
      __typename
      ...Refused
      ... on PostMessageSuccess {
        postedMessage {
          ...Speech
        }
        discussion {
          id
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const SummarizeConsensus = graphql(/* GraphQL */ `
  mutation SummarizeConsensus($input: SummarizeConsensusInput!) {
    summarizeConsensus(input: $input) {
      __typename
      ...Refused
      ... on SummarizeConsensusSuccess {
        discussion {
          id
          activity
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const CompleteDiscussion = graphql(/* GraphQL */ `
  mutation CompleteDiscussion($input: CompleteDiscussionInput!) {
    completeDiscussion(input: $input) {
      __typename
      ...Refused
      ... on CompleteDiscussionSuccess {
        discussion {
          id
          status
          completedAt
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const UpdateProjectSettings = graphql(/* GraphQL */ `
  mutation UpdateProjectSettings($input: UpdateProjectSettingsInput!) {
    updateProjectSettings(input: $input) {
      __typename
      ...Refused
      ... on UpdateProjectSettingsSuccess {
        project {
          id
          models
          version
          settings {
            defaultRounds
            consensusThreshold
            systemPromptOverride
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ReadDiscussion = graphql(/* GraphQL */ `
  query ReadDiscussion($id: ID!) {
    node(id: $id) {
      ... on Discussion {
        ...Talk
        markdown
        citedBy {
          id
        }
      }
    }
  }
`);

export const DiscussionStream = graphql(/* GraphQL */ `
  subscription DiscussionStream($discussionId: ID!) {
    discussionStream(discussionId: $discussionId) {
      __typename
      ... on RoundStarted {
        round {
          roundNumber
          type
        }
      }
      ... on MessageStarted {
        messageId
        attempt
        message {
          model
        }
      }
      ... on MessageDelta {
        messageId
        attempt
        offset
        text
      }
      ... on MessageCompleted {
        messageId
        message {
          ...Speech
        }
      }
      ... on ConsensusReached {
        consensus {
          score
        }
      }
      ... on DiscussionFailed {
        during
        reason
        failedRound {
          roundNumber
        }
      }
    }
  }
`);

/** A discussion as it stands. */
export async function readDiscussion(founder: Founder, id: string) {
  const { node } = await founder.read(ReadDiscussion, { id });
  if (!node || !("rounds" in node)) throw new Error(`${id} is not there.`);
  return node as Extract<typeof node, { readonly markdown: string }>;
}

/** Waits until a discussion does nothing and nobody in it is still to speak. */
export async function untilQuiet(founder: Founder, id: string) {
  // Not expect.poll, which works only inside a test: discussions are held before the tests of a file, too.
  return vi.waitFor(
    async () => {
      const discussion = await readDiscussion(founder, id);
      const messages = discussion.rounds.flatMap((round) => round.messages);
      const open = messages.filter(({ status }) => status === "PENDING" || status === "RUNNING");
      expect(`${discussion.activity}, ${open.length} to speak`).toBe("IDLE, 0 to speak");
      return discussion;
    },
    { interval: 20, timeout: 15_000 },
  );
}

import { expect } from "vitest";
import { graphql } from "../../generated/gql.ts";
import type { Agent, Held } from "./agent.ts";
import type { Founder } from "./founder.ts";
import { RecordError } from "./run-commands.ts";

/** An escalation as its row is, with what it has stopped. */
export const Question = graphql(/* GraphQL */ `
  fragment Question on Escalation {
    id
    sessionId
    origin
    step
    errorType
    errorSignature
    plainEnglishProblem
    attemptsSummary
    recommendedAction
    options {
      value
      label
      description
    }
    status
    founderDecision
    founderGuidance
    resolution
    resolvedAt
    resolvedBy {
      id
    }
    dueAt
    onExpiry
    defaultOption
    expiredAt
    createdAt
    project {
      id
    }
    run {
      id
      pausedAt
    }
    workstream {
      id
      key
      status
      blockedBy
      guidance
    }
    stopped(first: 100) {
      totalCount
      nodes {
        position
        step
        state
        joinedAt
        workstream {
          key
          status
        }
      }
    }
  }
`);

export const RaiseEscalation = graphql(/* GraphQL */ `
  mutation RaiseEscalation($input: RaiseEscalationInput!) {
    raiseEscalation(input: $input) {
      __typename
      ...Refused
      ... on RaiseEscalationSuccess {
        escalation {
          ...Question
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const ResolveEscalation = graphql(/* GraphQL */ `
  mutation ResolveEscalation($input: ResolveEscalationInput!) {
    resolveEscalation(input: $input) {
      __typename
      ...Refused
      ... on ResolveEscalationSuccess {
        escalation {
          ...Question
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

export const SkipEscalation = graphql(/* GraphQL */ `
  mutation SkipEscalation($input: SkipEscalationInput!) {
    skipEscalation(input: $input) {
      __typename
      ...Refused
      ... on SkipEscalationSuccess {
        escalation {
          ...Question
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

/** A claim with what it says of an answer. */
export const ClaimAnswered = graphql(/* GraphQL */ `
  mutation ClaimAnswered($input: ClaimWorkstreamInput!) {
    claimWorkstream(input: $input) {
      __typename
      ...Refused
      ... on ClaimWorkstreamSuccess {
        leaseToken
        workstream {
          id
          key
          guidance
        }
        answer {
          id
          founderDecision
          founderGuidance
        }
        run {
          status
          pausedAt
        }
        events {
          type
        }
      }
    }
  }
`);

export const ReadEscalation = graphql(/* GraphQL */ `
  query ReadEscalation($id: ID!) {
    node(id: $id) {
      __typename
      ... on Escalation {
        ...Question
      }
    }
  }
`);

export const RunEscalations = graphql(/* GraphQL */ `
  query RunEscalations($id: ID!, $first: Int, $after: String, $status: EscalationStatus) {
    node(id: $id) {
      ... on Run {
        status
        pausedAt
        answerWithinSeconds
        onExpiry
        escalations(first: $first, after: $after, status: $status) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...Question
          }
        }
      }
    }
  }
`);

export const Inbox = graphql(/* GraphQL */ `
  query Inbox($status: EscalationStatus, $first: Int, $after: String) {
    viewer {
      id
      pendingEscalationCount
      escalations(status: $status, first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          status
          project {
            id
          }
        }
      }
    }
  }
`);

export const InboxStream = graphql(/* GraphQL */ `
  subscription InboxStream {
    escalationInbox {
      ...Logged
      project {
        id
      }
      ... on EscalationEvent {
        fromStatus
        toStatus
        escalation {
          id
          status
        }
      }
    }
  }
`);

export const RunStream = graphql(/* GraphQL */ `
  subscription EscalationsOfRun($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      ...Logged
    }
  }
`);

export const FAULT = { step: "static", errorCode: "TYPE_ERROR", message: "Cannot find name 'Ledger'." };

/** Records the same failure again, as the holder of a lease. */
export function fail(founder: Founder, held: Held, fault: Partial<typeof FAULT> = {}) {
  return founder.succeed(RecordError, { ...held, ...FAULT, ...fault });
}

/** Fails until a person is asked; the escalation's id. */
export async function failUntilAsked(founder: Founder, held: Held, fault: Partial<typeof FAULT> = {}) {
  for (;;) {
    const { next, escalation } = await fail(founder, held, fault);
    if (next === "RETRY") continue;
    if (!escalation) throw new Error("Who is to wait is told for what.");
    return escalation.id;
  }
}

/** Claims what comes next in a run and fails until a person is asked. */
export async function stick(
  founder: Founder,
  agent: Agent,
  runId: string,
  fault: Partial<typeof FAULT> = {},
) {
  const claimed = await agent.claim({ runId });
  return { ...claimed, escalationId: await failUntilAsked(founder, claimed.held, fault) };
}

/** Reads an escalation that must be there. */
export async function readEscalation(founder: Founder, id: string) {
  const { node } = await founder.read(ReadEscalation, { id });
  if (node?.__typename !== "Escalation") throw new Error(`${id} is not there.`);
  return node;
}

export async function answer(founder: Founder, escalationId: string, decision: string, guidance?: string) {
  const input = { escalationId, decision, ...(guidance !== undefined && { guidance }) };
  return founder.succeed(ResolveEscalation, input);
}

/** What a claim gives, with the answer that comes with it. */
export async function claimAnswered(founder: Founder, runId: string) {
  const claimed = await founder.succeed(ClaimAnswered, { runId, agent: "agent-1" });
  const { workstream, leaseToken } = claimed;
  if (!workstream || !leaseToken) throw new Error("There is nothing to claim.");
  return { ...claimed, key: workstream.key, held: { workstreamId: workstream.id, leaseToken } };
}

/** How every workstream that an escalation has stopped stands for it, by its key. */
export async function stoppedStates(founder: Founder, id: string): Promise<Record<string, string>> {
  const { stopped } = await readEscalation(founder, id);
  return Object.fromEntries(stopped.nodes.map(({ workstream, state }) => [workstream.key, state]));
}

export function typesOf(events: readonly { readonly type: string }[]): string[] {
  expect(events.length).toBeGreaterThan(0);
  return events.map(({ type }) => type);
}

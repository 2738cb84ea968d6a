import { expect } from "vitest";
import { graphql } from "../../generated/gql.ts";
import type { Subscription } from "../../support/subscription.ts";

export const ProjectStream = graphql(/* GraphQL */ `
  subscription ProjectStream($projectId: ID!, $after: String, $subjects: [EventSubject!]) {
    projectEvents(projectId: $projectId, after: $after, subjects: $subjects) {
      ...Logged
      project {
        id
        name
      }
    }
  }
`);

export const StageStream = graphql(/* GraphQL */ `
  subscription StageStream($projectId: ID!, $after: String) {
    stageEvents(projectId: $projectId, after: $after) {
      ...Logged
    }
  }
`);

export const ViewerStream = graphql(/* GraphQL */ `
  subscription ViewerStream {
    viewerEvents {
      ...Logged
      project {
        id
      }
    }
  }
`);

export const LinkStream = graphql(/* GraphQL */ `
  subscription LinkStream($projectId: ID!, $after: String) {
    stageEvents(projectId: $projectId, after: $after) {
      sequence
      type
      ... on GateEvent {
        gate {
          id
          status
          decision
        }
      }
      ... on MilestoneEvent {
        keys
        stageConfig {
          stage
          version
        }
      }
      ... on RiskEvent {
        risk {
          id
          dismissed
        }
      }
    }
  }
`);

export const RunSequences = graphql(/* GraphQL */ `
  subscription RunSequences($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      sequence
      type
    }
  }
`);

/** The next event of a subscription that must have one, whichever its field. */
export async function nextEvent<Data extends object>({
  next,
}: Subscription<Data>): Promise<Data[keyof Data]> {
  const result = await next();
  if (!result?.data) throw new Error(`There is no event but ${JSON.stringify(result)}`);
  return Object.values(result.data)[0];
}

/** The next events' sequences, in the order in which they come. */
export async function nextSequences<Data extends Record<string, unknown>>(
  subscription: Subscription<Data>,
  count: number,
): Promise<number[]> {
  const sequences: number[] = [];
  while (sequences.length < count) {
    sequences.push(((await nextEvent(subscription)) as { sequence: number }).sequence);
  }
  return sequences;
}

/** Waits until that many subscriptions are open: from then on they miss nothing. */
export async function untilOpen(url: string, count: number): Promise<void> {
  await expect.poll(() => openSubscriptions(url), { interval: 5, timeout: 10_000 }).toBe(count);
}

async function openSubscriptions(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = text.matchAll(/^gatehouse_open_subscriptions\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

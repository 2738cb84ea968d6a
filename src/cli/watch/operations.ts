import { EVENT, type WatchedEvent } from "../client/event.ts";

export interface WatchedWorkstream {
  readonly key: string;
  readonly status: string;
  readonly blockedBy: string | null;
  /** The names of the planned steps, in order. */
  readonly steps: readonly string[];
  readonly leaseHolder: string | null;
  readonly dependsOn: readonly { readonly key: string; readonly status: string }[];
  readonly replacedBy: { readonly key: string } | null;
  /** The newest one only. */
  readonly attempts: { readonly nodes: readonly { readonly step: string; readonly status: string }[] };
}

export interface WatchedRun {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly workstreams: readonly WatchedWorkstream[];
}

interface Page<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly Node[];
}

/** A log to follow: where it begins, and its newest events. */
export interface LogHead {
  readonly startCursor: string;
  readonly newest: { readonly nodes: readonly WatchedEvent[] };
}

export const PROJECT_HEAD = `query WatchProject($id: ID!, $last: Int!) {
  project(id: $id) { name startCursor newest: events(last: $last) { nodes { ...WatchedEvent } } }
}
${EVENT}`;

export interface ProjectHead {
  readonly project: (LogHead & { readonly name: string }) | null;
}

export const PROJECT_EVENTS = `subscription WatchProjectEvents($id: ID!, $after: String!) {
  event: projectEvents(projectId: $id, after: $after) { ...WatchedEvent }
}
${EVENT}`;

export const NEWEST_RUN = `query WatchNewestRun($id: ID!) {
  project(id: $id) { runs(first: 1) { nodes { id } } }
}`;

export interface NewestRun {
  readonly project: { readonly runs: { readonly nodes: readonly { readonly id: string }[] } } | null;
}

export const RUN_HEAD = `query WatchRun($id: ID!, $last: Int!) {
  node(id: $id) {
    ... on Run { title startCursor newest: timeline(last: $last) { nodes { ...WatchedEvent } } }
  }
}
${EVENT}`;

export interface RunHead {
  readonly node: (LogHead & { readonly title: string }) | null;
}

/** Whether a run has ended, what of its log is left to be read, and where that ends. */
export const RUN_REST = `query WatchRunRest($id: ID!, $after: String!) {
  node(id: $id) {
    ... on Run {
      status
      next: timeline(after: $after, first: 1) { nodes { cursor } }
      last: timeline(last: 1) { nodes { cursor } }
    }
  }
}`;

interface Cursors {
  readonly nodes: readonly { readonly cursor: string }[];
}

export interface RunRest {
  readonly node: {
    readonly status: string;
    readonly next: Cursors;
    readonly last: Cursors;
  } | null;
}

export const RUN_PAGE = `query WatchRunPage($id: ID!, $after: String) {
  node(id: $id) {
    ... on Run {
      id title status
      workstreams(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          key status blockedBy steps leaseHolder
          dependsOn { key status }
          replacedBy { key }
          attempts(last: 1) { nodes { step status } }
        }
      }
    }
  }
}`;

export interface RunPage {
  readonly node: (Omit<WatchedRun, "workstreams"> & { readonly workstreams: Page<WatchedWorkstream> }) | null;
}

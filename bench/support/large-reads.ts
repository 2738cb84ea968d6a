import { encodeId } from "../../src/schema/ids.ts";
import type { Asked } from "./compared-reads.ts";

const LIST = `query List($first: Int!, $after: String) {
  projects(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id name stage status progressPercent updatedAt gates(status: PENDING, first: 1) { totalCount } }
  }
}`;

const PAGE = `query Page($id: ID!) {
  project(id: $id) {
    id name description stage status progressPercent
    stages { id stage title progressPercent milestones { key title weight completed completedAt } }
    gates(first: 10) { totalCount nodes { id status decision decidedAt } }
    events(last: 20) { totalCount pageInfo { hasPreviousPage startCursor } nodes { id sequence type createdAt } }
    discussions(first: 5) { totalCount nodes { id question status rounds { id messages { id model content } } } }
    systemRisks { kind message }
    suggestedFocus { kind message }
    stageTransitions { to allowed blockers { rule } }
  }
}`;

export interface LargeRead {
  readonly name: string;
  readonly asked: Asked;
}

const ask = (query: string, variables: object): Asked => ({
  path: "/graphql",
  body: JSON.stringify({ query, variables }),
});

/** The list of the viewer's projects: its newest page. */
export const PROJECTS_LIST: LargeRead = { name: "projects list", asked: ask(LIST, { first: 20 }) };

/** The list's page after a cursor. */
export const projectsAfter = (cursor: string): LargeRead => ({
  name: "projects list, in its middle",
  asked: ask(LIST, { first: 20, after: cursor }),
});

/** All that the page of one project shows. */
export const projectPage = (projectId: string): LargeRead => ({
  name: "project page",
  asked: ask(PAGE, { id: encodeId("project", projectId) }),
});

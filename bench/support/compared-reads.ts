import { isDeepStrictEqual } from "node:util";
import { encodeId, parseId } from "../../src/schema/ids.ts";

export interface Asked {
  /** Below the server's address. */
  readonly path: string;
  readonly body: string;
}

export type Contender = "ours" | "postgraphile" | "handWritten";

/** The same read as each server is asked for it. */
export interface ComparedRead {
  readonly name: string;
  readonly asked: Readonly<Record<Contender, Asked>>;
}

const PAGE = 20;

const NESTED = `query Nested($first: Int!) {
  projects(first: $first) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name status stageNumber progressPercent createdAt
      stages { id stageNumber version updatedAt }
      discussions(first: 5) {
        pageInfo { hasNextPage }
        nodes {
          id question status createdAt
          rounds {
            id roundNumber status startedAt
            messages { id kind model status content timestamp }
          }
        }
      }
    }
  }
}`;

const NESTED_POSTGRAPHILE = `query Nested($first: Int!) {
  projects: allProjects(first: $first, orderBy: [ROW_ID_DESC]) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id: rowId name status stageNumber progressPercent createdAt
      stages: stageConfigsByProjectIdList(orderBy: [STAGE_NUMBER_ASC]) { id: rowId stageNumber version updatedAt }
      discussions: discussionsByProjectId(first: 5, orderBy: [ROW_ID_DESC]) {
        pageInfo { hasNextPage }
        nodes {
          id: rowId question status createdAt
          rounds: roundsByDiscussionIdList(orderBy: [ROUND_NUMBER_ASC]) {
            id: rowId roundNumber status startedAt
            messages: messagesByRoundIdList(orderBy: [POSITION_ASC]) {
              id: rowId kind model status content timestamp
            }
          }
        }
      }
    }
  }
}`;

const SMALL = `query Small($id: ID!) {
  project(id: $id) {
    id name description status stageNumber progressPercent
    stages { id stageNumber version updatedAt }
  }
}`;

const SMALL_POSTGRAPHILE = `query Small($id: UUID!) {
  project: projectByRowId(rowId: $id) {
    id: rowId name description status stageNumber progressPercent
    stages: stageConfigsByProjectIdList(orderBy: [STAGE_NUMBER_ASC]) { id: rowId stageNumber version updatedAt }
  }
}`;

const COUNTS = `query Counts($first: Int!) {
  projects(first: $first) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id name
      gates(first: 10) { totalCount nodes { id gateType status decidedAt } }
      events(last: 10) { nodes { id sequence type createdAt } }
    }
  }
}`;

const COUNTS_POSTGRAPHILE = `query Counts($first: Int!) {
  projects: allProjects(first: $first, orderBy: [ROW_ID_DESC]) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id: rowId name
      gates: decisionGatesByProjectId(first: 10, orderBy: [ROW_ID_ASC]) {
        totalCount nodes { id: rowId gateType status decidedAt }
      }
      events: eventsByProjectId(last: 10, orderBy: [SEQUENCE_ASC]) { nodes { id: rowId sequence type createdAt } }
    }
  }
}`;

/** The reads of the comparison: the nested page, one project with its stages, and a page with counts and a log's end. */
export function comparedReads(projectId: string): ComparedRead[] {
  const page = { first: PAGE };
  return [
    read("nested", [NESTED, page], [NESTED_POSTGRAPHILE, page]),
    read("small", [SMALL, { id: encodeId("project", projectId) }], [SMALL_POSTGRAPHILE, { id: projectId }]),
    read("counts", [COUNTS, page], [COUNTS_POSTGRAPHILE, page]),
  ];
}

type Operation = readonly [query: string, variables: object];

function read(name: string, ours: Operation, postgraphile: Operation): ComparedRead {
  const ask = (path: string, [query, variables]: Operation) => ({
    path,
    body: JSON.stringify({ query, variables }),
  });
  return {
    name,
    asked: {
      ours: ask("/graphql", ours),
      postgraphile: ask("/graphql", postgraphile),
      handWritten: ask(`/${name}`, postgraphile),
    },
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * Whether two answers hold the same but for what the servers write differently: ids are UUIDs, times ISO 8601 in UTC, and a
 * cursor, which is each server's own, only has to be there.
 */
export function answersAgree(one: string, other: string): boolean {
  return isDeepStrictEqual(alike(one), alike(other));
}

function alike(body: string): unknown {
  return JSON.parse(body, (key, value: unknown) => {
    if (typeof value !== "string") return value;
    if (key === "endCursor") return value.length > 0;
    if (key === "id") return parseId(value)?.uuid ?? value;
    return TIME.test(value) ? new Date(value).toISOString() : value;
  });
}

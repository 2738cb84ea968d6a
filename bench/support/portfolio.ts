import { encodeId } from "../../src/schema/ids.ts";
import { completeMilestone } from "../../src/services/stage/milestones.ts";
import { openGate } from "../../src/services/stage/open-gate.ts";
import { updateProject } from "../../src/services/stage/projects.ts";
import { raiseRisk } from "../../src/services/stage/risks.ts";
import { makeFounder, makeProject } from "./founder.ts";
import { holdDiscussion } from "./hold-discussion.ts";
import type { Place } from "./place.ts";

export const PROJECTS = 20;
/** More than the 10 that are read, so that reading the newest ones is a choice. */
const FURTHER_EVENTS = 20;

export interface ReadOperation {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Texts that the answer must contain, and how often: a faster answer with less in it is no answer. */
  readonly contains: Readonly<Record<string, number>>;
  /** Whether it is put under load; the others are there to be compared with. */
  readonly measured: boolean;
  /** Another operation that must cost as many SQL statements. */
  readonly sameStatementsAs?: string;
}

const NESTED = `query Nested($first: Int!) {
  projects(first: $first) {
    nodes {
      id name stage status progressPercent
      stages {
        id stage title progressPercent
        milestones { key title weight completed completedAt }
      }
      gates(first: 10) { nodes { id gateType stage status decision decidedBy decidedAt createdAt } }
      events(last: 10) { nodes { id sequence type subject actor reason createdAt } }
      discussions(first: 5) {
        nodes {
          id question status
          rounds {
            id roundNumber type
            messages { id model content timestamp }
          }
          consensus { id score generatedBy }
        }
      }
    }
  }
}`;

const SINGLE = `query Single($id: ID!) {
  project(id: $id) {
    id name description stage status progressPercent
    stages { id stage title progressPercent }
  }
}`;

/** The reads that are measured: the whole page, one project; and a small page to compare the statements with. */
export function readOperations([projectId]: readonly string[]): ReadOperation[] {
  if (projectId === undefined) throw new Error("There is no project to read.");
  const small = "nested, 5 projects";
  return [
    { name: small, query: NESTED, variables: { first: 5 }, contains: contentOf(5), measured: false },
    {
      name: `nested, ${PROJECTS} projects`,
      query: NESTED,
      variables: { first: PROJECTS },
      contains: contentOf(PROJECTS),
      measured: true,
      sameStatementsAs: small,
    },
    {
      name: "single project",
      query: SINGLE,
      variables: { id: encodeId("project", projectId) },
      contains: { '"id":"project_': 1, '"id":"stage_': 5 },
      measured: true,
    },
  ];
}

function contentOf(projects: number): Record<string, number> {
  return {
    '"id":"project_': projects,
    '"id":"stage_': 5 * projects,
    '"id":"gate_': 3 * projects,
    '"id":"event_': 10 * projects,
    '"id":"discussion_': projects,
    '"id":"round_': 2 * projects,
    '"id":"message_': 4 * projects,
    '"id":"consensus_': projects,
  };
}

/** 20 projects in stage 2, made by commands: each with two decided gates and a pending one, a risk, a discussion of two models in two rounds, and some 45 events. */
export async function seedPortfolio(place: Place): Promise<string[]> {
  const database = await place.open();
  try {
    const founder = await makeFounder(database);
    const { services, caller } = founder;
    const projectIds: string[] = [];
    for (let number = 1; number <= PROJECTS; number += 1) {
      const projectId = await makeProject(founder, `Product ${number}`, 2);
      await completeMilestone(services, caller(), { projectId, stage: 2, key: "direction_chosen" });
      await raiseRisk(services, caller(), { projectId, stage: 2, type: "market", message: "Hard to reach." });
      for (let edit = 1; edit <= FURTHER_EVENTS; edit += 1) {
        const description = `What it is, for whom and why, in the words of draft ${edit}.`;
        await updateProject(services, caller(), { projectId, description });
      }
      await openGate(services, caller(), { projectId });
      await holdDiscussion(founder, projectId);
      projectIds.push(projectId);
    }
    return projectIds;
  } finally {
    await database.close();
  }
}

import { Agent, createRun, type Held, plan } from "../../api/support/agent.ts";
import { ArchiveProject } from "../../api/support/commands.ts";
import {
  AddRound,
  CompleteDiscussion,
  StartDiscussion,
  SummarizeConsensus,
  untilQuiet,
} from "../../api/support/discussions.ts";
import { writeDocuments } from "../../api/support/documents.ts";
import type { Founder } from "../../api/support/founder.ts";
import {
  CompleteStep,
  CreateWorkstream,
  RecordError,
  RecordRunEvent,
  StartStep,
  TransitionRun,
} from "../../api/support/run-commands.ts";

/** How the items of a list come and go, for the tests of its cursors. */
export interface Traffic {
  /** Arguments under which items can leave the list, such as a filter by status. */
  readonly args?: string;
  /** Has one more item join the list of that parent. */
  readonly join: (founder: Founder, parentId: string) => Promise<unknown>;
  /** Has an item leave the list; absent where nothing ever does. */
  readonly leave?: (founder: Founder, itemId: string, parentId: string) => Promise<unknown>;
}

const held = new Map<string, Held>();
let count = 0;
/** A new name, of letters: what is grouped by its words takes numbers for the same. */
const another = () => {
  count += 1;
  return `item-${[...String(count)].map((digit) => String.fromCharCode(97 + Number(digit))).join("")}`;
};

function leaseOf(workstreamId: string): Held {
  const lease = held.get(workstreamId);
  if (!lease) throw new Error(`Nobody works on ${workstreamId}.`);
  return lease;
}

async function tryStep(founder: Founder, workstreamId: string): Promise<void> {
  const lease = leaseOf(workstreamId);
  const { attempt } = await founder.succeed(StartStep, { ...lease, step: another() });
  const { leaseToken } = lease;
  await founder.succeed(CompleteStep, { attemptId: attempt.id, leaseToken, status: "SUCCESS" });
}

const startDiscussion = (founder: Founder, projectId: string) =>
  founder.succeed(StartDiscussion, { projectId, question: `${another()}?`, type: "OPEN" });

const PROJECTS: Traffic = {
  join: (founder) => founder.project(another()),
  leave: (founder, projectId) => founder.succeed(ArchiveProject, { projectId }),
};

/** Every connection of the schema. A new one needs a line here, and items in `makeWorld`. */
export const TRAFFIC: Readonly<Record<string, Traffic>> = {
  "Query.projects": PROJECTS,
  "User.projects": PROJECTS,
  "Project.gates": {
    args: "status: PENDING",
    join: (founder, projectId) => founder.openGate(projectId),
    leave: (founder, gateId) => founder.decide(gateId, "NARROW"),
  },
  "Project.events": { join: (founder, projectId) => founder.raiseRisk(projectId, "THESIS_DEFINED", false) },
  "Project.discussions": {
    args: "status: ACTIVE",
    join: startDiscussion,
    leave: async (founder, discussionId) => {
      await untilQuiet(founder, discussionId);
      await founder.succeed(CompleteDiscussion, { discussionId });
    },
  },
  "Project.runs": {
    args: "status: PENDING",
    join: (founder, projectId) => createRun(founder, projectId, plan("a")),
    leave: (founder, runId) => founder.succeed(TransitionRun, { runId, to: "ABANDONED" }),
  },
  "Run.workstreams": {
    args: "status: READY",
    join: (founder, runId) => founder.succeed(CreateWorkstream, { runId, key: another() }),
    // Claims go by the order of the run: the first that is ready leaves.
    leave: (founder, _workstreamId, runId) => new Agent(founder, another()).claim({ runId }),
  },
  "Run.timeline": {
    join: (founder, runId) => founder.succeed(RecordRunEvent, { runId, type: "note" }),
  },
  "Workstream.attempts": { join: tryStep },
  "Workstream.errors": {
    join: (founder, workstreamId) => {
      const what = { step: "edit", errorCode: another(), message: `${another()} broke` };
      return founder.succeed(RecordError, { ...leaseOf(workstreamId), ...what });
    },
  },
};

/** How many items the longest list of each connection has at least, and the other ones of its kind. */
export const MANY = 6;
const FEW = 2;

/**
 * Two projects with something of every Node type in them, and of every connection one list of many items and a short one:
 * what has an id or pages and is not here yet has to be added.
 */
export async function makeWorld(founder: Founder): Promise<void> {
  await founder.enlargePlan();
  for (const items of [MANY, FEW]) {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
    for (let index = 0; index < items; index += 1) {
      await founder.openGate(projectId);
      await startDiscussion(founder, projectId);
      await createRun(founder, projectId, plan("a"));
    }
    await work(founder, projectId, items);
    if (items === MANY) {
      await discussToTheEnd(founder, projectId);
      await writeDocuments(founder, projectId);
    }
  }
  for (let index = 0; index < MANY; index += 1) {
    const projectId = await founder.project(another());
    // The logs of the two above are longer than a page.
    for (let risk = 0; risk < index; risk += 1) await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
  }
}

/** A discussion with a second round and a summary. */
async function discussToTheEnd(founder: Founder, projectId: string): Promise<void> {
  const discussionId = (await startDiscussion(founder, projectId)).discussion.id;
  await untilQuiet(founder, discussionId);
  await founder.succeed(AddRound, { discussionId });
  await untilQuiet(founder, discussionId);
  await founder.succeed(SummarizeConsensus, { discussionId });
  await untilQuiet(founder, discussionId);
}

/** A run with that many workstreams that wait, and one on which an agent has tried and failed that many times. */
async function work(founder: Founder, projectId: string, items: number): Promise<void> {
  const keys = Array.from({ length: items + 1 }, another);
  const runId = await createRun(founder, projectId, plan(...keys));
  const claimed = await new Agent(founder).claim({ runId });
  held.set(claimed.held.workstreamId, claimed.held);
  for (let index = 0; index < items; index += 1) {
    for (const name of ["Workstream.attempts", "Workstream.errors"]) {
      await TRAFFIC[name]?.join(founder, claimed.held.workstreamId);
    }
  }
}

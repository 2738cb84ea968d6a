import { AcceptInvitation, CreateApiKey, InviteMember } from "../../api/support/account-commands.ts";
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
import { RaiseEscalation, SkipEscalation } from "../../api/support/escalations.ts";
import { Founder } from "../../api/support/founder.ts";
import {
  CompleteStep,
  CreateWorkstream,
  RecordError,
  RecordRunEvent,
  StartStep,
  TransitionRun,
} from "../../api/support/run-commands.ts";
import { bearer } from "../../support/tokens.ts";

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

/** A workstream of its own that is claimed at once, and whose agent asks. */
async function askIn(founder: Founder, runId: string): Promise<void> {
  await founder.succeed(CreateWorkstream, { runId, key: another() });
  const { held: lease } = await new Agent(founder, another()).claim({ runId });
  await founder.succeed(RaiseEscalation, { ...lease, problem: `${another()}?` });
}

const skip = (founder: Founder, escalationId: string) => founder.succeed(SkipEscalation, { escalationId });

/** Those that work on the run of an escalation, by the escalation: each meets its failure when it is told to. */
const atWork = new Map<string, Held[]>();

async function meetFailure(founder: Founder, escalationId: string): Promise<void> {
  const lease = atWork.get(escalationId)?.pop();
  if (!lease) throw new Error(`Nobody is left who works on the run of ${escalationId}.`);
  await fail(founder, lease);
}

const fail = (founder: Founder, lease: Held) =>
  founder.succeed(RecordError, { ...lease, step: "edit", errorCode: "E1", message: "The disk is full" });

const PROJECTS: Traffic = {
  join: (founder) => founder.project(another()),
  leave: (founder, projectId) => founder.succeed(ArchiveProject, { projectId }),
};

/** Where those knock who are invited to what there is. */
let door: { readonly url: string };

async function takeIn(founder: Founder, projectId: string): Promise<void> {
  const { token } = await founder.succeed(InviteMember, { projectId, role: "VIEWER" });
  const guest = new Founder(door, await bearer(another()));
  await guest.succeed(AcceptInvitation, { token: token ?? "" });
}

const makeKey = (founder: Founder, projectId?: string) =>
  founder.succeed(CreateApiKey, { name: another(), scopes: ["READ"], ...(projectId && { projectId }) });

/** Every connection of the schema. A new one needs a line here, and items in `makeWorld`. */
export const TRAFFIC: Readonly<Record<string, Traffic>> = {
  "Query.projects": PROJECTS,
  "User.projects": PROJECTS,
  "User.apiKeys": { join: (founder) => makeKey(founder) },
  // Whoever is removed has no place in the list any more: their cursor is refused then.
  "Project.members": { join: takeIn },
  "Project.invitations": {
    join: (founder, projectId) => founder.succeed(InviteMember, { projectId, role: "VIEWER" }),
  },
  "Project.apiKeys": { join: makeKey },
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
  "Run.escalations": { args: "status: PENDING", join: askIn, leave: skip },
  "User.escalations": {
    args: "status: PENDING",
    join: async (founder) => {
      const projectId = await founder.project(another());
      await askIn(founder, await createRun(founder, projectId, plan("later", "rest: later")));
    },
    leave: skip,
  },
  "Escalation.stopped": { join: meetFailure },
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
export async function makeWorld(app: { readonly url: string }, founder: Founder): Promise<void> {
  door = app;
  await founder.enlargePlan();
  // The oldest are those that the tests of the lists of projects archive; and their logs are shorter than a page.
  for (let index = 0; index < MANY; index += 1) {
    const projectId = await founder.project(another());
    for (let risk = 0; risk < index; risk += 1) await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
  }
  for (const items of [MANY, FEW]) {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
    for (let index = 0; index < items; index += 1) {
      await founder.openGate(projectId);
      await startDiscussion(founder, projectId);
      await createRun(founder, projectId, plan("a"));
    }
    await work(founder, projectId, items);
    // Of a project of its own: the log of the other one is read whole, in one page.
    const stuckId = await founder.project(another());
    await ask(founder, stuckId, items);
    await stopMany(founder, stuckId, items);
    const teamId = await founder.project(another());
    for (const name of ["Project.members", "Project.invitations", "Project.apiKeys"]) {
      for (let index = 0; index < items; index += 1) await TRAFFIC[name]?.join(founder, teamId);
    }
    if (items === MANY) {
      await discussToTheEnd(founder, projectId);
      await writeDocuments(founder, projectId);
    }
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

/** How many more agents are at work in a run than have met its failure, for the tests to have them meet it. */
const SPARE = 16;

/** A run with at least that many workstreams that wait, and one on which an agent has tried and failed that many times. */
async function work(founder: Founder, projectId: string, items: number): Promise<void> {
  // More than wait anywhere else: what is claimed by the tests of this list has to be there.
  const keys = Array.from({ length: items + SPARE + 2 }, another);
  const runId = await createRun(founder, projectId, plan(...keys));
  const claimed = await new Agent(founder).claim({ runId });
  held.set(claimed.held.workstreamId, claimed.held);
  for (let index = 0; index < items; index += 1) {
    for (const name of ["Workstream.attempts", "Workstream.errors"]) {
      await TRAFFIC[name]?.join(founder, claimed.held.workstreamId);
    }
  }
}

/** A run in which that many agents ask, each about a workstream of its own. */
async function ask(founder: Founder, projectId: string, items: number): Promise<void> {
  // One that nobody asks about is left: the run goes on when every question has been skipped.
  const runId = await createRun(founder, projectId, plan("left"));
  for (let index = 0; index < items; index += 1) await askIn(founder, runId);
}

/** A run in which that many workstreams have met the same failure. */
async function stopMany(founder: Founder, projectId: string, items: number): Promise<void> {
  const keys = Array.from({ length: items + SPARE }, another);
  const runId = await createRun(founder, projectId, plan(...keys));
  const agents: Held[] = [];
  // Claimed beforehand: a run that is paused hands out no more.
  for (const key of keys) agents.push((await new Agent(founder, key).claim({ runId })).held);
  const first = agents.pop();
  if (!first) throw new Error("Nobody is at work.");
  let escalationId: string | undefined;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    escalationId = (await fail(founder, first)).escalation?.id;
  }
  if (!escalationId) throw new Error("Three failures of a kind did not ask.");
  atWork.set(escalationId, agents);
  for (let joined = 1; joined < items; joined += 1) await meetFailure(founder, escalationId);
}

import { createOfflineRunner } from "../../llm/offline/offline-runner.ts";
import { runGeneration } from "../artifact/run-generation.ts";
import { generateArtifacts } from "../artifact/start-generation.ts";
import type { Caller } from "../command/command.ts";
import { completeDiscussion } from "../discussion/complete-discussion.ts";
import { runDiscussionTask } from "../discussion/run-task.ts";
import { startDiscussion } from "../discussion/start-discussion.ts";
import type { ModelServices, Services } from "../services.ts";
import { createProject } from "../stage/create-project.ts";
import { decideGate } from "../stage/decide-gate.ts";
import { setExitCriteria } from "../stage/exit-criteria.ts";
import { completeMilestone } from "../stage/milestones.ts";
import { openGate } from "../stage/open-gate.ts";
import { dismissRisk, raiseRisk } from "../stage/risks.ts";

/** The demo's ids are the same everywhere, so that ready-made operations can name them. */
const idOf = (number: number) => `019a0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
const PROJECT = idOf(1);
const THESIS_GATE = idOf(2);
const DIRECTION_GATE = idOf(3);
const SCOPE_GATE = idOf(4);
const REACH_RISK = idOf(5);
const BARCODE_RISK = idOf(6);
const DISCUSSION = idOf(7);
const GENERATION = idOf(0x10);
const ARTIFACTS = [0x11, 0x12, 0x13, 0x14, 0x15].map(idOf);

export const DEMO = {
  projectId: PROJECT,
  pendingGateId: SCOPE_GATE,
  briefId: idOf(0x11),
  discussionId: DISCUSSION,
} as const;

/** The steps' correlation ids begin here. */
const CORRELATION_IDS = 0x100;
/** The story has fewer events than this: what the demo's visitors add need not be read. */
const STORY_EVENTS = 50;

const HOUR_MS = 60 * 60 * 1000;
const DOCUMENT_TIMEOUT_MS = 60 * 1000;
const projectId = PROJECT;

type Step = (services: Services, caller: Caller) => Promise<unknown>;

/** A demo costs nothing and waits for nobody: its documents are written here and now, and not by a job. */
function withoutQueue(services: Services): ModelServices {
  const jobs = {
    ready: async () => {},
    generateArtifacts: async () => {},
    discuss: async () => {},
    committed: () => {},
  };
  return {
    ...services,
    jobs,
    runner: createOfflineRunner({ scenario: null }),
    documentTimeoutMs: DOCUMENT_TIMEOUT_MS,
    // Nobody listens while it is made.
    timer: { at: () => () => {} },
    wakeups: { ...services.wakeups, publishDiscussion: () => {} },
  };
}

const startDocuments: Step = (services, caller) =>
  generateArtifacts(withoutQueue(services), caller, { projectId });

const finishDocuments: Step = async (services, { correlationId }) => {
  const generation = await services.prisma.artifactGeneration.findFirst({
    where: { projectId, correlationId, status: "RUNNING" },
  });
  if (generation) await runGeneration(withoutQueue(services), generation.id, new AbortController().signal);
};

const holdDiscussion: Step = async (services) => {
  const speaking = withoutQueue(services);
  const unstopped = new AbortController().signal;
  for (;;) {
    const discussion = await services.prisma.discussion.findUnique({
      where: { id: DISCUSSION },
      select: { activity: true, summaryId: true, rounds: { where: { status: "RUNNING" } } },
    });
    if (!discussion || discussion.activity === "IDLE") return;
    const [round] = discussion.rounds;
    if (round) await runDiscussionTask(speaking, { task: "ROUND", id: round.id }, unstopped);
    else await runDiscussionTask(speaking, { task: "SUMMARY", id: discussion.summaryId ?? "" }, unstopped);
  }
};

interface Chapter {
  readonly hoursAgo: number;
  /** Which ids the things get that are made, in order. */
  readonly ids?: readonly string[];
  readonly step: Step;
  /** What follows the step; where it was cut short the next start takes it up. */
  readonly finish?: Step;
}

/** The demo's story. */
const STORY: readonly Chapter[] = [
  {
    hoursAgo: 96,
    ids: [PROJECT],
    step: (services, caller) =>
      createProject(services, caller, {
        name: "Inventory tracker for small shops",
        description:
          "Shop owners with one to five employees count stock on paper and find out too late what is missing. We let them scan a shelf with a phone and tell them what to order, and when.",
      }),
  },
  {
    hoursAgo: 95,
    ids: [THESIS_GATE],
    step: (services, caller) => openGate(services, caller, { projectId, gateType: "thesis_review" }),
  },
  {
    hoursAgo: 94,
    step: (services, caller) =>
      decideGate(services, caller, {
        gateId: THESIS_GATE,
        decision: "PROCEED",
        reason: "Three shop owners described the problem in the same words.",
      }),
  },
  { hoursAgo: 80, ids: [GENERATION, ...ARTIFACTS], step: startDocuments, finish: finishDocuments },
  {
    hoursAgo: 76,
    ids: [REACH_RISK],
    step: (services, caller) =>
      raiseRisk(services, caller, {
        projectId,
        stage: 1,
        type: "market",
        message: "Shop owners are hard to reach online.",
      }),
  },
  {
    hoursAgo: 60,
    step: (services, caller) =>
      dismissRisk(services, caller, {
        projectId,
        risk: { riskId: REACH_RISK },
        reason: "The wholesalers' association introduces us to its members.",
      }),
  },
  {
    hoursAgo: 52,
    ids: [DIRECTION_GATE],
    step: (services, caller) => openGate(services, caller, { projectId, gateType: "stage_advance" }),
  },
  {
    hoursAgo: 50,
    step: (services, caller) =>
      decideGate(services, caller, {
        gateId: DIRECTION_GATE,
        decision: "PROCEED",
        reason: "Eight of ten interviewed owners would pay for fewer empty shelves.",
      }),
  },
  {
    hoursAgo: 40,
    step: (services, caller) =>
      completeMilestone(services, caller, { projectId, stage: 2, key: "direction_chosen" }),
  },
  {
    hoursAgo: 30,
    step: (services, caller) =>
      setExitCriteria(services, caller, {
        projectId,
        stage: 2,
        criteria: [
          "Five shops have counted a shelf with the prototype",
          "The scope fits four weeks of building",
        ],
      }),
  },
  {
    hoursAgo: 20,
    ids: [BARCODE_RISK],
    step: (services, caller) =>
      raiseRisk(services, caller, {
        projectId,
        stage: 2,
        type: "technical",
        blocking: false,
        message: "A third of the goods have no barcode.",
      }),
  },
  {
    hoursAgo: 4,
    ids: [SCOPE_GATE],
    step: (services, caller) =>
      openGate(services, caller, {
        projectId,
        gateType: "stage_advance",
        context: { question: "Do we build for shops with barcodes first?" },
      }),
  },
  {
    hoursAgo: 3,
    ids: [DISCUSSION],
    step: (services, caller) =>
      startDiscussion(withoutQueue(services), caller, {
        projectId,
        question: "Do we build for shops with barcodes first?",
        type: "DISCUSS",
        models: ["claude", "gpt"],
        rounds: 2,
      }),
    finish: holdDiscussion,
  },
  {
    hoursAgo: 2,
    step: (services, caller) => completeDiscussion(services, caller, { discussionId: DISCUSSION }),
  },
];

/**
 * Creates the demo project for that owner, by the same commands that everybody uses: an inventory tracker for
 * small shops, in stage 2, with a pending gate, its events, an open risk, its documents and a discussion.
 *
 * Each step's events carry a correlation id of the step's own, so that a start that was cut short is taken up
 * by the next one, however late; and an idempotency key, so that two servers that start at once do it once.
 */
export async function loadDemoProject(services: Services, ownerId: string): Promise<void> {
  const events = await services.prisma.event.findMany({
    where: { projectId: PROJECT, sequence: { lte: STORY_EVENTS } },
    select: { correlationId: true },
  });
  const told = new Set(events.map((event) => event.correlationId));
  const now = services.clock.now().getTime();
  for (const [index, { hoursAgo, ids: given = [], step, finish }] of STORY.entries()) {
    const correlationId = idOf(CORRELATION_IDS + index);
    const left = [...given];
    const ids = { next: () => left.shift() ?? services.ids.next() };
    const clock = { now: () => new Date(now - hoursAgo * HOUR_MS) };
    const idempotencyKey = `demo:${index}`;
    const caller: Caller = { userId: ownerId, actor: "FOUNDER", correlationId, idempotencyKey };
    if (!told.has(correlationId)) await step({ ...services, clock, ids }, caller);
    await finish?.({ ...services, clock }, caller);
  }
}

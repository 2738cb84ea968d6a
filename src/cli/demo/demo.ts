import { styleText } from "node:util";
import { plainLine } from "../../domain/plain-line.ts";
import { USUAL_STEPS } from "../../domain/run/state.ts";
import { ask, type Endpoint, ServerRefusal } from "../client/endpoint.ts";
import { RUN_EVENTS, type WatchedEvent } from "../client/event.ts";
import { follow } from "../client/follow.ts";
import { untilStopped } from "../client/until-stopped.ts";
import { workAsAgent } from "./agent.ts";
import { PARTS, seededChance } from "./build.ts";
import { Changes } from "./changes.ts";
import {
  CREATE_PROJECT,
  CREATE_RUN,
  type CreatedProject,
  type CreatedRun,
  FIND_PROJECT,
  type FoundProjects,
  READ_RUN,
  type ReadRun,
} from "./operations.ts";
import { askHere, questionText } from "./question.ts";

export interface DemoOptions {
  /** The nearest server's unless given. */
  readonly url?: string;
  readonly token?: string;
  readonly project?: string;
  readonly run?: string;
  readonly agents: number;
  readonly pace: number;
  readonly seed: number;
}

const PROJECT_NAME = "Order page (demo)";

/** gatehouse demo: simulated agents work on a run of a running server. Sets the exit code where it is not 0. */
export async function demo(options: DemoOptions): Promise<void> {
  const { url, token } = options;
  await untilStopped({ url, token }, async (endpoint, signal) => {
    const runId = options.run ?? (await createRun(endpoint, options.project, signal));
    if ((await work(endpoint, runId, options, signal)) !== "COMPLETED") process.exitCode = 1;
  });
}

/** A new run, in the project that was named or in the demo's own. */
async function createRun(
  endpoint: Endpoint,
  given: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const projectId = given ?? (await findOrCreateProject(endpoint, signal));
  const steps = USUAL_STEPS.map(({ name }) => name);
  const input = { projectId, title: "Order page", workstreams: PARTS.map((part) => ({ ...part, steps })) };
  const { result } = await ask<CreatedRun>(endpoint, CREATE_RUN, { input }, signal);
  if (!result.run) throw new ServerRefusal(`The server says: ${result.message}`);
  return result.run.id;
}

async function findOrCreateProject(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  const { projects } = await ask<FoundProjects>(endpoint, FIND_PROJECT, {}, signal);
  const found = projects.nodes.find(({ name }) => name === PROJECT_NAME);
  if (found) return found.id;
  const input = {
    name: PROJECT_NAME,
    description: "A page on which customers order, built by simulated agents.",
  };
  const { result } = await ask<CreatedProject>(endpoint, CREATE_PROJECT, { input }, signal);
  if (!result.project) throw new ServerRefusal(`The server says: ${result.message}`);
  return result.project.id;
}

/** Has the agents work until the run has ended. @returns how it ended; null when it was stopped */
async function work(
  endpoint: Endpoint,
  runId: string,
  { agents, pace, seed }: DemoOptions,
  signal: AbortSignal,
): Promise<string | null> {
  const run = await readRun(endpoint, runId, signal);
  console.log(`Run ${runId} in ${endpoint.url.origin}. Watch it in another terminal:`);
  console.log(`  npx gatehouse watch ${runId} --url ${endpoint.url}\n`);
  const changes = new Changes();
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  // Whoever waits for something to happen would not hear of the end otherwise.
  both.addEventListener("abort", () => changes.note(), { once: true });
  const listening = listen(endpoint, runId, run.endCursor, changes, both);
  const workers = Array.from({ length: agents }, (_, index) =>
    workAsAgent({
      endpoint,
      runId,
      name: `agent-${index + 1}`,
      pace,
      chance: seededChance(seed + index),
      changed: () => changes.since(),
      say: (line) => console.log(plainLine(line)),
      signal: both,
    }),
  );
  try {
    // A listener that fails ends the demo; one that is done has been stopped.
    const [status = null] = await Promise.race([
      Promise.all(workers),
      listening.then(() => new Promise<never>(() => {})),
    ]);
    if (status !== null) {
      console.log(styleText(status === "COMPLETED" ? "green" : "red", `\nThe run has ended: ${status}.`));
    }
    return status;
  } finally {
    over.abort();
    await Promise.allSettled([...workers, listening]);
  }
}

async function readRun(endpoint: Endpoint, id: string, signal: AbortSignal) {
  const { node } = await ask<ReadRun>(endpoint, READ_RUN, { id }, signal);
  if (node?.id === undefined) throw new ServerRefusal(`There is no run ${id} on ${endpoint.url}.`);
  return node;
}

/** Wakes the agents with every event, and shows each question as long as it waits for its answer. */
async function listen(
  endpoint: Endpoint,
  id: string,
  after: string,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  const open = new Map<string, AbortController>();
  const asking: Promise<void>[] = [];
  async function lookForQuestions(): Promise<void> {
    const waiting = (await readRun(endpoint, id, signal)).escalations.nodes;
    for (const [questionId, answered] of open) {
      if (waiting.some((question) => question.id === questionId)) continue;
      answered.abort();
      open.delete(questionId);
    }
    for (const question of waiting) {
      if (open.has(question.id)) continue;
      const answered = new AbortController();
      open.set(question.id, answered);
      console.log(questionText(question, endpoint));
      asking.push(askHere(endpoint, question, AbortSignal.any([signal, answered.signal])));
    }
  }

  await lookForQuestions();
  const options = { endpoint, query: RUN_EVENTS, variables: { id }, after, onConnected: () => {}, signal };
  for await (const followed of follow(options)) {
    if (followed.kind === "lost")
      console.log(`The connection was lost (${plainLine(followed.reason)}). It is made again.`);
    if (followed.kind !== "event") continue;
    changes.note();
    if (isAboutQuestion(followed.event)) await lookForQuestions();
  }
  await Promise.all(asking);
}

function isAboutQuestion({ subject }: WatchedEvent): boolean {
  return subject === "ESCALATION";
}

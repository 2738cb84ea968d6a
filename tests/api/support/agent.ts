import { expect } from "vitest";
import type { CreateRunInput, WorkstreamInput, WorkstreamStatus } from "../../generated/graphql.ts";
import type { Founder } from "./founder.ts";
import {
  ClaimWorkstream,
  CompleteStep,
  CreateRun,
  HeartbeatWorkstream,
  ReadRun,
  RecordError,
  ReleaseWorkstream,
  StartStep,
  TransitionWorkstream,
} from "./run-commands.ts";

/** What an agent holds: hand it to every write. */
export interface Held {
  readonly workstreamId: string;
  readonly leaseToken: string;
}

/** The moves of a workstream that goes well, after its claim. */
const WAY = ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const;

/** A graph given as text: "b: a" is a workstream b that depends on a. */
export function plan(...lines: readonly string[]): WorkstreamInput[] {
  return lines.map((line) => {
    const [key = "", rest = ""] = line.split(":");
    return { key, dependsOn: rest.split(" ").filter((dependency) => dependency !== "") };
  });
}

/** Creates a run; its id. */
export async function createRun(
  founder: Founder,
  projectId: string,
  workstreams: readonly WorkstreamInput[],
  more: Partial<CreateRunInput> = {},
): Promise<string> {
  const input = { projectId, title: "Build", workstreams: [...workstreams], ...more };
  return (await founder.succeed(CreateRun, input)).run.id;
}

/** Reads a run with everything in it. */
export async function readRun(founder: Founder, id: string) {
  const { node } = await founder.read(ReadRun, { id });
  if (node?.__typename !== "Run") throw new Error(`${id} is not there.`);
  return node;
}

/** How every workstream of a run stands, by its key, and the run itself as "run". */
export async function standings(founder: Founder, id: string): Promise<Record<string, string>> {
  const { status, workstreams } = await readRun(founder, id);
  return { run: status, ...Object.fromEntries(workstreams.nodes.map((node) => [node.key, node.status])) };
}

/** Somebody who works on runs. */
export class Agent {
  readonly #founder: Founder;
  readonly name: string;

  constructor(founder: Founder, name = "agent-1") {
    this.#founder = founder;
    this.name = name;
  }

  /** Claims what comes next in a run, or in a whole project; null when there is nothing. */
  async tryClaim(where: { runId: string } | { projectId: string }, leaseSeconds?: number) {
    const input = { ...where, agent: this.name, ...(leaseSeconds !== undefined && { leaseSeconds }) };
    const { workstream, leaseToken } = await this.#founder.succeed(ClaimWorkstream, input);
    if (!workstream || !leaseToken) return null;
    return { key: workstream.key, workstream, held: { workstreamId: workstream.id, leaseToken } };
  }

  /** Claims what must be there. */
  async claim(where: { runId: string } | { projectId: string }, leaseSeconds?: number) {
    const claimed = await this.tryClaim(where, leaseSeconds);
    if (!claimed) throw new Error("There is nothing to claim.");
    return claimed;
  }

  /** Claims what comes next in a run and brings it to an end. */
  async work(runId: string, end: "DONE" | "FAILED" | "ABANDONED" = "DONE"): Promise<string> {
    const { key, held } = await this.claim({ runId });
    for (const to of end === "DONE" ? WAY : [end]) await this.move(held, to);
    return key;
  }

  /** Moves a held workstream, which must succeed. */
  async move(held: Held, to: WorkstreamStatus) {
    return (await this.#founder.succeed(TransitionWorkstream, { ...held, to })).workstream;
  }

  async startStep(held: Held, step = "edit"): Promise<string> {
    return (await this.#founder.succeed(StartStep, { ...held, step })).attempt.id;
  }

  /** Every write that needs the lease, with what it came to. */
  async tryAll(held: Held, attemptId: string): Promise<Record<string, unknown>> {
    const founder = this.#founder;
    return {
      heartbeat: await founder.run(HeartbeatWorkstream, held),
      startStep: await founder.run(StartStep, { ...held, step: "another" }),
      completeStep: await founder.run(CompleteStep, {
        attemptId,
        leaseToken: held.leaseToken,
        status: "SUCCESS",
      }),
      recordError: await founder.run(RecordError, {
        ...held,
        step: "edit",
        errorCode: "E1",
        message: "Too late",
      }),
      transition: await founder.run(TransitionWorkstream, { ...held, to: "STATIC_CHECK" }),
      release: await founder.run(ReleaseWorkstream, held),
    };
  }
}

/** Expects a result to be a conflict about a lost lease. */
export function expectLost(result: unknown, currentState: string, message: RegExp): void {
  expect(result).toMatchObject({
    __typename: "ConflictError",
    currentState,
    message: expect.stringMatching(message),
  });
}

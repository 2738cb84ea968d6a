import { expect } from "vitest";
import type { GateDecision, Stage, TypedDocumentString } from "../../generated/graphql.ts";
import { execute } from "../../support/client.ts";
import { CreateProject, DecideGate, OpenGate, RaiseRisk, SetPlanTier } from "./commands.ts";
import { Log, Snapshot, Viewer } from "./queries.ts";

/** A document with one field, the mutation that it is about. */
type CommandDocument<Data, Input> = TypedDocumentString<Data, { input: Input }>;
type Success<Result> = Extract<Result, { events: unknown }>;

/** The stages that a PROCEED decision can reach, in their order. */
export const JOURNEY = [
  "PRE_STAGE",
  "THESIS_DEFINED",
  "VALIDATED_DIRECTION",
  "MVP_BUILT",
  "FEEDBACK_LOOP_ACTIVE",
] as const satisfies readonly Stage[];

/** Somebody who uses the API, and short ways to what every test needs. */
export class Founder {
  readonly #app: { readonly url: string };
  readonly headers: Record<string, string>;

  constructor(app: { readonly url: string }, headers: Record<string, string> = {}) {
    this.#app = app;
    this.headers = headers;
  }

  read<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    return execute(this.#app.url, document, variables, this.headers);
  }

  /** Gives a command and returns its result, whether success or refusal. */
  async run<Data extends object, Input>(
    document: CommandDocument<Data, Input>,
    input: Input,
    headers: Record<string, string> = {},
  ): Promise<Data[keyof Data]> {
    const data = await execute(this.#app.url, document, { input }, { ...this.headers, ...headers });
    return Object.values(data)[0];
  }

  /** Gives a command that must succeed. */
  async succeed<Data extends object, Input>(
    document: CommandDocument<Data, Input>,
    input: Input,
    headers: Record<string, string> = {},
  ): Promise<Success<Data[keyof Data]>> {
    const result = await this.run(document, input, headers);
    expect(result).toHaveProperty("events");
    return result as Success<Data[keyof Data]>;
  }

  /** Puts the viewer on the largest plan, as an administrator may: the smallest ends at 5 projects. */
  async enlargePlan(): Promise<void> {
    const { viewer } = await this.read(Viewer, {});
    await this.succeed(SetPlanTier, { userId: viewer.id, plan: "CTO_SCALE" });
  }

  /** A new project's id. */
  async project(name = "Ledger"): Promise<string> {
    return (await this.succeed(CreateProject, { name })).project.id;
  }

  /** A new project that has come to a stage by PROCEED decisions. */
  async projectIn(stage: (typeof JOURNEY)[number]): Promise<string> {
    const projectId = await this.project();
    for (const _ of JOURNEY.slice(0, JOURNEY.indexOf(stage))) await this.pass(projectId, "PROCEED");
    return projectId;
  }

  async openGate(projectId: string): Promise<string> {
    return (await this.succeed(OpenGate, { projectId })).gate.id;
  }

  decide(gateId: string, decision: GateDecision) {
    return this.run(DecideGate, { gateId, decision });
  }

  /** Opens a gate and decides it. */
  async pass(projectId: string, decision: GateDecision) {
    const gateId = await this.openGate(projectId);
    return this.succeed(DecideGate, { gateId, decision });
  }

  async raiseRisk(projectId: string, stage: Stage, blocking = true): Promise<string> {
    const input = { projectId, stage, blocking, type: "market", message: "Nobody may want it." };
    const { risk } = await this.succeed(RaiseRisk, input);
    if (!risk) throw new Error("A raised risk is there.");
    return risk.id;
  }

  async snapshot(id: string) {
    const { project } = await this.read(Snapshot, { id });
    if (!project) throw new Error(`${id} is not there.`);
    return project;
  }

  /** The project's newest events, and what the walk along its hash chain says. */
  async log(id: string) {
    const { project, verifyTimeline } = await this.read(Log, { id });
    if (!project) throw new Error(`${id} is not there.`);
    const { events, ...cursors } = project;
    return { ...cursors, count: events.totalCount, events: events.nodes, verification: verifyTimeline };
  }
}

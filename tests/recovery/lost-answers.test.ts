import { randomUUID } from "node:crypto";
import { DriverAdapterError } from "@prisma/driver-adapter-utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeId } from "../../src/schema/ids.ts";
import {
  CompleteMilestone,
  CreateProject,
  DecideGate,
  TransitionStage,
  UpdateProject,
} from "../api/support/commands.ts";
import { StartDiscussion } from "../api/support/discussions.ts";
import { GenerateArtifacts } from "../api/support/documents.ts";
import { Founder } from "../api/support/founder.ts";
import { ClaimWorkstream, CompleteStep, CreateRun, StartStep } from "../api/support/run-commands.ts";
import { nextEvent, ProjectStream, untilOpen } from "../api/support/streams.ts";
import type { TypedDocumentString } from "../generated/graphql.ts";
import { startAppForFile, type TestApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { createTestDatabase } from "../support/database.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { Faults, faultyDatabase, POINTS } from "./support/faulty-adapter.ts";

const faults = new Faults();
let app: TestApp;
let founder: Founder;

beforeAll(async () => {
  // Jobs are left alone: what they ask of the database would meet the fault that is meant for a command.
  app = await startAppForFile({
    database: faultyDatabase(await createTestDatabase(), faults),
    parts: ["api"],
  });
  founder = new Founder(app);
  await founder.enlargePlan();
});
afterAll(() => app?.stop());

type Command = readonly [document: TypedDocumentString<object, { input: never }>, input: object];

/** Each with what has to be there first, which is made without a fault. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  createProject: async () => command(CreateProject, { name: "Lost" }),
  updateProject: async () => command(UpdateProject, { projectId: await founder.project(), name: "Found" }),
  completeMilestone: async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    return command(CompleteMilestone, { projectId, stage: "THESIS_DEFINED", key: "brief_generated" });
  },
  decideGate: async () => {
    const gateId = await founder.openGate(await founder.project());
    return command(DecideGate, { gateId, decision: "PROCEED" });
  },
  transitionStage: async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    return command(TransitionStage, { projectId, to: "THESIS_DEFINED" });
  },
  "transitionStage, which is refused": async () =>
    command(TransitionStage, { projectId: await founder.project(), to: "MVP_BUILT" }),
  createRun: async () => {
    const workstreams = [{ key: "a" }, { key: "b", dependsOn: ["a"] }];
    return command(CreateRun, { projectId: await founder.project(), title: "Build", workstreams });
  },
  claimWorkstream: async () => command(ClaimWorkstream, { runId: await newRun(), agent: "agent" }),
  completeStep: async () => {
    const claim = await founder.succeed(ClaimWorkstream, { runId: await newRun(), agent: "agent" });
    const leaseToken = claim.leaseToken ?? "";
    const held = { workstreamId: claim.workstream?.id ?? "", leaseToken };
    const { attempt } = await founder.succeed(StartStep, { ...held, step: "edit" });
    return command(CompleteStep, { leaseToken, attemptId: attempt.id, status: "SUCCESS" });
  },
  generateArtifacts: async () => command(GenerateArtifacts, { projectId: await founder.project() }),
  startDiscussion: async () => {
    const projectId = await founder.project();
    return command(StartDiscussion, { projectId, question: "What comes first?", type: "OPEN" });
  },
};

const command = (document: unknown, input: object) => [document, input] as Command;

async function newRun(): Promise<string> {
  const input = { projectId: await founder.project(), title: "Build", workstreams: [{ key: "a" }] };
  return (await founder.succeed(CreateRun, input)).run.id;
}

/** What the driver says when a connection is gone, and when an answer does not come. */
const FAILURES: Readonly<Record<string, () => Error>> = {
  "lost connection": () => new Error("Connection terminated unexpectedly"),
  timeout: () => new DriverAdapterError({ kind: "SocketTimeout" }),
};

const STORED: readonly string[] = ["after COMMIT is sent", "when the result is read"];
const UNKNOWN: readonly string[] = [...STORED, "before COMMIT is sent"];

describe.each(Object.keys(FAILURES))("a %s", (failure) => {
  describe.each(POINTS)("%s", (point) => {
    test.each(Object.keys(COMMANDS))("%s is told, and the same key again has one effect", async (name) => {
      const [document, input] = (await COMMANDS[name]?.()) as Command;
      const correlationId = randomUUID();
      const given = { ...input, idempotencyKey: randomUUID() };
      const give = () =>
        send(app.url, document.toString(), { input: given as never }, { "x-correlation-id": correlationId });

      const isRead = point === "when the result is read";
      faults.arm(point, FAILURES[failure] as () => Error, isRead);
      const lost = await give();
      faults.disarm();
      // A refusal has nothing to read afterwards.
      const isRefused = name.includes("refused");
      if (isRefused && isRead) return expect(lost.errors).toBeUndefined();
      expect(faults.happened).toBe(true);
      // By GraphQL over HTTP an answer in which something could be read is a 200; such is a claim, whose workstream may be null.
      if (lost.data === null || lost.data === undefined) {
        expect([lost.status, lost.headers.get("retry-after")]).toEqual([503, "1"]);
      } else expect([name, point]).toEqual(["claimWorkstream", "when the result is read"]);
      // There may be one for each part of the answer.
      const errors = lost.errors as { message: string; extensions: object }[];
      expect(errors.length).toBeGreaterThan(0);
      const [code, advice] = UNKNOWN.includes(point)
        ? ["OUTCOME_UNKNOWN", "Send it again with the same idempotencyKey, which is safe"]
        : ["DATABASE_UNAVAILABLE", "Nothing was changed"];
      for (const { message, extensions } of errors) {
        expect(extensions).toMatchObject({ code, correlationId });
        expect(message).toContain(advice);
      }
      const stored = await eventsOf(correlationId);
      expect(stored.length > 0).toBe(STORED.includes(point));

      const { status, data } = await give();
      expect(status).toBe(200);
      const result = Object.values(data as object)[0] as { events?: { id: string }[] };
      if (!isRefused) expect(result).toHaveProperty("events");
      const effect = await eventsOf(correlationId);
      expect(effect.length).toBeGreaterThan(0);
      if (STORED.includes(point)) expect(effect).toEqual(stored);
      if (result.events) expect(result.events.map(({ id }) => decodeId("event", id, "id"))).toEqual(effect);
      expect((await give()).data).toEqual(data);
      expect(await eventsOf(correlationId)).toEqual(effect);
    });
  });
});

test("a command that is known is given once when its result cannot be read, and told as one that is not known", async () => {
  const projectId = await founder.project();
  const update = (name: string) => send(app.url, UpdateProject, { input: { projectId, name } });
  await update("first");
  faults.arm("when the result is read", () => new DriverAdapterError({ kind: "SocketTimeout" }), false);
  const { status, errors } = await update("second");
  expect([faults.happened, status]).toEqual([true, 503]);
  expect(errors).toMatchObject([{ extensions: { code: "OUTCOME_UNKNOWN" } }]);
  const { events } = await founder.log(projectId);
  expect(events.map(({ type }) => type)).toEqual(["project_created", "project_updated", "project_updated"]);
});

test.each(
  TRANSPORTS,
)("an event whose fields cannot be read waits for them, in its turn, over %s", async (transport) => {
  const projectId = await founder.project();
  const { endCursor } = await founder.log(projectId);
  const stream = await subscribe(transport, app.url, ProjectStream, { projectId, after: endCursor });
  await untilOpen(app.url, 1);
  // The events themselves can be read, and commands can be given.
  faults.cannotRead(/"public"\."project"/);
  const first = nextEvent(stream);
  const update = (name: string) => send(app.url, UpdateProject, { input: { projectId, name } });
  for (const name of ["first", "second"]) expect((await update(name)).status).toBe(503);
  const unread = faults.unread;
  await expect.poll(() => faults.unread, { timeout: 10_000 }).toBeGreaterThan(unread + 1);
  faults.cannotRead(null);
  expect(await first).toMatchObject({ sequence: 2, detail: { name: "first" }, project: { id: projectId } });
  expect(await nextEvent(stream)).toMatchObject({ sequence: 3, detail: { name: "second" } });
  await stream.close();
  await untilOpen(app.url, 0);
});

async function eventsOf(correlationId: string): Promise<string[]> {
  const where = { correlationId };
  const rows = await app.database.prisma.event.findMany({ where, orderBy: { sequence: "asc" } });
  return rows.map(({ id }) => id);
}

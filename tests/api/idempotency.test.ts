import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import {
  CreateProject,
  DecideGate,
  OpenGate,
  ParkProject,
  RaiseRisk,
  UpdateProject,
} from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);
const newKey = () => crypto.randomUUID();

beforeAll(() => founder.enlargePlan());

describe("the same key and input again", () => {
  test("give the first result without a second project", async () => {
    const count = async () => (await founder.read(Viewer, {})).viewer.projects.totalCount;
    const before = await count();
    const input = { name: "Once", idempotencyKey: newKey() };
    const first = await founder.succeed(CreateProject, input);
    expect(await founder.run(CreateProject, input)).toEqual(first);
    expect(await count()).toBe(before + 1);
  });

  test("count as the same whatever the order of the fields, and with defaults left out", async () => {
    const projectId = await founder.project();
    const idempotencyKey = newKey();
    const first = await founder.succeed(OpenGate, { projectId, context: { a: 1, b: [2] }, idempotencyKey });
    const again = { idempotencyKey, gateType: "stage_advance", context: { b: [2], a: 1 }, projectId };
    expect((await founder.succeed(OpenGate, again)).gate.id).toBe(first.gate.id);
    expect((await founder.snapshot(projectId)).gates.totalCount).toBe(1);
  });

  test("give the first decision's events, and the gate as it is", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const gateId = await founder.openGate(projectId);
    const input = { gateId, decision: "PROCEED", idempotencyKey: newKey() } as const;
    const first = await founder.succeed(DecideGate, input);
    await founder.pass(projectId, "PIVOT");
    const again = await founder.succeed(DecideGate, input);
    expect(again.events).toEqual(first.events);
    expect(again.gate.project.stage).toBe("THESIS_DEFINED");
    expect(again.gate.supersededAt).not.toBeNull();
  });

  test("give the first refusal word for word, although the command would now go through", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const [gateId, other] = [await founder.openGate(projectId), await founder.openGate(projectId)];
    const input = { gateId, decision: "PROCEED", idempotencyKey: newKey() } as const;
    const first = await founder.run(DecideGate, input);
    expect(first).toMatchObject({ rule: "GATE_PENDING" });
    await founder.decide(other, "NARROW");
    const before = await founder.log(projectId);
    expect(await founder.run(DecideGate, input)).toEqual(first);
    expect(await founder.log(projectId)).toEqual(before);
    await founder.succeed(DecideGate, { ...input, idempotencyKey: newKey() });
  });

  test("give the first conflict with its version", async () => {
    const projectId = await founder.project();
    const input = { projectId, name: "Late", expectedVersion: 9, idempotencyKey: newKey() };
    const first = await founder.run(UpdateProject, input);
    expect(first).toMatchObject({ __typename: "ConflictError", currentVersion: 1 });
    await founder.succeed(UpdateProject, { projectId, name: "Newer" });
    expect(await founder.run(UpdateProject, input)).toEqual(first);
  });
});

test("two identical requests at once have one effect and one result", async () => {
  for (let round = 0; round < 5; round += 1) {
    const projectId = await founder.project();
    const input = {
      projectId,
      stage: "THESIS_DEFINED",
      type: "market",
      message: "Once",
      idempotencyKey: newKey(),
    } as const;
    const results = await Promise.all([1, 2, 3].map(() => founder.succeed(RaiseRisk, input)));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect((await founder.snapshot(projectId)).stages[0]?.risks).toHaveLength(1);
  }
});

describe("a key that was used", () => {
  test("with another input or command is a mismatch and writes nothing", async () => {
    const projectId = await founder.project();
    const idempotencyKey = newKey();
    await founder.succeed(UpdateProject, { projectId, name: "First", idempotencyKey });
    const before = await founder.log(projectId);
    const mismatches = [
      await founder.run(UpdateProject, { projectId, name: "Second", idempotencyKey }),
      await founder.run(ParkProject, { projectId, idempotencyKey }),
      await founder.run(CreateProject, { name: "First", idempotencyKey }),
    ];
    for (const { __typename } of mismatches) expect(__typename).toBe("IdempotencyMismatchError");
    expect(await founder.log(projectId)).toEqual(before);
  });

  test("by a command that found nothing, or had a bad input, is free", async () => {
    const projectId = await founder.project();
    const idempotencyKey = newKey();
    const unknown = { projectId: "project_01kzzzzzzzfzzsr000000000zz", idempotencyKey };
    expect(await founder.run(ParkProject, unknown)).toMatchObject({ __typename: "NotFoundError" });
    expect(await founder.run(UpdateProject, { projectId, name: "", idempotencyKey })).toMatchObject({
      __typename: "ValidationError",
    });
    await founder.succeed(ParkProject, { projectId, idempotencyKey });
  });

  test("is kept for 24 hours, then free", async () => {
    const idempotencyKey = newKey();
    const first = await founder.succeed(CreateProject, { name: "Daily", idempotencyKey });
    app.clock.advanceDays(1 - 1 / 86_400);
    const still = await founder.succeed(CreateProject, { name: "Daily", idempotencyKey });
    expect(still.project.id).toBe(first.project.id);
    app.clock.advanceDays(1 / 86_400);
    const second = await founder.succeed(CreateProject, { name: "Daily", idempotencyKey });
    expect(second.project.id).not.toBe(first.project.id);
    expect(await founder.run(CreateProject, { name: "Other", idempotencyKey })).toMatchObject({
      __typename: "IdempotencyMismatchError",
    });
  });
});

import { EventEmitter, once } from "node:events";
import pg from "pg";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { unpackWakeups } from "../../src/events/wakeup-texts.ts";
import type { Wakeup } from "../../src/events/wakeups.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import {
  CreateProject,
  DecideGate,
  OpenGate,
  RaiseRisk,
  SetMilestone,
  UpdateProject,
} from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { uuidOf } from "./support/rows.ts";

const ROUNDS = 25;

// PGlite runs one transaction at a time: only a server lets two of them meet.
describe.skipIf(!postgresAvailable)("on PostgreSQL", () => {
  let app: TestApp;
  let founder: Founder;

  beforeEach(async () => {
    app = await startApp({ database: await createPostgresTestDatabase() });
    founder = new Founder(app);
    await founder.enlargePlan();
  });

  test("of clients that decide one gate at once exactly one wins and the others get a conflict", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    for (let round = 0; round < ROUNDS; round += 1) {
      const gateId = await founder.openGate(projectId);
      const decisions = ["NARROW", "PIVOT", "NARROW", "PIVOT"] as const;
      const results = await Promise.all(decisions.map((decision) => founder.decide(gateId, decision)));
      const winners = results.filter((result) => "events" in result);
      const losers = results.filter((result) => !("events" in result));
      expect(winners).toHaveLength(1);
      for (const loser of losers) {
        expect(loser).toMatchObject({ __typename: "ConflictError", currentState: "DECIDED" });
      }
    }
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  });

  test("of clients that decide two gates of a stage at once none passes the other by", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const projectId = await founder.project();
      const gates = [await founder.openGate(projectId), await founder.openGate(projectId)];
      const results = await Promise.all(gates.map((gateId) => founder.decide(gateId, "PROCEED")));
      for (const result of results) expect(result).toMatchObject({ rule: "GATE_PENDING" });
      const [first, second] = await Promise.all([
        founder.decide(gates[0] ?? "", "NARROW"),
        founder.decide(gates[1] ?? "", "PROCEED"),
      ]);
      expect(first).toHaveProperty("events");
      const { stage } = await founder.snapshot(projectId);
      expect(stage).toBe("events" in second ? "THESIS_DEFINED" : "PRE_STAGE");
    }
  });

  test("of edits of the same version exactly one goes through", async () => {
    const projectId = await founder.project();
    for (let expectedVersion = 1; expectedVersion <= ROUNDS; expectedVersion += 1) {
      const names = ["One", "Two", "Three"];
      const results = await Promise.all(
        names.map((name) => founder.run(UpdateProject, { projectId, name, expectedVersion })),
      );
      expect(results.filter((result) => "events" in result)).toHaveLength(1);
      for (const result of results.filter((each) => !("events" in each))) {
        expect(result).toMatchObject({ currentVersion: expectedVersion + 1 });
      }
    }
  });

  test("of the same request several times at once one has an effect and all have its result", async () => {
    const projectId = await founder.project();
    const rounds = 20;
    for (let round = 0; round < rounds; round += 1) {
      const input = { projectId, idempotencyKey: `round ${round}` };
      const results = await Promise.all([1, 2, 3, 4].map(() => founder.succeed(OpenGate, input)));
      expect(new Set(results.map(({ gate }) => gate.id)).size).toBe(1);
    }
    expect((await founder.snapshot(projectId)).gates.totalCount).toBe(rounds);
  });

  test("the plan's last place is taken once", async () => {
    const small = new Founder(await startApp({ database: await createPostgresTestDatabase() }));
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) => small.run(CreateProject, { name: `Project ${index}` })),
    );
    expect(results.filter((result) => "events" in result)).toHaveLength(5);
    expect(results.filter(({ __typename }) => __typename === "QuotaExceededError")).toHaveLength(7);
  });

  test("sixteen writers on three projects leave whole logs, right progress, and wake other nodes to their ends", async () => {
    const heads = await listen(app);
    const projects = [await founder.project(), await founder.project(), await founder.project()];
    await Promise.all(Array.from({ length: 16 }, (_, writer) => write(founder, projects, writer)));
    for (const projectId of projects) {
      const { count, verification } = await founder.log(projectId);
      expect(verification).toEqual({ ok: true, checked: count, fault: null });
      await heads.reached(uuidOf(projectId), count);
      const { stages, progressPercent } = await founder.snapshot(projectId);
      const total = (milestones: (typeof stages)[number]["milestones"]) =>
        milestones.reduce((sum, { weight }) => sum + weight, 0);
      const weight = stages.reduce((sum, stage) => sum + total(stage.milestones), 0);
      const weighted = stages.reduce(
        (sum, stage) => sum + stage.progressPercent * total(stage.milestones),
        0,
      );
      expect(progressPercent).toBe(Math.floor(weighted / weight));
    }
  });
});

/** One of many who work on the same projects: edits that meet, gates that meet. */
async function write(founder: Founder, projects: readonly string[], writer: number): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    const projectId = projects[(writer + round) % projects.length] ?? "";
    const stage = "THESIS_DEFINED";
    await founder.run(SetMilestone, { projectId, stage, key: `own_${round}`, weight: writer });
    await founder.run(RaiseRisk, { projectId, stage, type: "market", message: "Busy", blocking: false });
    const opened = await founder.run(OpenGate, { projectId });
    const decision = writer % 2 === 0 ? "NARROW" : "PROCEED";
    if ("gate" in opened) await founder.run(DecideGate, { gateId: opened.gate.id, decision });
  }
}

/** Listens as another node does, without a poll that would make up for a wake-up that is lost. */
async function listen({ database }: TestApp) {
  if (database.driver.kind !== "postgres") throw new Error("Only PostgreSQL notifies.");
  const client = new pg.Client(database.driver.connectionString);
  const heads = new Map<string, number>();
  const wakeups = new EventEmitter();
  client.on("notification", ({ payload }) => {
    for (const [kind, said] of unpackWakeups(payload ?? "") ?? []) {
      if (kind !== "log") continue;
      const { projectId, sequence } = said as Wakeup;
      heads.set(projectId, Math.max(sequence, heads.get(projectId) ?? 0));
    }
    wakeups.emit("wakeup");
  });
  // Its server is stopped first, and with it the database.
  client.on("error", () => {});
  await client.connect();
  await client.query("LISTEN gatehouse_events");
  onTestFinished(() => client.end());
  return {
    /** Resolves when a wake-up has told of that sequence. */
    async reached(projectId: string, sequence: number): Promise<void> {
      while ((heads.get(projectId) ?? 0) < sequence) await once(wakeups, "wakeup");
    },
  };
}

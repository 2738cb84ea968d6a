import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Agent, createRun, plan, readRun } from "../api/support/agent.ts";
import {
  claimAnswered,
  RaiseEscalation,
  ResolveEscalation,
  readEscalation,
} from "../api/support/escalations.ts";
import { Founder } from "../api/support/founder.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

const ENGINES: [string, boolean, () => Promise<Record<string, string>>][] = [
  ["the embedded database", true, async () => ({ PIPELINE_DB_PATH: migratedPlace() })],
  ["PostgreSQL", postgresAvailable, postgres],
];

async function postgres(): Promise<Record<string, string>> {
  const database = await createPostgresTestDatabase();
  onTestFinished(() => database.close());
  if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
  return { DATABASE_URL: database.driver.connectionString };
}

/** Whether the answer reaches its client before the server dies, or the server dies under it. */
const MOMENTS = ["after the answer", "during the answer"] as const;

describe.for(ENGINES)("kill -9 of a server on %s", ([, available, place]) => {
  test.skipIf(!available).for(MOMENTS)("%s: the work is resumed exactly once", async (moment) => {
    const env = { ...(await place()), SEED_DEMO: "false" };
    let server = startServer(env);
    let founder = new Founder(await server.ready());
    const projectId = await founder.project();
    const runId = await createRun(founder, projectId, plan("a"));
    const { held } = await new Agent(founder).claim({ runId });
    const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: "Which?" });
    const input = {
      escalationId: escalation.id,
      decision: "provide_guidance",
      guidance: "The first one.",
      idempotencyKey: "answer",
    };
    const answering = founder.succeed(ResolveEscalation, input).catch(() => null);
    if (moment === "after the answer") expect(await answering).not.toBeNull();
    void server.end("SIGKILL");
    await answering;
    expect(await server.ended).toMatchObject({ signal: "SIGKILL" });

    server = startServer(env);
    founder = new Founder(await server.ready());
    // Whoever does not know whether the answer was taken gives it again, under the same key.
    await founder.succeed(ResolveEscalation, input);
    expect(await founder.run(ResolveEscalation, { ...input, idempotencyKey: "late" })).toMatchObject({
      __typename: "ConflictError",
      decided: { decision: "provide_guidance" },
    });
    expect(await readEscalation(founder, escalation.id)).toMatchObject({ status: "RESOLVED" });
    expect(await claimAnswered(founder, runId)).toMatchObject({
      key: "a",
      workstream: { guidance: "The first one." },
    });
    expect(await new Agent(founder).tryClaim({ runId })).toBeNull();
    const { timeline } = await readRun(founder, runId);
    const types = timeline.nodes.map(({ type }) => type);
    expect(types.filter((type) => type === "agent.escalation_resolved")).toHaveLength(1);
    expect(types.filter((type) => type === "workstream_claimed")).toHaveLength(2);
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
    await server.end("SIGTERM");
  });
});

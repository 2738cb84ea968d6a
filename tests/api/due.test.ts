import { beforeEach, expect, test } from "vitest";
import { insertRow, VALID_ROWS } from "../db/rows.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { Agent, createRun, plan, readRun } from "./support/agent.ts";
import { RaiseEscalation, readEscalation } from "./support/escalations.ts";
import { Founder } from "./support/founder.ts";
import { HeartbeatWorkstream } from "./support/run-commands.ts";
import { nextSequences, RunSequences } from "./support/streams.ts";

let app: TestApp;
let founder: Founder;
let agent: Agent;
let projectId: string;
let statements: string[];

beforeEach(async () => {
  statements = [];
  app = await startApp({ onStatement: (sql) => statements.push(sql) });
  founder = new Founder(app);
  agent = new Agent(founder);
  projectId = await founder.project();
  await letPass(0);
});

/** Time passes for the server: by its clock, if that is not set back by so much, and by the machine's counter. */
async function letPass(seconds: number, { setBackBy = 0 } = {}): Promise<void> {
  app.clock.advanceSeconds(seconds - setBackBy);
  app.elapsed.advance(seconds * 1_000);
  await expect.poll(() => app.elapsed.pending).toBe(SWEEPS);
}

/** Each has one alarm, unless it is at work. */
const SWEEPS = 5;

const claim = async (leaseSeconds: number) => {
  const runId = await createRun(founder, projectId, plan("a"));
  const { held } = await agent.claim({ runId }, leaseSeconds);
  // The wake-up by which the server learns of the lease.
  await letPass(0.5);
  return { runId, held };
};

test.each(
  TRANSPORTS,
)("an agent that waits on runEvents over %s is told that a lease has ended", async (transport) => {
  const { runId } = await claim(5);
  const { endCursor: after } = await founder.log(projectId);
  const stream = await subscribe(transport, app.url, RunSequences, { runId, after });
  const told = nextSequences(stream, 1);
  await letPass(4.5);
  expect(await told).toHaveLength(1);
  expect((await agent.claim({ runId })).workstream.attempt).toBe(2);
});

test.each([
  ["keeps its time", 0],
  ["is set back by five minutes", 300],
])("a lease and a deadline end on time while the clock %s", async (_, setBackBy) => {
  const { runId } = await claim(60);
  const asking = await createRun(founder, projectId, plan("b"));
  const { held } = await agent.claim({ runId: asking });
  const dueAt = new Date(app.clock.now().getTime() + 60_000).toISOString();
  const { escalation } = await founder.succeed(RaiseEscalation, {
    ...held,
    problem: "Which?",
    dueAt,
    onExpiry: "SKIP",
  });
  await letPass(0.5);
  await letPass(58.5, { setBackBy });
  expect((await readRun(founder, runId)).workstreams.nodes[0]?.status).toBe("EDITING");
  expect((await readEscalation(founder, escalation.id)).status).toBe("PENDING");
  await letPass(0.5);
  await letPass(0.5);
  expect((await readRun(founder, runId)).workstreams.nodes[0]?.status).toBe("READY");
  expect((await readEscalation(founder, escalation.id)).status).toBe("SKIPPED");
});

test("a lease that a heartbeat has extended ends when it says, also after the clock was set back", async () => {
  const { runId, held } = await claim(60);
  await letPass(30, { setBackBy: 300 });
  await founder.succeed(HeartbeatWorkstream, { ...held, leaseSeconds: 600 });
  await letPass(40);
  expect((await readRun(founder, runId)).workstreams.nodes[0]?.status).toBe("EDITING");
});

test("keys that have expired are deleted, and no others", async () => {
  await insertRow(app.database, "plan_tier", VALID_ROWS.plan_tier).catch(() => {});
  await insertRow(app.database, "user_account", VALID_ROWS.user_account);
  const now = app.clock.now().getTime();
  for (const [key, inMs] of [
    ["long ago", -86_400_000],
    ["just now", 3_600_000],
    ["soon", 3_600_001],
  ] as const) {
    const expires_at = new Date(now + inMs).toISOString();
    await insertRow(app.database, "idempotency_record", {
      ...VALID_ROWS.idempotency_record,
      key,
      expires_at,
    });
  }
  await letPass(3_600);
  const left = await app.database.prisma.idempotencyRecord.findMany({ select: { key: true } });
  expect(left).toEqual([{ key: "soon" }]);
});

test("nothing is read while nothing is due and nothing happens", async () => {
  await claim(20);
  await letPass(0.5);
  statements.length = 0;
  await letPass(15);
  expect(statements).toEqual([]);
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { createTestDatabase } from "../support/database.ts";
import { ACCOUNT_CHECKS } from "./account-checks.ts";
import { DISCUSSION_CHECKS } from "./discussion-checks.ts";
import { ESCALATION_CHECKS } from "./escalation-checks.ts";
import { insertRow, insertValidRows, OTHER_WORKSTREAM, type Row, type Table, VALID_ROWS } from "./rows.ts";

const HASH = "0123456789abcdef".repeat(4);
const TIME = "2026-01-02T03:04:05.678Z";
const BAD_HASHES = [HASH.toUpperCase(), HASH.slice(1), `${HASH.slice(1)}g`];
const author = { model: "offline", generated_at: TIME };
const written = { version_number: 1, current_content: '{"problemStatement": "Ours"}', ...author };
const edited = { has_user_edits: true, edited_sections: '["problemStatement"]' };
const kept = { previous_content: "{}", previous_origin: '{"version": 1}' };
const over = { status: "COMPLETED", ended_at: TIME };
const decided = { status: "DECIDED", decision: "PROCEED", decided_by: "FOUNDER", decided_at: TIME };

const RUN = VALID_ROWS.run.id;
const WORKSTREAM = VALID_ROWS.workstream.id;
const ended = { ended_at: TIME, ended_sequence: 2 };
const leased = { lease_token: randomUUID(), lease_holder: "agent", lease_expires_at: TIME };
/** A workstream's own place and key in the run. */
const place = (position: number) => ({ position, key: `w${position}` });

/** For every CHECK: what it refuses, and what lies just inside. */
const CHECKS: Record<string, { table: Table; refuses: Row[]; accepts: Row[] }> = {
  ...ACCOUNT_CHECKS,
  ...DISCUSSION_CHECKS,
  ...ESCALATION_CHECKS,
  plan_tier_plan_known: {
    table: "plan_tier",
    refuses: [
      { plan: "FREE", rank: 9 },
      { plan: "partner", rank: 9 },
    ],
    accepts: [
      { plan: "PARTNER", rank: 1 },
      { plan: "CTO_SCALE", rank: 2 },
    ],
  },
  plan_tier_max_projects_positive: {
    table: "plan_tier",
    refuses: [{ plan: "PARTNER", rank: 9, max_projects: 0 }],
    accepts: [],
  },
  plan_tier_tokens_per_day_positive: {
    table: "plan_tier",
    refuses: [{ plan: "PARTNER", rank: 9, tokens_per_day: 0 }],
    accepts: [],
  },
  open_subscription_nodes_are_object: {
    table: "open_subscription",
    refuses: [{ nodes: "[]" }, { nodes: "1" }],
    accepts: [],
  },
  user_account_plan_known: { table: "user_account", refuses: [{ subject: "x", plan: "FREE" }], accepts: [] },
  usage_log_input_tokens_not_negative: { table: "usage_log", refuses: [{ input_tokens: -1 }], accepts: [] },
  usage_log_output_tokens_not_negative: { table: "usage_log", refuses: [{ output_tokens: -1 }], accepts: [] },
  usage_log_cost_not_negative: { table: "usage_log", refuses: [{ cost_microdollars: -1 }], accepts: [] },
  usage_log_purpose_known: {
    table: "usage_log",
    refuses: [{ purpose: "RUN" }, { purpose: "artifact" }],
    accepts: [{ purpose: "ARTIFACT" }],
  },
  usage_log_status_known: {
    table: "usage_log",
    refuses: [{ status: "PENDING" }, { status: "settled" }],
    accepts: [
      { status: "RESERVED", settled_at: null },
      ...["SETTLED", "FAILED", "ABANDONED"].map((status) => ({ status })),
    ],
  },
  usage_log_reserved_means_open: {
    table: "usage_log",
    refuses: [{ status: "RESERVED", settled_at: TIME }],
    accepts: [{ status: "RESERVED", settled_at: null }],
  },
  artifact_type_known: {
    table: "artifact",
    refuses: [{ type: "SUMMARY" }, { type: "brief" }],
    accepts: ["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG", "HOW_IT_WORKS"].map((type) => ({ type })),
  },
  artifact_generation_status_known: {
    table: "artifact",
    refuses: [{ generation_status: "RUNNING" }, { generation_status: "idle" }],
    accepts: [{ generation_status: "IDLE" }, { generation_status: "GENERATING" }],
  },
  artifact_failed_means_reason: {
    table: "artifact",
    refuses: [
      { generation_status: "FAILED" },
      { generation_status: "IDLE", failure_reason: "TIMEOUT" },
      { generation_status: "GENERATING", failure_reason: "TIMEOUT" },
    ],
    accepts: [
      { generation_status: "FAILED", failure_reason: "TIMEOUT" },
      { ...written, generation_status: "FAILED", failure_reason: "TIMEOUT" },
    ],
  },
  artifact_version_means_content: {
    table: "artifact",
    refuses: [{ ...written, version_number: 0 }, { version_number: 1 }, { version_number: -1 }],
    accepts: [{ version_number: 0, current_content: null }, written, { ...written, version_number: 9 }],
  },
  artifact_content_has_author: {
    table: "artifact",
    refuses: [author, { ...written, model: null }, { ...written, generated_at: null }],
    accepts: [written, { model: null, generated_at: null }],
  },
  artifact_schema_version_positive: {
    table: "artifact",
    refuses: [{ schema_version: 0 }, { schema_version: -1 }],
    accepts: [{ schema_version: 1 }, { schema_version: 2 }],
  },
  artifact_edits_are_named: {
    table: "artifact",
    refuses: [{ has_user_edits: true }, { ...edited, has_user_edits: false }],
    accepts: [{ ...written, ...edited }],
  },
  artifact_previous_has_origin: {
    table: "artifact",
    refuses: [
      { ...kept, previous_origin: null },
      { ...kept, previous_content: null },
    ],
    accepts: [{ ...written, ...kept }],
  },
  artifact_generation_state_known: {
    table: "artifact_generation",
    refuses: [
      { ...over, status: "IDLE" },
      { ...over, status: "completed" },
    ],
    accepts: [{ status: "RUNNING" }, over, { ...over, status: "FAILED", failure_reason: "TIMEOUT" }],
  },
  artifact_generation_failed_means_reason: {
    table: "artifact_generation",
    refuses: [
      { ...over, status: "FAILED" },
      { ...over, failure_reason: "TIMEOUT" },
      { status: "RUNNING", failure_reason: "TIMEOUT" },
    ],
    accepts: [{ ...over, status: "FAILED", failure_reason: "TIMEOUT" }],
  },
  artifact_generation_completed_in_range: {
    table: "artifact_generation",
    refuses: [{ completed: -1 }, { completed: 3 }, { ...over, types: "[]", completed: 1 }],
    accepts: [{ completed: 0 }, { completed: 2 }],
  },
  artifact_generation_ended_means_over: {
    table: "artifact_generation",
    refuses: [{ status: "RUNNING", ended_at: TIME }, { status: "COMPLETED" }, { status: "FAILED" }],
    accepts: [over],
  },
  idempotency_record_request_hash_is_sha256: {
    table: "idempotency_record",
    refuses: BAD_HASHES.map((request_hash) => ({ key: "other", request_hash })),
    accepts: [],
  },
  event_sequence_positive: { table: "event", refuses: [{ sequence: 0 }, { sequence: -1 }], accepts: [] },
  event_subject_known: {
    table: "event",
    refuses: [
      { sequence: 99, subject: "PROJECT" },
      { sequence: 99, subject: "stage" },
    ],
    accepts: ["STAGE", "GATE", "MILESTONE", "RISK", "ARTIFACT", "DISCUSSION", "RUN", "ESCALATION"].map(
      (subject, index) => ({ sequence: 2 + index, subject, run_id: RUN }),
    ),
  },
  event_actor_known: {
    table: "event",
    refuses: [{ sequence: 99, actor: "USER" }],
    accepts: ["SYSTEM", "FOUNDER", "LLM", "AGENT"].map((actor, index) => ({ sequence: 20 + index, actor })),
  },
  event_hash_is_sha256: {
    table: "event",
    refuses: BAD_HASHES.map((hash) => ({ sequence: 99, hash })),
    accepts: [],
  },
  event_about_run_names_it: {
    table: "event",
    refuses: [{ sequence: 99, subject: "RUN" }],
    accepts: [{ sequence: 32, subject: "RUN", run_id: RUN }],
  },
  event_workstream_within_run: {
    table: "event",
    refuses: [{ sequence: 99, workstream_id: WORKSTREAM }],
    accepts: [
      { sequence: 30, run_id: RUN },
      { sequence: 31, run_id: RUN, workstream_id: WORKSTREAM },
    ],
  },
  run_status_known: {
    table: "run",
    refuses: [
      { ...ended, status: "DONE" },
      { ...ended, status: "completed" },
    ],
    accepts: ["COMPLETED", "FAILED", "PARTIAL", "ABANDONED"].map((status) => ({ ...ended, status })),
  },
  run_created_sequence_positive: { table: "run", refuses: [{ created_sequence: 0 }], accepts: [] },
  run_last_claim_sequence_not_negative: {
    table: "run",
    refuses: [{ last_claim_sequence: -1 }],
    accepts: [{ last_claim_sequence: 0 }],
  },
  run_started_when_running: {
    table: "run",
    refuses: [{ status: "RUNNING" }],
    accepts: [{ status: "RUNNING", started_at: TIME }],
  },
  run_ended_means_when: {
    table: "run",
    refuses: [
      { status: "COMPLETED" },
      { status: "COMPLETED", ended_at: TIME },
      { status: "COMPLETED", ended_sequence: 1 },
      { ended_at: TIME },
      { ended_sequence: 1 },
      ended,
    ],
    accepts: [{ ...ended, status: "FAILED" }],
  },
  workstream_status_known: {
    table: "workstream",
    refuses: [
      { ...place(1), status: "RUNNING" },
      { ...place(1), status: "ready" },
    ],
    accepts: ["EDITING", "STATIC_CHECK", "FIXING", "RUNTIME_CHECK"].map((status, index) => ({
      ...place(10 + index),
      ...leased,
      status,
    })),
  },
  workstream_blocked_by_known: {
    table: "workstream",
    refuses: [{ ...place(1), status: "BLOCKED", blocked_by: "PERSON" }],
    accepts: ["DEPENDENCY", "HOLD", "ESCALATION"].map((blocked_by, index) => ({
      ...place(20 + index),
      status: "BLOCKED",
      blocked_by,
    })),
  },
  workstream_blocked_means_why: {
    table: "workstream",
    refuses: [
      { ...place(1), status: "BLOCKED" },
      { ...place(1), blocked_by: "HOLD" },
    ],
    accepts: [],
  },
  workstream_position_not_negative: { table: "workstream", refuses: [{ ...place(-1) }], accepts: [] },
  workstream_attempt_not_negative: {
    table: "workstream",
    refuses: [{ ...place(1), attempt: -1 }],
    accepts: [],
  },
  workstream_ready_means_since: {
    table: "workstream",
    refuses: [
      { ...place(1), status: "READY" },
      { ...place(1), ready_sequence: 1 },
    ],
    accepts: [{ ...place(30), status: "READY", ready_sequence: 1 }],
  },
  workstream_worked_on_means_leased: {
    table: "workstream",
    refuses: [
      { ...place(1), status: "EDITING" },
      { ...place(1), ...leased },
      { ...place(1), ...leased, status: "EDITING", lease_holder: null },
      { ...place(1), ...leased, status: "EDITING", lease_expires_at: null },
      { ...place(1), lease_holder: "agent" },
      { ...place(1), lease_expires_at: TIME },
    ],
    accepts: [{ ...place(31), ...leased, status: "EDITING" }],
  },
  workstream_ended_means_when: {
    table: "workstream",
    refuses: [
      { ...place(1), status: "DONE" },
      { ...place(1), ended_at: TIME },
    ],
    accepts: ["DONE", "FAILED", "ABANDONED"].map((status, index) => ({
      ...place(40 + index),
      status,
      ended_at: TIME,
    })),
  },
  workstream_replaced_when_lost: {
    table: "workstream",
    refuses: [
      { ...place(1), replaced_by_id: WORKSTREAM },
      { ...place(1), status: "DONE", ended_at: TIME, replaced_by_id: WORKSTREAM },
    ],
    accepts: [{ ...place(50), status: "FAILED", ended_at: TIME, replaced_by_id: WORKSTREAM }],
  },
  workstream_dependency_not_on_itself: {
    table: "workstream_dependency",
    refuses: [{ depends_on_id: WORKSTREAM }],
    accepts: [],
  },
  step_attempt_status_known: {
    table: "step_attempt",
    refuses: [{ number: 9, step_name: "x", status: "DONE", completed_at: TIME }],
    accepts: ["SUCCESS", "FAILURE", "SKIPPED"].map((status, index) => ({
      number: 10 + index,
      status,
      completed_at: TIME,
    })),
  },
  step_attempt_number_positive: {
    table: "step_attempt",
    refuses: [{ step_name: "x", number: 0 }],
    accepts: [],
  },
  step_attempt_lease_attempt_positive: {
    table: "step_attempt",
    refuses: [{ step_name: "x", lease_attempt: 0 }],
    accepts: [],
  },
  step_attempt_completed_means_when: {
    table: "step_attempt",
    refuses: [
      { step_name: "x", status: "SUCCESS" },
      { step_name: "x", completed_at: TIME },
    ],
    accepts: [],
  },
  step_attempt_completed_after_start: {
    table: "step_attempt",
    refuses: [{ step_name: "x", status: "SUCCESS", completed_at: "2026-01-02T03:04:05.677Z" }],
    accepts: [],
  },
  run_error_signature_is_sha256: {
    table: "run_error",
    refuses: BAD_HASHES.map((signature) => ({ signature })),
    accepts: [],
  },
  run_error_count_positive: { table: "run_error", refuses: [{ step_name: "x", count: 0 }], accepts: [] },
  run_error_seen_in_order: {
    table: "run_error",
    refuses: [{ step_name: "x", last_seen_at: "2026-01-02T03:04:05.677Z" }],
    accepts: [{ step_name: "y", last_seen_at: "2026-01-02T03:04:05.679Z" }],
  },
  project_status_known: {
    table: "project",
    refuses: [{ status: "ARCHIVED" }],
    accepts: [{ status: "ACTIVE" }, { status: "PARKED" }],
  },
  project_stage_number_in_range: {
    table: "project",
    refuses: [0, 6, -1].map((stage_number) => ({ stage_number, stage_entered_at: TIME })),
    accepts: [1, 5].map((stage_number) => ({ stage_number, stage_entered_at: TIME })),
  },
  project_stage_entered_with_stage: {
    table: "project",
    refuses: [{ stage_number: 1 }, { stage_entered_at: TIME }],
    accepts: [{ stage_number: null, stage_entered_at: null }],
  },
  project_progress_percent_in_range: {
    table: "project",
    refuses: [{ progress_percent: -1 }, { progress_percent: 101 }],
    accepts: [{ progress_percent: 0 }, { progress_percent: 100 }],
  },
  project_version_positive: { table: "project", refuses: [{ version: 0 }], accepts: [] },
  project_event_sequence_not_negative: {
    table: "project",
    refuses: [{ event_sequence: -1 }],
    accepts: [{ event_sequence: 0 }],
  },
  project_event_hash_is_sha256: {
    table: "project",
    refuses: BAD_HASHES.map((event_hash) => ({ event_hash })),
    accepts: [],
  },
  stage_config_stage_number_in_range: {
    table: "stage_config",
    refuses: [{ stage_number: 0 }, { stage_number: 6 }],
    accepts: [{ stage_number: 5 }],
  },
  stage_config_version_positive: {
    table: "stage_config",
    refuses: [{ stage_number: 2, version: 0 }],
    accepts: [],
  },
  decision_gate_stage_number_in_range: {
    table: "decision_gate",
    refuses: [{ stage_number: -1 }, { stage_number: 5 }],
    accepts: [{ stage_number: 0 }, { stage_number: 4 }],
  },
  decision_gate_status_known: {
    table: "decision_gate",
    refuses: [{ status: "OPEN" }],
    accepts: [{ status: "PENDING" }, { status: "EXPIRED" }],
  },
  decision_gate_decision_known: {
    table: "decision_gate",
    refuses: [{ ...decided, decision: "WAIT" }],
    accepts: ["PROCEED", "NARROW", "PIVOT", "PARK"].map((decision) => ({ ...decided, decision })),
  },
  decision_gate_decided_by_known: {
    table: "decision_gate",
    refuses: [{ ...decided, decided_by: "LLM" }],
    accepts: [{ ...decided, decided_by: "SYSTEM" }],
  },
  decision_gate_decided_means_decision: {
    table: "decision_gate",
    refuses: [
      { ...decided, decision: null },
      { ...decided, decided_by: null },
      { ...decided, decided_at: null },
      { ...decided, status: "PENDING" },
      { ...decided, status: "EXPIRED" },
      { status: "PENDING", decision: "PROCEED" },
      { status: "PENDING", decided_by: "FOUNDER" },
      { status: "PENDING", decided_at: TIME },
    ],
    accepts: [decided],
  },
};

const cases = (kind: "refuses" | "accepts") =>
  Object.entries(CHECKS).flatMap(([constraint, check]) =>
    check[kind].map((change) => ({ constraint, table: check.table, change, shown: JSON.stringify(change) })),
  );

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  await insertValidRows(database);
});
afterAll(() => database.close());

function variant(table: Table, change: Row): Row {
  const valid: Row = VALID_ROWS[table];
  return { ...valid, ...("id" in valid ? { id: randomUUID() } : {}), ...change };
}

/** What a row needs besides, so that it meets no other row of its table. */
async function elsewhere(table: Table): Promise<Row> {
  switch (table) {
    case "user_account":
      return { subject: randomUUID() };
    case "artifact":
    case "artifact_generation":
      return { project_id: await insertProject() };
    case "round":
    case "consensus":
      return { discussion_id: await insertDiscussion() };
    case "message":
      return { round_id: await insertRound() };
    default:
      return {};
  }
}

async function insertProject(): Promise<string> {
  const id = randomUUID();
  await insertRow(database, "project", variant("project", { id }));
  return id;
}

async function insertDiscussion(): Promise<string> {
  const id = randomUUID();
  await insertRow(database, "discussion", variant("discussion", { id }));
  return id;
}

async function insertRound(): Promise<string> {
  const id = randomUUID();
  await insertRow(database, "round", variant("round", { id, discussion_id: await insertDiscussion() }));
  return id;
}

describe("checks", () => {
  test.each(cases("refuses"))("$constraint refuses $shown", async ({ constraint, table, change }) => {
    await expect(insertRow(database, table, variant(table, change))).rejects.toThrow(`"${constraint}"`);
  });

  test.each(cases("accepts"))("$constraint accepts $shown", async ({ table, change }) => {
    const row = variant(table, { ...(await elsewhere(table)), ...change });
    await expect(insertRow(database, table, row)).resolves.toBeUndefined();
  });

  test("are all in the table above", async () => {
    const rows = await database.prisma.$queryRaw<{ name: string }[]>`
      SELECT conname::text AS name FROM pg_constraint
      WHERE contype = 'c' AND connamespace = current_schema()::regnamespace`;
    expect(rows.map((row) => row.name).sort()).toEqual(Object.keys(CHECKS).sort());
  });
});

describe("unique keys", () => {
  test.each<{ what: string; table: Table; constraint: string; change?: Row }>([
    { what: "a stage twice in a project", table: "stage_config", constraint: "uq_project_stage" },
    { what: "a sequence twice in a project", table: "event", constraint: "event_project_id_sequence_key" },
    {
      what: "an issuer's subject twice",
      table: "user_account",
      constraint: "user_account_issuer_subject_key",
    },
    { what: "a user's key twice", table: "idempotency_record", constraint: "idempotency_record_pkey" },
    { what: "a document twice in a project", table: "artifact", constraint: "uq_project_artifact_type" },
    {
      what: "a second generation that runs in a project",
      table: "artifact_generation",
      constraint: "artifact_generation_one_running",
    },
    { what: "a workstream's key twice", table: "workstream", constraint: "workstream_run_id_key_key" },
    { what: "a dependency twice", table: "workstream_dependency", constraint: "workstream_dependency_pkey" },
    {
      what: "an error's signature twice in a step",
      table: "run_error",
      constraint: "run_error_run_id_workstream_id_step_name_signature_key",
    },
    {
      what: "a question about one failure twice while it waits",
      table: "agent_escalation",
      constraint: "agent_escalation_pending_key",
    },
    {
      what: "a workstream twice in an escalation",
      table: "escalation_workstream",
      constraint: "escalation_workstream_pkey",
    },
    { what: "a streak twice", table: "failure_streak", constraint: "failure_streak_pkey" },
    { what: "a fact about the schema twice", table: "schema_meta", constraint: "schema_meta_pkey" },
    { what: "a member twice", table: "project_member", constraint: "project_member_pkey" },
    {
      what: "a second owner",
      table: "project_member",
      constraint: "project_member_one_owner",
      change: { user_id: "00000000-0000-7000-8000-00000000000a", role: "OWNER" },
    },
    {
      what: "an invitation's token twice",
      table: "project_invitation",
      constraint: "project_invitation_token_hash_key",
    },
    { what: "a key's secret twice", table: "api_key", constraint: "api_key_secret_hash_key" },
    { what: "a plan twice", table: "plan_tier", constraint: "plan_tier_pkey" },
  ])("refuse $what", async ({ table, constraint, change = {} }) => {
    await expect(insertRow(database, table, variant(table, change))).rejects.toThrow(`"${constraint}"`);
  });
});

describe("the lock of a project's documents", () => {
  const insertGeneration = (change: Row) =>
    insertRow(database, "artifact_generation", variant("artifact_generation", change));

  test("lets any number of generations that are over stand beside the one that runs", async () => {
    const project_id = await insertProject();
    for (const status of ["COMPLETED", "FAILED", "COMPLETED", "FAILED"]) {
      const failure_reason = status === "FAILED" ? "TIMEOUT" : null;
      await insertGeneration({ project_id, ...over, status, failure_reason });
    }
    await insertGeneration({ project_id });
    await insertGeneration({ project_id, ...over });
    const generations = await database.prisma.artifactGeneration.count({ where: { projectId: project_id } });
    expect(generations).toBe(6);
  });

  test("is free for the next once the one that ran is over, and not taken back by it", async () => {
    const [project_id, id] = [await insertProject(), randomUUID()];
    await insertGeneration({ id, project_id });
    await expect(insertGeneration({ project_id })).rejects.toThrow('"artifact_generation_one_running"');
    const where = { id };
    await database.prisma.artifactGeneration.update({ where, data: { status: "COMPLETED", endedAt: TIME } });
    await insertGeneration({ project_id });
    const again = database.prisma.artifactGeneration.update({
      where,
      data: { status: "RUNNING", endedAt: null },
    });
    await expect(again).rejects.toThrow(/unique/i);
  });

  test("is each project's own", async () => {
    await insertGeneration({ project_id: await insertProject() });
    await expect(insertGeneration({ project_id: await insertProject() })).resolves.toBeUndefined();
  });
});

describe("a stopped workstream", () => {
  const { workstream_id, escalation_id } = VALID_ROWS.escalation_workstream;

  test("is stopped by one question at a time, and one tries first", async () => {
    const id = randomUUID();
    await insertRow(
      database,
      "agent_escalation",
      variant("agent_escalation", { id, error_signature: "other" }),
    );
    const twice = variant("escalation_workstream", { escalation_id: id, workstream_id });
    await expect(insertRow(database, "escalation_workstream", twice)).rejects.toThrow(
      '"escalation_workstream_open_key"',
    );
    await insertRow(database, "escalation_workstream", { ...twice, state: "CLEARED" });
    await database.prisma.escalationWorkstream.updateMany({
      where: { escalationId: escalation_id },
      data: { state: "TRYING" },
    });
    const second = variant("escalation_workstream", {
      escalation_id,
      workstream_id: OTHER_WORKSTREAM,
      position: 1,
      state: "TRYING",
    });
    await expect(insertRow(database, "escalation_workstream", second)).rejects.toThrow(
      '"escalation_workstream_trying_key"',
    );
  });

  test("leaves room for a question about the same failure once that is answered", async () => {
    const closed = { status: "SKIPPED", resolution: "RUN_ENDED", resolved_at: TIME };
    await insertRow(database, "agent_escalation", variant("agent_escalation", closed));
    await expect(insertRow(database, "agent_escalation", variant("agent_escalation", {}))).rejects.toThrow(
      '"agent_escalation_pending_key"',
    );
  });
});

test("a step is in progress once, and may have been completed before", async () => {
  const again = variant("step_attempt", { number: 7 });
  await expect(insertRow(database, "step_attempt", again)).rejects.toThrow('"step_attempt_in_progress_key"');
  await insertRow(database, "step_attempt", { ...again, status: "SUCCESS", completed_at: TIME });
});

describe("foreign keys", () => {
  const nobody = "00000000-0000-7000-8000-00000000ffff";
  test.each<{ table: Table; change: Row }>([
    { table: "project", change: { owner_id: nobody } },
    { table: "stage_config", change: { project_id: nobody, stage_number: 3 } },
    { table: "decision_gate", change: { project_id: nobody } },
    { table: "event", change: { project_id: nobody } },
    { table: "event", change: { sequence: 99, run_id: nobody } },
    { table: "event", change: { sequence: 99, run_id: RUN, workstream_id: nobody } },
    { table: "run", change: { project_id: nobody } },
    { table: "workstream", change: { ...place(99), run_id: nobody } },
    {
      table: "workstream",
      change: { ...place(99), status: "FAILED", ended_at: TIME, replaced_by_id: nobody },
    },
    { table: "workstream_dependency", change: { workstream_id: nobody } },
    { table: "step_attempt", change: { step_name: "x", workstream_id: nobody } },
    { table: "run_error", change: { step_name: "x", workstream_id: nobody } },
    { table: "agent_escalation", change: { error_signature: "x", run_id: nobody } },
    { table: "agent_escalation", change: { error_signature: "x", workstream_id: nobody } },
    { table: "agent_escalation", change: { error_signature: "x", project_id: nobody } },
    { table: "escalation_workstream", change: { escalation_id: nobody, state: "LEFT" } },
    { table: "escalation_workstream", change: { workstream_id: nobody, position: 9 } },
    { table: "failure_streak", change: { workstream_id: nobody } },
    { table: "usage_log", change: { user_id: nobody } },
    { table: "usage_log", change: { project_id: nobody } },
    { table: "artifact", change: { project_id: nobody } },
    { table: "artifact_generation", change: { project_id: nobody } },
    { table: "discussion", change: { project_id: nobody } },
    { table: "round", change: { discussion_id: nobody } },
    { table: "message", change: { round_id: nobody, position: 9 } },
    { table: "message_piece", change: { message_id: nobody } },
    { table: "consensus", change: { discussion_id: nobody } },
    { table: "decision_gate", change: { ...decided, discussion_id: nobody } },
  ])("refuse $table with $change", async ({ table, change }) => {
    await expect(insertRow(database, table, variant(table, change))).rejects.toThrow(
      "foreign key constraint",
    );
  });
});

describe("a discussion", () => {
  test("holds one round at a time", async () => {
    const discussion_id = await insertDiscussion();
    const insertAnother = (change: Row) =>
      insertRow(database, "round", variant("round", { discussion_id, ...change }));
    await insertAnother({ round_number: 1, status: "COMPLETED", ended_at: TIME });
    await insertAnother({ round_number: 2 });
    await expect(insertAnother({ round_number: 3 })).rejects.toThrow('"round_one_running"');
    await expect(insertAnother({ round_number: 2, status: "COMPLETED", ended_at: TIME })).rejects.toThrow(
      '"round_discussion_id_round_number_key"',
    );
  });

  test("has one consensus", async () => {
    const discussion_id = await insertDiscussion();
    await insertRow(database, "consensus", variant("consensus", { discussion_id }));
    await expect(insertRow(database, "consensus", variant("consensus", { discussion_id }))).rejects.toThrow(
      '"consensus_discussion_id_key"',
    );
  });

  test("has each model answer once in a round, and once whoever asks it by name", async () => {
    const round_id = await insertRound();
    let position = 0;
    const say = (change: Row) => {
      position += 1;
      return insertRow(database, "message", variant("message", { round_id, position, ...change }));
    };
    await say({});
    await expect(say({})).rejects.toThrow('"message_once_per_round"');
    await say({ kind: "RANKING" });
    await expect(say({ kind: "RANKING" })).rejects.toThrow('"message_once_per_round"');
    const [id, other] = [randomUUID(), randomUUID()];
    const post = { kind: "PERSON", model: null, author: "FOUNDER", status: "COMPLETED", timestamp: TIME };
    await say({ id, ...post });
    await say({ id: other, ...post });
    const direct = { kind: "DIRECT", is_direct: true };
    await say({ ...direct, reply_to_id: id });
    await say({ ...direct, reply_to_id: other });
    await expect(say({ ...direct, reply_to_id: id })).rejects.toThrow('"message_once_per_question"');
  });

  test("goes with everything that was said in it; a decision that cites it stays", async () => {
    const id = await insertDiscussion();
    const [roundId, messageId, gateId] = [randomUUID(), randomUUID(), randomUUID()];
    await insertRow(database, "round", variant("round", { id: roundId, discussion_id: id }));
    await insertRow(database, "message", variant("message", { id: messageId, round_id: roundId }));
    await insertRow(database, "message_piece", variant("message_piece", { message_id: messageId }));
    await insertRow(database, "consensus", variant("consensus", { discussion_id: id }));
    const citing = { ...decided, id: gateId, discussion_id: id };
    await insertRow(database, "decision_gate", variant("decision_gate", citing));
    await database.prisma.discussion.delete({ where: { id } });
    expect(await database.prisma.round.count({ where: { discussionId: id } })).toBe(0);
    expect(await database.prisma.message.count({ where: { roundId } })).toBe(0);
    expect(await database.prisma.messagePiece.count({ where: { messageId } })).toBe(0);
    expect(await database.prisma.consensus.count({ where: { discussionId: id } })).toBe(0);
    const gate = await database.prisma.decisionGate.findUniqueOrThrow({ where: { id: gateId } });
    expect(gate.discussionId).toBeNull();
  });
});

describe("the event log", () => {
  test.each([
    ["an update", `UPDATE event SET reason = 'x'`, "UPDATE"],
    ["a delete", `DELETE FROM event`, "DELETE"],
    ["a truncation", `TRUNCATE event`, "TRUNCATE"],
    ["a truncation of what it refers to", `TRUNCATE project CASCADE`, "TRUNCATE"],
  ])("refuses %s", async (_, sql, operation) => {
    const before = await database.prisma.event.findMany({ orderBy: { sequence: "asc" } });
    await expect(database.prisma.$executeRawUnsafe(sql)).rejects.toMatchObject({
      message: expect.stringContaining(`event is append-only: ${operation} is not allowed`),
    });
    expect(await database.prisma.event.findMany({ orderBy: { sequence: "asc" } })).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
  });

  test("reports the refusal as restrict_violation", async () => {
    await expect(database.prisma.$executeRawUnsafe("DELETE FROM event")).rejects.toThrow("23001");
  });
});

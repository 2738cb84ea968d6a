import { randomUUID } from "node:crypto";
import type { Database } from "../../src/db/database.ts";

export type Row = Readonly<Record<string, string | number | boolean | null>>;

const NOW = "2026-01-02T03:04:05.678Z";
const HASH = "0123456789abcdef".repeat(4);
const USER = "00000000-0000-7000-8000-000000000001";
/** A second user, for what takes somebody who is not the owner. */
export const OTHER_USER = "00000000-0000-7000-8000-000000000009";
const PROJECT = "00000000-0000-7000-8000-000000000002";
const DISCUSSION = "00000000-0000-7000-8000-000000000006";
const ROUND = "00000000-0000-7000-8000-000000000007";
const MESSAGE = "00000000-0000-7000-8000-000000000008";
const RUN = "00000000-0000-7000-8000-000000000003";
const WORKSTREAM = "00000000-0000-7000-8000-000000000004";
const ESCALATION = "00000000-0000-7000-8000-000000000009";
/** A second workstream of the run, for what needs two. */
export const OTHER_WORKSTREAM = "00000000-0000-7000-8000-000000000005";

/** One valid row per table, in an order in which the foreign keys hold. */
export const VALID_ROWS = {
  plan_tier: {
    plan: "BOOTSTRAPPER",
    rank: 0,
    name: "Bootstrapper",
    description: "",
    max_projects: 1,
    tokens_per_day: 1,
  },
  user_account: {
    id: USER,
    issuer: "i",
    subject: "s",
    plan: "BOOTSTRAPPER",
    created_at: NOW,
    updated_at: NOW,
  },
  project: { id: PROJECT, owner_id: USER, name: "p", event_hash: HASH, created_at: NOW, updated_at: NOW },
  stage_config: { id: randomUUID(), project_id: PROJECT, stage_number: 1, created_at: NOW, updated_at: NOW },
  decision_gate: {
    id: randomUUID(),
    project_id: PROJECT,
    stage_number: 0,
    gate_type: "EXIT",
    created_at: NOW,
  },
  run: { id: RUN, project_id: PROJECT, title: "r", created_sequence: 1, created_at: NOW, updated_at: NOW },
  workstream: {
    id: WORKSTREAM,
    run_id: RUN,
    key: "a",
    title: "a",
    position: 0,
    created_at: NOW,
    updated_at: NOW,
  },
  workstream_dependency: { workstream_id: WORKSTREAM, depends_on_id: OTHER_WORKSTREAM, run_id: RUN },
  step_attempt: {
    id: randomUUID(),
    run_id: RUN,
    workstream_id: WORKSTREAM,
    step_name: "edit",
    number: 1,
    lease_attempt: 1,
    started_at: NOW,
  },
  run_error: {
    id: randomUUID(),
    run_id: RUN,
    workstream_id: WORKSTREAM,
    step_name: "edit",
    error_code: "E1",
    signature: HASH,
    normalized_message: "m",
    message: "m",
    first_seen_at: NOW,
    last_seen_at: NOW,
  },
  agent_escalation: {
    id: ESCALATION,
    session_id: "s",
    run_id: RUN,
    workstream_id: WORKSTREAM,
    project_id: PROJECT,
    origin: "AGENT",
    error_type: "e",
    error_signature: "p:e:h",
    plain_english_problem: "p",
    recommended_action: "r",
    created_at: NOW,
  },
  escalation_workstream: {
    escalation_id: ESCALATION,
    workstream_id: WORKSTREAM,
    run_id: RUN,
    position: 0,
    joined_at: NOW,
  },
  failure_streak: { workstream_id: WORKSTREAM, error_signature: "p:e:h" },
  schema_meta: { key: "k", value: "v" },
  event: {
    id: randomUUID(),
    project_id: PROJECT,
    sequence: 1,
    correlation_id: randomUUID(),
    subject: "STAGE",
    subject_id: PROJECT,
    type: "project_created",
    actor: "SYSTEM",
    hash: HASH,
    created_at: NOW,
  },
  usage_log: {
    id: randomUUID(),
    user_id: USER,
    project_id: PROJECT,
    purpose: "ARTIFACT",
    subject_id: PROJECT,
    status: "SETTLED",
    model: "m",
    input_tokens: 0,
    output_tokens: 0,
    cost_microdollars: 0,
    created_at: NOW,
    settled_at: NOW,
  },
  artifact: { id: randomUUID(), project_id: PROJECT, type: "BRIEF", created_at: NOW, updated_at: NOW },
  artifact_generation: {
    id: randomUUID(),
    project_id: PROJECT,
    types: '["BRIEF", "MVP_SCOPE"]',
    correlation_id: randomUUID(),
    started_at: NOW,
    active_at: NOW,
  },
  discussion: {
    id: DISCUSSION,
    project_id: PROJECT,
    question: "q",
    type: "OPEN",
    models: '["m"]',
    planned_rounds: 1,
    consensus_threshold: 0.8,
    correlation_id: randomUUID(),
    created_at: NOW,
    updated_at: NOW,
  },
  round: {
    id: ROUND,
    discussion_id: DISCUSSION,
    round_number: 1,
    type: "PARALLEL",
    is_planned: true,
    started_at: NOW,
  },
  message: { id: MESSAGE, round_id: ROUND, kind: "ANSWER", model: "m", position: 0 },
  message_piece: { message_id: MESSAGE, attempt: 1, offset: 0, text: "t" },
  consensus: {
    id: randomUUID(),
    discussion_id: DISCUSSION,
    score: 0.5,
    round_number: 1,
    generated_by: "m",
    generated_at: NOW,
  },
  project_member: {
    project_id: PROJECT,
    user_id: OTHER_USER,
    role: "VIEWER",
    since_sequence: 1,
    created_at: NOW,
    updated_at: NOW,
  },
  project_invitation: {
    id: randomUUID(),
    project_id: PROJECT,
    role: "VIEWER",
    token_hash: HASH,
    invited_by: USER,
    expires_at: NOW,
    created_at: NOW,
  },
  api_key: {
    id: randomUUID(),
    user_id: USER,
    name: "k",
    prefix: "gh_",
    secret_hash: HASH,
    scopes: '["READ"]',
    created_at: NOW,
  },
  idempotency_record: {
    user_id: USER,
    key: "k",
    command: "c",
    request_hash: HASH,
    created_at: NOW,
    expires_at: NOW,
  },
  rate_limit: { key: "requests:user:u", points: 1, expire: 1 },
  open_subscription: { user_id: USER, nodes: "{}" },
} satisfies Record<string, Row>;

export type Table = keyof typeof VALID_ROWS;

/** Inserts as SQL, so that nothing but the database checks the row. */
export async function insertRow(database: Database, table: Table, row: Row): Promise<void> {
  const columns = Object.keys(row).map((column) => `"${column}"`);
  const values = Object.values(row).map((value) =>
    typeof value === "string" ? `'${value}'` : String(value),
  );
  await database.prisma.$executeRawUnsafe(`INSERT INTO "${table}" (${columns}) VALUES (${values})`);
}

export async function insertValidRows(database: Database): Promise<void> {
  for (const [table, row] of Object.entries(VALID_ROWS)) {
    await insertRow(database, table as Table, row);
    if (table === "user_account") await insertRow(database, table, { ...row, id: OTHER_USER, subject: "t" });
    if (table !== "workstream") continue;
    await insertRow(database, table, { ...row, id: OTHER_WORKSTREAM, key: "b", position: 99_999 });
  }
}

import type { Row, Table } from "./rows.ts";

const ID = "00000000-0000-7000-8000-00000000000a";
const TIME = "2026-01-02T03:04:05.678Z";
/** The message and the discussion that every test database has. */
const [MESSAGE, DISCUSSION] = [
  "00000000-0000-7000-8000-000000000008",
  "00000000-0000-7000-8000-000000000006",
];

const person = { kind: "PERSON", model: null, author: "FOUNDER", status: "COMPLETED", timestamp: TIME };
const direct = { kind: "DIRECT", is_direct: true, reply_to_id: MESSAGE };
const failed = { status: "FAILED", timestamp: TIME, failure_reason: "TIMEOUT", failure_message: "x" };

function check(table: Table, refuses: Row[], accepts: Row[] = []) {
  return { table, refuses, accepts };
}

/** The CHECKs of discussions: what each refuses, and what lies just inside. */
export const DISCUSSION_CHECKS: Record<string, { table: Table; refuses: Row[]; accepts: Row[] }> = {
  plan_tier_max_models_positive: check("plan_tier", [{ plan: "PARTNER", rank: 9, max_models: 0 }]),
  decision_gate_citation_means_decided: check("decision_gate", [{ discussion_id: DISCUSSION }]),
  discussion_type_known: check("discussion", [{ type: "CLOSED" }, { type: "open" }], [{ type: "DISCUSS" }]),
  discussion_status_known: check("discussion", [{ status: "DONE" }]),
  discussion_activity_known: check("discussion", [{ activity: "BUSY" }], [{ activity: "ROUND" }]),
  discussion_models_in_range: check(
    "discussion",
    [{ models: "[]" }, { models: JSON.stringify(Array(11).fill("m")) }],
    [{ models: JSON.stringify(Array(10).fill("m")) }],
  ),
  discussion_planned_rounds_in_range: check("discussion", [{ planned_rounds: 11 }], [{ planned_rounds: 10 }]),
  discussion_pending_rounds_in_range: check(
    "discussion",
    [{ pending_rounds: -1 }, { pending_rounds: 1 }],
    [{ planned_rounds: 2, pending_rounds: 1 }],
  ),
  discussion_consensus_threshold_in_range: check(
    "discussion",
    [{ consensus_threshold: -0.1 }, { consensus_threshold: 1.1 }],
    [{ consensus_threshold: 0 }, { consensus_threshold: 1 }],
  ),
  discussion_completed_means_over: check(
    "discussion",
    [
      { status: "COMPLETED" },
      { completed_at: TIME },
      { status: "COMPLETED", completed_at: TIME, activity: "ROUND" },
    ],
    [{ status: "COMPLETED", completed_at: TIME }],
  ),
  discussion_summary_has_maker: check(
    "discussion",
    [{ activity: "SUMMARY" }, { summary_id: ID }, { summary_by: "m" }],
    [{ activity: "SUMMARY", summary_id: ID, summary_by: "m" }],
  ),
  discussion_consensus_failure_has_detail: check(
    "discussion",
    [{ consensus_failure: "TIMEOUT" }, { consensus_failure_detail: "x" }],
    [{ consensus_failure: "TIMEOUT", consensus_failure_detail: "x" }],
  ),
  round_number_in_range: check("round", [{ round_number: 0 }, { round_number: 11 }], [{ round_number: 10 }]),
  round_type_known: check("round", [{ round_number: 2, type: "OPEN" }], [{ type: "SEQUENTIAL" }]),
  round_status_known: check("round", [{ round_number: 2, status: "DONE", ended_at: TIME }]),
  round_ended_means_over: check(
    "round",
    [
      { round_number: 2, ended_at: TIME },
      { round_number: 2, status: "COMPLETED" },
    ],
    [{ status: "COMPLETED", ended_at: TIME }],
  ),
  round_failed_means_message: check(
    "round",
    [
      { round_number: 2, status: "FAILED", ended_at: TIME },
      { round_number: 2, failure_message: "x" },
    ],
    [{ status: "FAILED", ended_at: TIME, failure_message: "x" }],
  ),
  message_kind_known: check("message", [{ position: 9, kind: "SPEECH" }], [{ kind: "RANKING" }]),
  message_status_known: check("message", [{ position: 9, status: "DONE" }], [{ status: "RUNNING" }]),
  message_has_one_speaker: check(
    "message",
    [
      { position: 9, model: null },
      { position: 9, author: "FOUNDER" },
      { ...person, position: 9, author: null },
      { ...person, position: 9, model: "m" },
    ],
    [person],
  ),
  message_author_known: check(
    "message",
    [{ ...person, position: 9, author: "LLM" }],
    [{ ...person, position: 9, author: "AGENT" }],
  ),
  message_direct_answers_somebody: check(
    "message",
    [
      { ...direct, position: 9, is_direct: false },
      { ...direct, position: 9, reply_to_id: null },
      { position: 9, is_direct: true },
      { position: 9, reply_to_id: MESSAGE },
    ],
    [direct],
  ),
  message_timestamp_means_said: check(
    "message",
    [
      { position: 9, timestamp: TIME },
      { position: 9, status: "COMPLETED" },
    ],
    [{ status: "COMPLETED", timestamp: TIME }],
  ),
  message_failed_means_reason: check(
    "message",
    [
      { ...failed, position: 9, failure_reason: null, failure_message: null },
      { ...failed, position: 9, failure_message: null },
      { position: 9, failure_reason: "TIMEOUT", failure_message: "x" },
    ],
    [failed],
  ),
  message_attempt_not_negative: check("message", [{ position: 9, attempt: -1 }]),
  message_position_not_negative: check("message", [{ position: -1 }]),
  consensus_score_in_range: check(
    "consensus",
    [{ score: -0.1 }, { score: 1.1 }],
    [{ score: 0 }, { score: 1 }],
  ),
  consensus_round_number_in_range: check(
    "consensus",
    [{ round_number: 0 }, { round_number: 11 }],
    [{ round_number: 10 }],
  ),
};

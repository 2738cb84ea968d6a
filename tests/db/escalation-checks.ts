import { type Row, type Table, VALID_ROWS } from "./rows.ts";

const TIME = "2026-01-02T03:04:05.678Z";
const USER = VALID_ROWS.user_account.id;
const closed = { status: "SKIPPED", resolution: "RUN_ENDED", resolved_at: TIME };
const answered = { ...closed, resolution: "ANSWER", resolved_by: USER };
/** A question of its own: one with a signature is pending per run. */
const about = (error_signature: string) => ({ error_signature });

/** For every CHECK of escalations: what it refuses, and what lies just inside. */
export const ESCALATION_CHECKS: Record<string, { table: Table; refuses: Row[]; accepts: Row[] }> = {
  run_paused_means_open: {
    table: "run",
    refuses: [{ status: "ABANDONED", ended_at: TIME, ended_sequence: 2, paused_at: TIME }],
    accepts: [{ paused_at: TIME }, { status: "RUNNING", started_at: TIME, paused_at: TIME }],
  },
  run_answer_within_positive: {
    table: "run",
    refuses: [{ answer_within: 0 }],
    accepts: [{ answer_within: 1 }],
  },
  run_on_expiry_known: {
    table: "run",
    refuses: [{ on_expiry: "DEFAULT_OPTION" }],
    accepts: ["WAIT", "RETRY", "SKIP", "ABORT"].map((on_expiry) => ({ on_expiry })),
  },
  event_about_escalation_names_run: {
    table: "event",
    refuses: [{ sequence: 301, subject: "ESCALATION" }],
    accepts: [{ sequence: 302, subject: "ESCALATION", run_id: VALID_ROWS.run.id }],
  },
  agent_escalation_answer_has_a_person: {
    table: "agent_escalation",
    refuses: [
      { ...answered, resolved_by: null },
      { ...closed, resolved_by: USER },
    ],
    accepts: [answered, closed],
  },
  agent_escalation_breaker_names_step: {
    table: "agent_escalation",
    refuses: [{ origin: "BREAKER" }],
    accepts: [{ ...about("b"), origin: "BREAKER", step_name: "edit" }],
  },
  agent_escalation_closed_means_when_and_how: {
    table: "agent_escalation",
    refuses: [
      { ...closed, resolved_at: null },
      { ...closed, resolution: null },
      { resolved_at: TIME },
      { resolution: "RUN_ENDED" },
    ],
    accepts: [],
  },
  agent_escalation_default_option_when_used: {
    table: "agent_escalation",
    refuses: [{ on_expiry: "DEFAULT_OPTION", due_at: TIME }, { default_option: "retry" }],
    accepts: [{ ...about("d"), on_expiry: "DEFAULT_OPTION", due_at: TIME, default_option: "retry" }],
  },
  agent_escalation_expires_at_deadline: {
    table: "agent_escalation",
    refuses: [{ expired_at: TIME }],
    accepts: [{ ...about("e"), due_at: TIME, expired_at: TIME }],
  },
  agent_escalation_on_expiry_known: {
    table: "agent_escalation",
    refuses: [{ on_expiry: "LATER", due_at: TIME }],
    accepts: ["WAIT", "RETRY", "SKIP", "ABORT"].map((on_expiry) => ({
      ...about(on_expiry),
      on_expiry,
      due_at: TIME,
    })),
  },
  agent_escalation_origin_known: {
    table: "agent_escalation",
    refuses: [{ origin: "PERSON" }],
    accepts: [],
  },
  agent_escalation_policy_needs_deadline: {
    table: "agent_escalation",
    refuses: [{ on_expiry: "RETRY" }],
    accepts: [],
  },
  agent_escalation_resolution_known: {
    table: "agent_escalation",
    refuses: [{ ...closed, resolution: "TIMEOUT" }],
    accepts: ["DEADLINE", "WORKSTREAM_ENDED"].map((resolution) => ({ ...closed, resolution })),
  },
  agent_escalation_resolved_means_decided: {
    table: "agent_escalation",
    refuses: [
      { ...closed, founder_decision: "retry" },
      { ...closed, status: "RESOLVED" },
    ],
    accepts: [{ ...answered, status: "RESOLVED", founder_decision: "retry" }],
  },
  agent_escalation_status_known: {
    table: "agent_escalation",
    refuses: [{ ...closed, status: "OPEN" }],
    accepts: [],
  },
  escalation_workstream_position_not_negative: {
    table: "escalation_workstream",
    refuses: [{ position: -1 }],
    accepts: [],
  },
  escalation_workstream_state_known: {
    table: "escalation_workstream",
    refuses: [{ state: "GONE" }],
    accepts: [],
  },
};

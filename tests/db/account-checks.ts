import type { Row, Table } from "./rows.ts";

const ID = "00000000-0000-7000-8000-00000000000a";
const TIME = "2026-01-02T03:04:05.678Z";
const hash = () => crypto.randomUUID().replaceAll("-", "").repeat(2);

/** The CHECKs of members, invitations and keys: what each refuses, and what lies just inside. */
export const ACCOUNT_CHECKS: Record<string, { table: Table; refuses: Row[]; accepts: Row[] }> = {
  project_invitation_role_known: {
    table: "project_invitation",
    refuses: [{ role: "OWNER" }, { role: "editor" }],
    accepts: ["EDITOR", "VIEWER", "AGENT"].map((role) => ({ role, token_hash: hash() })),
  },
  project_invitation_accepted_by_somebody: {
    table: "project_invitation",
    refuses: [{ accepted_by: ID }, { accepted_at: TIME }],
    accepts: [{ accepted_by: ID, accepted_at: TIME, token_hash: hash() }],
  },
  project_invitation_ends_once: {
    table: "project_invitation",
    refuses: [{ accepted_by: ID, accepted_at: TIME, revoked_at: TIME }],
    accepts: [{ revoked_at: TIME, token_hash: hash() }],
  },
  api_key_scopes_is_list: {
    table: "api_key",
    refuses: [{ scopes: '"READ"' }, { scopes: "{}" }],
    accepts: [{ scopes: '["READ", "WORK"]', secret_hash: hash() }],
  },
  project_member_role_known: {
    table: "project_member",
    refuses: [{ role: "ADMIN" }, { role: "viewer" }],
    accepts: [],
  },
  project_member_since_positive: {
    table: "project_member",
    refuses: [{ since_sequence: 0 }],
    accepts: [],
  },
};

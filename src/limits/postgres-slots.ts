import { NODE_LEASE_MS, type SlotStore } from "./slot-store.ts";

/** Runs one statement. */
export type Query = (sql: string, values: unknown[]) => Promise<{ readonly rowCount: number | null }>;

export interface PostgresSlotsOptions {
  readonly query: Query;
  readonly nodeId: string;
  /** After how many milliseconds without a word from it a node's subscriptions do not count. */
  readonly leaseMs?: number;
}

/**
 * Counts in the table `open_subscription`, a row per user with each node's count in it: the row's lock makes two nodes
 * take turns, so that the limit holds exactly. The times are the database's own.
 */
export function postgresSlots({ query, nodeId, leaseMs = NODE_LEASE_MS }: PostgresSlotsOptions): SlotStore {
  return {
    async claim(userId, count, limit) {
      const { rowCount } = await query(CLAIM, [userId, nodeId, count, leaseMs, limit]);
      return rowCount === 1;
    },
    async settle(counts) {
      // Always in the same order: two nodes that settle the same users must not wait for each other.
      const users = [...counts.keys()].sort();
      await query(SETTLE, [users, users.map((userId) => counts.get(userId)), nodeId, leaseMs]);
    },
    async forget() {
      await query(FORGET, []);
    },
  };
}

const MINE =
  "jsonb_build_object('open', $3::int, 'until', clock_timestamp() + $4::int * interval '1 millisecond')";
const LIVE = "(node.value->>'until')::timestamptz > clock_timestamp()";

const CLAIM = `
  INSERT INTO open_subscription AS kept (user_id, nodes)
  VALUES ($1::uuid, jsonb_build_object($2::text, ${MINE}))
  ON CONFLICT (user_id) DO UPDATE SET nodes = (
    SELECT coalesce(jsonb_object_agg(node.key, node.value), '{}') FROM jsonb_each(kept.nodes) AS node WHERE ${LIVE}
  ) || EXCLUDED.nodes
  WHERE $3::int + (
    SELECT coalesce(sum((node.value->>'open')::int), 0) FROM jsonb_each(kept.nodes) AS node
    WHERE node.key <> $2::text AND ${LIVE}
  ) <= $5::int`;

/** A count of 0 is over at once. */
const SETTLE = `
  INSERT INTO open_subscription AS kept (user_id, nodes)
  SELECT counted.user_id, jsonb_build_object($3::text, jsonb_build_object('open', counted.open, 'until',
    clock_timestamp() + sign(counted.open) * $4::int * interval '1 millisecond'))
  FROM unnest($1::uuid[], $2::int[]) AS counted(user_id, open)
  ORDER BY counted.user_id
  ON CONFLICT (user_id) DO UPDATE SET nodes = kept.nodes || EXCLUDED.nodes`;

const FORGET = `
  DELETE FROM open_subscription WHERE user_id IN (
    SELECT user_id FROM open_subscription
    WHERE NOT EXISTS (SELECT FROM jsonb_each(nodes) AS node WHERE ${LIVE})
    LIMIT 1000 FOR UPDATE SKIP LOCKED
  )`;

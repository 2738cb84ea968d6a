import { NODE_LEASE_MS, type SlotStore } from "./slot-store.ts";

/** What is needed of Redis. */
export interface ScriptRunner {
  name(...parts: readonly string[]): string;
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

export interface RedisSlotsOptions {
  readonly redis: ScriptRunner;
  readonly nodeId: string;
  /** After how many milliseconds without a word from it a node's subscriptions do not count. */
  readonly leaseMs?: number;
}

/** Counts in Redis, a hash per user with each node's count in it. The times are Redis' own. */
export function redisSlots({ redis, nodeId, leaseMs = NODE_LEASE_MS }: RedisSlotsOptions): SlotStore {
  const say = (userId: string, count: number, limit: number | null) =>
    redis.run(
      SAY,
      [redis.name("subscriptions", userId)],
      [nodeId, String(count), String(leaseMs), limit === null ? "" : String(limit)],
    );
  return {
    claim: async (userId, count, limit) => (await say(userId, count, limit)) === 1,
    async settle(counts) {
      await Promise.all([...counts].map(([userId, count]) => say(userId, count, null)));
    },
  };
}

/** KEYS: the user's hash. ARGV: node, its count, its lease in milliseconds, the limit or nothing. A field is `count:until`. */
const SAY = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count, lease, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local others = 0
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local open, ends = string.match(fields[i + 1], '^(%d+):(%d+)$')
  if not ends or tonumber(ends) <= now then
    redis.call('HDEL', KEYS[1], fields[i])
  elseif fields[i] ~= ARGV[1] then
    others = others + tonumber(open)
  end
end
if limit and others + count > limit then return 0 end
if count == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%d:%d', count, now + lease))
  redis.call('PEXPIRE', KEYS[1], lease)
end
return 1
`;

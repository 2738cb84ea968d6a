import { setTimeout } from "node:timers/promises";
import type { Db, PgBoss } from "pg-boss";

/**
 * Takes no more jobs from the queues, waits for the running ones, but not longer than that, and cuts off the rest, which
 * count as failed attempts. pg-boss's own graceful stop only looks every half second whether they have ended.
 */
export async function stopBoss(boss: PgBoss, queues: readonly string[], seconds: number): Promise<void> {
  try {
    const ended = Promise.all(queues.map((queue) => boss.offWork(queue, { wait: true })));
    const bound = new AbortController();
    const late = setTimeout(seconds * 1000, null, { signal: bound.signal }).catch(() => {});
    await Promise.race([ended, late]);
    bound.abort();
    await boss.stop({ graceful: false });
  } finally {
    await closeConnections(boss);
  }
}

/** Those of a pg-boss whose start has failed, or whose stop has, are still open. */
async function closeConnections(boss: PgBoss): Promise<void> {
  const db: Db & { opened?: boolean; close?: () => Promise<void> } = boss.getDb();
  if (db.opened) await db.close?.();
}

import { describe, expect, test } from "vitest";
import type { NewEvent } from "../../../src/domain/event/event.ts";
import { hashJson } from "../../../src/domain/event/hash.ts";
import { chainEvents } from "../../../src/events/chain.ts";
import type { Transaction } from "../../../src/services/command/command.ts";
import { claimKey, type IdempotentRequest } from "../../../src/services/command/idempotency.ts";
import { type Ending, settle } from "../../../src/services/command/settle.ts";
import { LogWriter, useDatabase } from "../../events/support/project-log.ts";

const database = useDatabase();
const at = new Date("2026-03-04T05:06:07.008Z");
const result = { id: "x", part: null, eventIds: [] };

/** A project with one event, a key that is claimed in the same transaction, and what would end a command on it. */
async function settleIn(change: (ending: Ending) => Ending, claims = true) {
  const { prisma } = database();
  const writer = new LogWriter(database(), { publish() {}, publishAccess() {} });
  const userId = await writer.owner();
  const projectId = await writer.project(userId);
  const before = await prisma.project.findUniqueOrThrow({ where: { id: projectId } });
  const head = { projectId, sequence: before.eventSequence, hash: before.eventHash };
  const key = crypto.randomUUID();
  const request: IdempotentRequest = { userId, key, command: "test", requestHash: hashJson("test") };
  const event: NewEvent = { subject: "STAGE", subjectId: projectId, type: "project_updated" };
  const provenance = { actor: "SYSTEM", correlationId: crypto.randomUUID(), at } as const;
  const drafts = [event, { ...event, reason: 'It\'s "so"\n✓', detail: { a: [1, null, { b: "c" }] } }];
  const events = chainEvents(head, drafts, provenance, () => crypto.randomUUID());
  const log = { head, events, changes: { name: "Anew" }, bumpsVersion: true, at };
  const ending = change({ log, key: { request, outcome: { result } } });
  let error: unknown = null;
  await prisma.$transaction(async (tx: Transaction) => {
    if (claims) await claimKey(tx, request, at, async () => {});
    // What it has written by itself is seen after a commit, whatever it throws.
    await settle(tx, ending).catch((thrown: unknown) => {
      error = thrown;
    });
  });
  return {
    error,
    before,
    events,
    project: await prisma.project.findUniqueOrThrow({ where: { id: projectId } }),
    stored: await prisma.event.findMany({ where: { projectId }, orderBy: { sequence: "asc" } }),
    record: await prisma.idempotencyRecord.findUnique({ where: { userId_key: { userId, key } } }),
  };
}

describe("what a command leaves behind", () => {
  test("is stored together: row, head, events and outcome", async () => {
    const { error, before, events, project, stored, record } = await settleIn((ending) => ending);
    expect(error).toBeNull();
    expect(stored.slice(1)).toEqual(events);
    expect(project).toEqual({
      ...before,
      name: "Anew",
      version: before.version + 1,
      updatedAt: at,
      eventSequence: 3,
      eventHash: events[1]?.hash,
    });
    expect(record?.outcome).toEqual({ result });
  });

  test("is not stored at all when the head of the log has moved: no event, no outcome, no change", async () => {
    const moved = (ending: Ending): Ending => ({
      ...ending,
      log: ending.log && { ...ending.log, head: { ...ending.log.head, sequence: 0 } },
    });
    const { error, before, project, stored, record } = await settleIn(moved);
    expect(error).toEqual(new Error(`Project ${before.id} changed under its own lock`));
    expect(project).toEqual(before);
    expect(stored).toHaveLength(1);
    expect(record).toMatchObject({ outcome: null });
  });

  test("is refused when the key is not there", async () => {
    const { error, record } = await settleIn((ending) => ending, false);
    expect(error).toEqual(new Error("An idempotency key was lost under its own command"));
    expect(record).toBeNull();
  });

  test("may be the outcome alone, or a changed row without events", async () => {
    const alone = await settleIn((ending) => ({ ...ending, log: null }));
    expect(alone.error).toBeNull();
    expect(alone.project).toEqual(alone.before);
    expect(alone.record?.outcome).toEqual({ result });
    const silent = await settleIn(({ log }) => ({ key: null, log: log && { ...log, events: [] } }));
    expect(silent.error).toBeNull();
    expect(silent.project).toMatchObject({
      name: "Anew",
      eventSequence: 1,
      eventHash: silent.before.eventHash,
    });
    expect(silent.stored).toHaveLength(1);
  });
});

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoggedEvent } from "../../../src/domain/event/event.ts";
import { GENESIS_HASH, hashEvent, hashJson } from "../../../src/domain/event/hash.ts";

type Unhashed = Omit<LoggedEvent, "hash">;

const EVENT: Unhashed = {
  id: "0190a5d0-0000-7000-8000-000000000001",
  projectId: "0190a5d0-0000-7000-8000-000000000002",
  sequence: 1,
  correlationId: "0190a5d0-0000-7000-8000-000000000003",
  subject: "STAGE",
  subjectId: "0190a5d0-0000-7000-8000-000000000002",
  runId: null,
  workstreamId: null,
  type: "transition",
  fromState: "THESIS_DEFINED",
  toState: "VALIDATED_DIRECTION",
  actor: "FOUNDER",
  reason: null,
  detail: { rule: "none", nested: { a: 1, b: [1, 2] } },
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
};

/** Another value for every field of an event. */
const OTHERS: { [Field in keyof Unhashed]: Unhashed[Field] } = {
  id: "0190a5d0-0000-7000-8000-00000000000f",
  projectId: "0190a5d0-0000-7000-8000-00000000000f",
  sequence: 2,
  correlationId: "0190a5d0-0000-7000-8000-00000000000f",
  subject: "GATE",
  subjectId: "0190a5d0-0000-7000-8000-00000000000f",
  runId: "0190a5d0-0000-7000-8000-00000000000f",
  workstreamId: "0190a5d0-0000-7000-8000-00000000000f",
  type: "park",
  fromState: null,
  toState: "MVP_BUILT",
  actor: "SYSTEM",
  reason: "",
  detail: { rule: "none", nested: { a: 1, b: [2, 1] } },
  createdAt: new Date("2026-01-01T00:00:00.001Z"),
};

/** Writes an object's keys the other way round, all the way down. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

function chain(events: readonly Unhashed[]): string[] {
  let previous = GENESIS_HASH;
  return events.map((event) => {
    previous = hashEvent(previous, event);
    return previous;
  });
}

describe("hashEvent", () => {
  test("is the SHA-256 of the previous hash and the event's canonical JSON", () => {
    const canonical =
      '{"actor":"FOUNDER","correlationId":"0190a5d0-0000-7000-8000-000000000003",' +
      '"createdAt":"2026-01-01T00:00:00.000Z","detail":{"nested":{"a":1,"b":[1,2]},"rule":"none"},' +
      '"fromState":"THESIS_DEFINED","id":"0190a5d0-0000-7000-8000-000000000001",' +
      '"projectId":"0190a5d0-0000-7000-8000-000000000002","reason":null,"sequence":1,"subject":"STAGE",' +
      '"subjectId":"0190a5d0-0000-7000-8000-000000000002","toState":"VALIDATED_DIRECTION","type":"transition"}';
    const expected = createHash("sha256")
      .update("0".repeat(64) + canonical)
      .digest("hex");
    expect(hashEvent(GENESIS_HASH, EVENT)).toBe(expected);
  });

  test("does not depend on the order of keys, in the event or in its detail", () => {
    const backwards = reversed(EVENT) as Unhashed;
    expect(JSON.stringify(backwards)).not.toBe(JSON.stringify(EVENT));
    expect(hashEvent(GENESIS_HASH, backwards)).toBe(hashEvent(GENESIS_HASH, EVENT));
  });

  test.each(Object.keys(EVENT) as (keyof Unhashed)[])("changes when %s changes", (field) => {
    expect(hashEvent(GENESIS_HASH, { ...EVENT, [field]: OTHERS[field] })).not.toBe(
      hashEvent(GENESIS_HASH, EVENT),
    );
  });

  test("changes when the run and the workstream change places", () => {
    const [runId, workstreamId] = [OTHERS.runId, EVENT.projectId];
    const event = { ...EVENT, runId, workstreamId };
    const swapped = { ...EVENT, runId: workstreamId, workstreamId: runId };
    expect(hashEvent(GENESIS_HASH, swapped)).not.toBe(hashEvent(GENESIS_HASH, event));
    expect(hashEvent(GENESIS_HASH, { ...EVENT, runId })).not.toBe(
      hashEvent(GENESIS_HASH, { ...EVENT, workstreamId: runId }),
    );
  });

  test("changes with the hash before it", () => {
    expect(hashEvent("f".repeat(64), EVENT)).not.toBe(hashEvent(GENESIS_HASH, EVENT));
  });

  test("takes no account of what is not part of an event", () => {
    expect(hashEvent(GENESIS_HASH, { ...EVENT, hash: "whatever" } as Unhashed)).toBe(
      hashEvent(GENESIS_HASH, EVENT),
    );
  });
});

describe("the chain of an event log", () => {
  const log = Array.from({ length: 5 }, (_, index): Unhashed => ({ ...EVENT, sequence: index + 1 }));
  const hashes = chain(log);

  test.each([
    0, 1, 2, 3, 4,
  ])("breaks from event %i on when that event is changed, and not before", (changed) => {
    const tampered = chain(
      log.with(changed, { ...EVENT, sequence: changed + 1, reason: "Nobody will notice." }),
    );
    expect(tampered.map((hash, index) => hash === hashes[index])).toEqual(
      log.map((_, index) => index < changed),
    );
  });

  test("breaks where an event is dropped", () => {
    expect(chain(log.toSpliced(2, 1)).slice(2)).not.toContain(hashes[3]);
  });

  test("breaks where two events change places", () => {
    const [a, b, ...rest] = log;
    if (!a || !b) throw new Error("The log should have two events");
    expect(chain([b, a, ...rest]).filter((hash) => hashes.includes(hash))).toEqual([]);
  });
});

describe("hashJson", () => {
  test("is equal for equal values, whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hashJson(reversed(value))).toBe(hashJson(value));
      }),
    );
  });

  test.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: null }, {}],
    [
      [1, 2],
      [2, 1],
    ],
    ["1", 1],
    [null, "null"],
    [{ a: { b: 1 } }, { a: { b: [1] } }],
  ])("tells %j from %j", (one, other) => {
    expect(hashJson(one)).not.toBe(hashJson(other));
  });
});

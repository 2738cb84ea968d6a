import { describe, expect, test } from "vitest";
import {
  ConflictError,
  DomainError,
  GuardRejectedError,
  IdempotencyMismatchError,
  NotFoundError,
  QuotaExceededError,
  type Refusal,
  reviveRefusal,
  ValidationError,
} from "../../src/domain/errors.ts";

const REJECTION = {
  rule: "ONE_STAGE_AT_A_TIME",
  message: "A project goes forward one stage at a time.",
  from: "THESIS_DEFINED",
  to: "MVP_BUILT",
  allowed: ["VALIDATED_DIRECTION"],
};

/** Writes a refusal down as an idempotency key's row does, and reads it again. */
function stored(refusal: Refusal): Refusal {
  return reviveRefusal(JSON.parse(JSON.stringify(refusal)));
}

describe("a stored refusal", () => {
  test.each([
    ["with the states", REJECTION],
    ["where no state was asked for", { ...REJECTION, from: null, to: null, allowed: [] }],
  ])("a rejection %s comes back word for word", (_, rejection) => {
    const refusal = new GuardRejectedError(rejection);
    const revived = stored(refusal);
    expect(revived).toBeInstanceOf(GuardRejectedError);
    expect(revived).toHaveProperty("rejection", rejection);
    expect(revived.message).toBe(rejection.message);
    expect(revived.toJSON()).toEqual(refusal.toJSON());
  });

  test.each([
    ["with a version", new ConflictError("The gate was decided already.", "DECIDED", 7)],
    ["without a version", new ConflictError("The gate was decided already.", "DECIDED")],
    ["of version 0", new ConflictError("It changed.", "ACTIVE", 0)],
  ])("a conflict %s comes back word for word", (_, refusal) => {
    const revived = stored(refusal);
    expect(revived).toBeInstanceOf(ConflictError);
    expect(revived).toMatchObject({
      message: refusal.message,
      currentState: refusal.currentState,
      currentVersion: refusal.currentVersion,
    });
    expect(revived.toJSON()).toEqual(refusal.toJSON());
  });
});

describe("what a client is told", () => {
  test.each([
    { error: new NotFoundError("There is no such project."), kind: "NotFound", rest: {} },
    { error: new GuardRejectedError(REJECTION), kind: "GuardRejected", rest: REJECTION },
    {
      error: new ConflictError("Somebody was faster.", "DECIDED"),
      kind: "Conflict",
      rest: { currentState: "DECIDED", currentVersion: null },
    },
    {
      error: new QuotaExceededError("Five projects at most.", 5, 4),
      kind: "QuotaExceeded",
      rest: { limit: 5, used: 4 },
    },
    { error: new IdempotencyMismatchError(), kind: "IdempotencyMismatch", rest: {} },
    {
      error: new ValidationError([{ path: "name", message: "must not be empty" }]),
      kind: "Validation",
      rest: { issues: [{ path: "name", message: "must not be empty" }] },
    },
  ])("$kind says what it is, in words, with what it takes to act on it", ({ error, kind, rest }) => {
    expect(error).toBeInstanceOf(DomainError);
    expect(error.message).not.toBe("");
    expect(JSON.parse(JSON.stringify(error))).toEqual({ kind, message: error.message, ...rest });
  });

  test("names every issue of an input with its place, and an issue of the whole input without one", () => {
    const error = new ValidationError([
      { path: "milestone.weight", message: "must be at most 1000" },
      { path: "", message: "must name a stage" },
    ]);
    expect(error.message).toBe("milestone.weight: must be at most 1000; must name a stage");
  });
});

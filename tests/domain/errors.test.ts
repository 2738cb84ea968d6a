import { describe, expect, test } from "vitest";
import { PLANS } from "../../src/domain/account/plan.ts";
import {
  ConflictError,
  DomainError,
  EditsWouldBeLostError,
  GuardRejectedError,
  type GuardRejection,
  IdempotencyMismatchError,
  LockedTierError,
  NotFoundError,
  QuotaExceededError,
  type Refusal,
  reviveRefusal,
  ValidationError,
} from "../../src/domain/errors.ts";

const REJECTION: GuardRejection = {
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

  test("that edits would be lost comes back word for word, with its sections", () => {
    const refusal = new EditsWouldBeLostError([
      { type: "BRIEF", section: "targetUser" },
      { type: "RISK_LOG", section: "marketRisks" },
    ]);
    const revived = stored(refusal);
    expect(revived).toBeInstanceOf(EditsWouldBeLostError);
    expect(revived).toHaveProperty("sections", refusal.sections);
    expect(revived.message).toBe(refusal.message);
    expect(revived.message).toContain("BRIEF.targetUser, RISK_LOG.marketRisks");
    expect(revived.toJSON()).toEqual(refusal.toJSON());
  });

  test.each(PLANS)("of a section that %s opens comes back word for word", (plan) => {
    const refusal = new LockedTierError("marketAnalysis", plan);
    const revived = stored(refusal);
    expect(revived).toBeInstanceOf(LockedTierError);
    expect(revived).toMatchObject({ section: "marketAnalysis", requiredTier: plan });
    expect(revived.message).toBe(refusal.message);
    expect(revived.message).toMatch(new RegExp(`"marketAnalysis".*${plan}`));
    expect(revived.toJSON()).toEqual(refusal.toJSON());
  });
});

describe("a failure that a client can act on", () => {
  test.each([
    new NotFoundError("There is no such project."),
    new GuardRejectedError(REJECTION),
    new ConflictError("Somebody was faster.", "DECIDED"),
    new EditsWouldBeLostError([{ type: "BRIEF", section: "targetUser" }]),
    new LockedTierError("marketAnalysis", "PARTNER"),
    new QuotaExceededError("Five projects at most.", 5, 4),
    new IdempotencyMismatchError(),
    new ValidationError([{ path: "name", message: "must not be empty" }]),
  ])("says in words what it is: %s", (error) => {
    expect(error).toBeInstanceOf(DomainError);
    expect(error.message).not.toBe("");
  });

  test("names every issue of an input with its place, and an issue of the whole input without one", () => {
    const error = new ValidationError([
      { path: "milestone.weight", message: "must be at most 1000" },
      { path: "", message: "must name a stage" },
    ]);
    expect(error.message).toBe("milestone.weight: must be at most 1000; must name a stage");
  });
});

import { expect, test } from "vitest";
import { ConflictError } from "../../../src/domain/errors.ts";
import { refusedByConflict, withReason } from "../../../src/services/command/locked.ts";

test("a conflict with a reason says all that it said without one", () => {
  const conflict = new ConflictError(
    "It is in progress.",
    "IN_PROGRESS",
    2,
    null,
    "0190a5d0-0000-7000-8000-000000000001",
  );
  const about = { subject: "RUN", subjectId: "0190a5d0-0000-7000-8000-000000000002" } as const;
  const { refusal } = withReason(refusedByConflict(conflict, about), "It was moved.");
  expect(refusal.toJSON()).toEqual({ ...conflict.toJSON(), message: "It is in progress. It was moved." });
});

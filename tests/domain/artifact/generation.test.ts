import { describe, expect, test } from "vitest";
import {
  type ExistingArtifact,
  GENERATION_FAILURES,
  planGeneration,
} from "../../../src/domain/artifact/generation.ts";
import { ARTIFACT_TYPES, type ArtifactType, upstreamOf } from "../../../src/domain/artifact/type.ts";
import { CALL_FAILURES } from "../../../src/llm/runner.ts";
import { everyCombination } from "../support.ts";

type State = Omit<ExistingArtifact, "type">;

/** Every state that a document can be in, and whether it is written without being asked for by name. */
const STATES = {
  none: { row: null, isDue: true },
  neverWritten: { row: { status: "IDLE", isWritten: false, editedSections: [] }, isDue: true },
  failedAtFirst: { row: { status: "FAILED", isWritten: false, editedSections: [] }, isDue: true },
  failed: { row: { status: "FAILED", isWritten: true, editedSections: [] }, isDue: true },
  failedOverEdits: { row: { status: "FAILED", isWritten: true, editedSections: ["a", "b"] }, isDue: true },
  written: { row: { status: "IDLE", isWritten: true, editedSections: [] }, isDue: false },
  edited: { row: { status: "IDLE", isWritten: true, editedSections: ["c"] }, isDue: false },
  generatingAtFirst: { row: { status: "GENERATING", isWritten: false, editedSections: [] }, isDue: true },
  generating: { row: { status: "GENERATING", isWritten: true, editedSections: [] }, isDue: false },
} as const satisfies Record<string, { row: State | null; isDue: boolean }>;
type StateName = keyof typeof STATES;
const STATE_NAMES = Object.keys(STATES) as StateName[];

type Documents = Readonly<Record<ArtifactType, StateName>>;

function existingIn(documents: Documents): ExistingArtifact[] {
  return ARTIFACT_TYPES.flatMap((type) => {
    const { row } = STATES[documents[type]];
    return row === null ? [] : [{ type, ...row }];
  });
}

const all = (state: StateName): Documents => ({
  BRIEF: state,
  MVP_SCOPE: state,
  MILESTONES: state,
  RISK_LOG: state,
  HOW_IT_WORKS: state,
});

const isRunning = (state: StateName) => STATES[state].row?.status === "GENERATING";
const editsIn = (state: StateName): readonly string[] => STATES[state].row?.editedSections ?? [];

describe("planGeneration", () => {
  test("decides alike over every combination of the documents' states, what is asked for and force", () => {
    const asked = [null, [], ...ARTIFACT_TYPES.map((type) => [type]), ["HOW_IT_WORKS", "BRIEF"]] as const;
    const few = ["none", "failed", "failedOverEdits", "written", "edited", "generating"] as const;
    const combinations = everyCombination({
      BRIEF: STATE_NAMES,
      MVP_SCOPE: few,
      MILESTONES: few,
      RISK_LOG: few,
      HOW_IT_WORKS: few,
    });
    const verdicts = { WRITE: 0, RUNNING: 0, COMPLETE: 0, EDITED: 0, UPSTREAM_MISSING: 0 };
    for (const documents of combinations) {
      const existing = existingIn(documents);
      for (const wanted of asked) {
        for (const force of [false, true]) {
          const plan = planGeneration(existing, wanted, force);
          verdicts[plan.verdict] += 1;
          // Compared as text: half a million structural comparisons take a minute.
          const found = JSON.stringify(plan);
          if (found === JSON.stringify(expectedPlan(documents, wanted, force))) continue;
          expect({ documents, wanted, force, plan }).toEqual(expectedPlan(documents, wanted, force));
        }
      }
    }
    expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(100);
  });

  /** The rules, one after the other. */
  function expectedPlan(documents: Documents, asked: readonly ArtifactType[] | null, force: boolean) {
    const running = ARTIFACT_TYPES.filter((type) => isRunning(documents[type]));
    if (running.length > 0) return { verdict: "RUNNING", types: running };
    const isWanted = (type: ArtifactType) =>
      asked?.includes(type) ?? (force || STATES[documents[type]].isDue);
    const types = ARTIFACT_TYPES.filter(isWanted);
    const sections = types.flatMap((type) => editsIn(documents[type]).map((section) => ({ type, section })));
    if (types.length === 0) return { verdict: "COMPLETE" };
    const missing = ARTIFACT_TYPES.filter(
      (type) =>
        !types.includes(type) &&
        !STATES[documents[type]].row?.isWritten &&
        types.some((wanted) => upstreamOf(wanted).includes(type)),
    );
    if (missing.length > 0) return { verdict: "UPSTREAM_MISSING", missing };
    if (sections.length > 0 && !force) return { verdict: "EDITED", sections };
    return { verdict: "WRITE", types };
  }

  test.each<{ state: StateName; plain: string; forced: string; byName: string }>([
    { state: "none", plain: "WRITE", forced: "WRITE", byName: "UPSTREAM_MISSING" },
    { state: "neverWritten", plain: "WRITE", forced: "WRITE", byName: "UPSTREAM_MISSING" },
    { state: "failedAtFirst", plain: "WRITE", forced: "WRITE", byName: "UPSTREAM_MISSING" },
    { state: "failed", plain: "WRITE", forced: "WRITE", byName: "WRITE" },
    { state: "failedOverEdits", plain: "EDITED", forced: "WRITE", byName: "EDITED" },
    { state: "written", plain: "COMPLETE", forced: "WRITE", byName: "WRITE" },
    { state: "edited", plain: "COMPLETE", forced: "WRITE", byName: "EDITED" },
    { state: "generatingAtFirst", plain: "RUNNING", forced: "RUNNING", byName: "RUNNING" },
    { state: "generating", plain: "RUNNING", forced: "RUNNING", byName: "RUNNING" },
  ])("says $plain when all are $state, $forced by force, $byName by name", ({ state, ...expected }) => {
    const existing = existingIn(all(state));
    expect({
      plain: planGeneration(existing, null, false).verdict,
      forced: planGeneration(existing, null, true).verdict,
      byName: planGeneration(existing, ["MILESTONES"], false).verdict,
    }).toEqual(expected);
  });

  test("writes only what is missing or failed, in the chain's order whatever the order of the rows", () => {
    const documents: Documents = { ...all("written"), MVP_SCOPE: "failed", HOW_IT_WORKS: "none" };
    const plan = { verdict: "WRITE", types: ["MVP_SCOPE", "HOW_IT_WORKS"] };
    expect(planGeneration(existingIn(documents), null, false)).toEqual(plan);
    expect(planGeneration(existingIn(documents).toReversed(), null, false)).toEqual(plan);
  });

  test("is not held up by edits of documents that are not to be written", () => {
    const documents: Documents = { ...all("edited"), RISK_LOG: "failed" };
    expect(planGeneration(existingIn(documents), null, false)).toEqual({
      verdict: "WRITE",
      types: ["RISK_LOG"],
    });
  });

  test("names every section that would lose edits, document by document", () => {
    const documents: Documents = { ...all("written"), RISK_LOG: "failedOverEdits", BRIEF: "edited" };
    expect(planGeneration(existingIn(documents), ["RISK_LOG", "BRIEF"], false)).toEqual({
      verdict: "EDITED",
      sections: [
        { type: "BRIEF", section: "c" },
        { type: "RISK_LOG", section: "a" },
        { type: "RISK_LOG", section: "b" },
      ],
    });
  });

  test("writes by force over edits only what is asked for", () => {
    expect(planGeneration(existingIn(all("edited")), ["MILESTONES"], true)).toEqual({
      verdict: "WRITE",
      types: ["MILESTONES"],
    });
  });
});

describe("the reasons of failure", () => {
  test("are said in words, each in its own", () => {
    const messages = Object.values(GENERATION_FAILURES);
    expect(new Set(messages).size).toBe(messages.length);
    for (const message of messages) expect(message).toMatch(/^[A-Z].{10,}\.$/);
  });

  test("hold every kind of failure that a call to a model can have", () => {
    expect(Object.keys(GENERATION_FAILURES)).toEqual(expect.arrayContaining([...CALL_FAILURES]));
  });
});

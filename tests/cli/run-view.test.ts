import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import type { WatchedEvent } from "../../src/cli/client/event.ts";
import { truncate } from "../../src/cli/client/printable.ts";
import { eventLine } from "../../src/cli/watch/event-line.ts";
import type { WatchedWorkstream } from "../../src/cli/watch/operations.ts";
import { progress } from "../../src/cli/watch/progress.ts";
import { runView } from "../../src/cli/watch/run-view.ts";
import { plainLine } from "../../src/domain/plain-line.ts";
import { WORKSTREAM_STATES } from "../../src/domain/run/state.ts";

const STEPS = ["edit", "static", "fix", "runtime"];

function workstream(status: string, more: Partial<WatchedWorkstream> = {}): WatchedWorkstream {
  const nothing = { blockedBy: null, steps: [], leaseHolder: null, dependsOn: [], replacedBy: null };
  return { key: status.toLowerCase(), status, ...nothing, attempts: { nodes: [] }, ...more };
}

const tried = (step: string, status: string) => ({ steps: STEPS, attempts: { nodes: [{ step, status }] } });

describe("the progress of a workstream", () => {
  test.each([
    ["what nobody has begun", workstream("READY"), 0],
    ["what is edited, without planned steps", workstream("EDITING"), 0.2],
    ["what is in its last check, without planned steps", workstream("RUNTIME_CHECK"), 0.8],
    ["what is at its second step of four", workstream("EDITING", tried("static", "IN_PROGRESS")), 0.25],
    ["what has failed at its second step", workstream("FAILED", tried("static", "FAILURE")), 0.25],
    ["what has taken its second step", workstream("FIXING", tried("static", "SUCCESS")), 0.5],
    ["what skipped its third", workstream("FIXING", tried("fix", "SKIPPED")), 0.75],
    ["what does a step that was not planned", workstream("FIXING", tried("lint", "SUCCESS")), 0.6],
    ["what is done, whatever its steps say", workstream("DONE", tried("edit", "FAILURE")), 1],
  ])("%s", (_, of, share) => expect(progress(of)).toBeCloseTo(share));

  test("is whole only when it is DONE, also after the last planned step", () => {
    for (const { name } of WORKSTREAM_STATES) {
      const share = progress(workstream(name, tried("runtime", "SUCCESS")));
      expect(share === 1).toBe(name === "DONE");
    }
  });
});

describe("the view of a run", () => {
  const all = WORKSTREAM_STATES.map(({ name }) =>
    workstream(name, { dependsOn: [{ key: "another-workstream-with-a-long-name", status: "READY" }] }),
  );
  const run = {
    id: "run_1",
    title: "在庫 \u001b[31mcounts\u001b[0m for every shop in town",
    status: "RUNNING",
    workstreams: all,
  };
  const view = (columns: number, rows: number) =>
    runView(run, { columns, rows }).map((line) => stripVTControlCharacters(line));

  test.each([20, 40, 60, 80, 120, 200])("fits %d columns", (columns) => {
    for (const line of view(columns, 50)) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  test("shows every workstream where there is room for them", () => {
    const lines = view(120, 50);
    expect(lines[0]).toBe("在庫 counts for every shop in town  RUNNING  1 of 10 done");
    expect(lines.slice(1).map((line) => line.trim().split(" ")[0])).toEqual(all.map(({ key }) => key));
  });

  test("shows first what is worked on where there is none, and counts the rest", () => {
    const lines = view(120, 10);
    const shown = lines.slice(1, -1).map((line) => line.trim().split(" ")[0]);
    expect(shown).toEqual(["editing", "static_check", "fixing", "runtime_check", "failed"]);
    expect(lines.at(-1)).toMatch(/^ {2}and 5 more: 1 PENDING, 1 READY/);
  });
});

describe("text from elsewhere", () => {
  test("cannot steer the terminal", () => {
    expect(plainLine("a\u001b[2J\u001b]0;title\u0007b\r\nc\u202Ed\u009b1m")).toBe("ab c d");
  });

  test("is cut to columns, not to characters, and never within one", () => {
    expect(truncate("在庫管理", 8)).toBe("在庫管理");
    expect(truncate("在庫管理", 6)).toBe("在庫…");
    expect(truncate("👩‍👩‍👧 family", 4)).toBe("👩‍👩‍👧 …");
    expect(truncate("anything", 0)).toBe("");
  });
});

describe("the line of an event", () => {
  const event: WatchedEvent = {
    id: "event_1",
    sequence: 7,
    cursor: "",
    subject: "RUN",
    type: "error_recorded",
    actor: "AGENT",
    reason: "It does\nnot compile",
    detail: { key: "api", step: "static", errorCode: "TSC", count: 3 },
    createdAt: "2026-01-05T09:00:00.000Z",
    fromState: null,
    toState: null,
    workstream: { id: "workstream_1", key: "api", title: "API", status: "STATIC_CHECK" },
  };
  const line = (more: Partial<WatchedEvent>) =>
    stripVTControlCharacters(eventLine({ ...event, ...more }, false));

  test("says when, where in the log, what, and by whom", () => {
    expect(line({})).toBe(
      "2026-01-05T09:00:00.000Z    #7 error_recorded        api static TSC 3 times: It does not compile (AGENT)",
    );
    expect(
      line({
        type: "workstream_transition",
        fromState: "EDITING",
        toState: "FIXING",
        reason: null,
        detail: {},
      }),
    ).toMatch(/ api EDITING → FIXING \(AGENT\)$/);
  });
});

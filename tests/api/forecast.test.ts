import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { GuardRule } from "../generated/graphql.ts";
import { useApp } from "../support/app.ts";
import { forecastsOf, giveAll } from "./support/forecast.ts";
import { Founder } from "./support/founder.ts";
import { LogEnd } from "./support/queries.ts";
import { begin, type State, starts, steps, take } from "./support/walk.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

/** What the walks have come across, so that the property cannot hold for want of anything to hold for. */
const seen = { granted: new Set<string>(), rules: new Set<string>() };

test("what a project and its gates foretell is what the commands then do, in every state that is reached", async () => {
  await fc.assert(
    fc.asyncProperty(starts, steps, async (start, walk) => {
      const projectId = await begin(founder, start);
      let state = await founder.snapshot(projectId);
      for (const step of walk) {
        expectStanding(state);
        await expectRefusalsAsForetold(state);
        if (step.kind === "follow") await expectGrantedAsForetold(state, step.pick);
        else await take(founder, state, step);
        state = await founder.snapshot(projectId);
      }
      expectStanding(state);
      const { count, verification } = await founder.log(projectId);
      expect(verification).toEqual({ ok: true, checked: count, fault: null });
    }),
    { numRuns: 50, seed: 20260105, endOnFailure: true },
  );
}, 120_000);

test("the walks have met every rule and every kind of move and decision", () => {
  const granted = ["decide:NARROW", "decide:PARK", "decide:PIVOT", "decide:PROCEED"];
  granted.push("move:MVP_BUILT", "move:THESIS_DEFINED", "move:VALIDATED_DIRECTION");
  expect([...seen.granted]).toEqual(expect.arrayContaining(granted));
  expect([...seen.rules].sort()).toEqual([
    "ARCHIVED",
    "BLOCKING_RISK",
    "GATE_PENDING",
    "ONE_STAGE_AT_A_TIME",
    "PARKED",
    "PIVOT_BEFORE_FIRST_STAGE",
    "PRE_STAGE_REENTRY",
    "PROCEED_REQUIRED",
    "SAME_STAGE",
    "STAGE_LOCKED",
  ]);
});

/** What is true of a project in any state. */
function expectStanding(state: State): void {
  const pending = state.gates.nodes.filter(({ status }) => status === "PENDING");
  for (const gate of pending) expect(gate.stage).toBe(state.stage);
  const sums = state.stages.map(({ milestones, progressPercent }) => {
    const total = milestones.reduce((sum, { weight }) => sum + weight, 0);
    const done = milestones.reduce((sum, { weight, completed }) => sum + (completed ? weight : 0), 0);
    expect(progressPercent).toBe(total === 0 ? 0 : Math.floor((100 * done) / total));
    return { total, weighted: progressPercent * total };
  });
  const total = sums.reduce((sum, stage) => sum + stage.total, 0);
  const weighted = sums.reduce((sum, stage) => sum + stage.weighted, 0);
  expect(state.progressPercent).toBe(total === 0 ? 0 : Math.floor(weighted / total));
  for (const { allowed, rules } of forecastsOf(state)) expect(allowed).toBe(rules.length === 0);
}

/** Tries everything that the state says is closed. */
async function expectRefusalsAsForetold(state: State): Promise<void> {
  const closed = forecastsOf(state).filter(({ allowed }) => !allowed);
  if (closed.length === 0) return;
  const rules = closed.map((forecast) => forecast.rules[0] as GuardRule);
  const before = await founder.read(LogEnd, { id: state.id, last: 1 });
  const results = await giveAll(app.url, closed);
  expect(results).toEqual(rules.map((rule) => ({ __typename: "GuardRejectedError", rule })));
  for (const rule of rules) seen.rules.add(rule);
  expect(await founder.snapshot(state.id)).toEqual(state);
  const { project } = await founder.read(LogEnd, { id: state.id, last: closed.length });
  expect(project?.events).toMatchObject({
    totalCount: (before.project?.events.totalCount ?? 0) + closed.length,
    nodes: rules.map((rule) => ({ type: "transition_rejected", detail: { rule } })),
  });
}

/** Does one of the things that the state says are open. */
async function expectGrantedAsForetold(state: State, pick: number): Promise<void> {
  const open = forecastsOf(state).filter(({ allowed }) => allowed);
  const forecast = open[pick % open.length];
  if (!forecast) return;
  expect(await giveAll(app.url, [forecast])).toEqual([
    { __typename: expect.stringMatching(/^(TransitionStage|DecideGate)Success$/) },
  ]);
  seen.granted.add(forecast.name);
}

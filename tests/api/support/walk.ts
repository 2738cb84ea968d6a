import fc from "fast-check";
import type { ProjectStatus, Stage } from "../../generated/graphql.ts";
import * as commands from "./commands.ts";
import { type Founder, JOURNEY } from "./founder.ts";

export type State = Awaited<ReturnType<Founder["snapshot"]>>;

export const STAGES = [
  "PRE_STAGE",
  "THESIS_DEFINED",
  "VALIDATED_DIRECTION",
  "MVP_BUILT",
  "FEEDBACK_LOOP_ACTIVE",
  "SCALE_AND_OPTIMIZE",
] as const satisfies readonly Stage[];

/** A step of a random walk. `pick` chooses among what the state then offers; to follow is to do what it says is open. */
export type Step =
  | { readonly kind: "open" | "pass" | "archive" }
  | { readonly kind: "park"; readonly status: ProjectStatus }
  | { readonly kind: "follow"; readonly pick: number }
  | { readonly kind: "raise"; readonly stage: Stage; readonly blocking: boolean }
  | { readonly kind: "dismiss"; readonly pick: number }
  | { readonly kind: "toggle" | "remove"; readonly stage: Stage; readonly pick: number }
  | { readonly kind: "weigh"; readonly stage: Stage; readonly pick: number; readonly weight: number };

/** Where a walk begins: in a stage, perhaps one step back from where it had come, with gates that wait and a risk. */
export const starts = fc.record({
  stage: fc.constantFrom(...JOURNEY),
  back: fc.boolean(),
  gates: fc.nat(2),
  risk: fc.boolean(),
});
export type Start = typeof starts extends fc.Arbitrary<infer Value> ? Value : never;

const stage = fc.constantFrom(...STAGES);
const nearStage = fc.constantFrom(...STAGES.slice(1, 4));
const pick = fc.nat(5);

export const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>({ kind: "open" }) },
    { weight: 3, arbitrary: fc.constant<Step>({ kind: "pass" }) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: "archive" }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("park" as const),
        status: fc.constantFrom("ACTIVE" as const, "PARKED" as const),
      }),
    },
    {
      weight: 24,
      arbitrary: fc.record({ kind: fc.constant("follow" as const), pick: fc.noBias(fc.nat(59)) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("raise" as const), stage: nearStage, blocking: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("dismiss" as const), pick }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom("toggle" as const, "remove" as const), stage, pick }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("weigh" as const), stage, pick, weight: fc.nat(1000) }),
    },
  ),
  { minLength: 1, maxLength: 4, size: "max" },
);

/** A new project that stands where the walk begins. */
export async function begin(founder: Founder, { stage, back, gates, risk }: Start): Promise<string> {
  const projectId = await founder.projectIn(stage);
  const before = JOURNEY[JOURNEY.indexOf(stage) - 1];
  if (back && before && before !== "PRE_STAGE") {
    await founder.succeed(commands.TransitionStage, { projectId, to: before });
  }
  if (risk && stage !== "PRE_STAGE") await founder.raiseRisk(projectId, stage);
  for (let count = 0; count < gates; count += 1) await founder.openGate(projectId);
  return projectId;
}

/** Takes a step that no forecast speaks of; where the state has nothing to take it with, nothing happens. */
export async function take(
  founder: Founder,
  state: State,
  step: Exclude<Step, { kind: "follow" }>,
): Promise<unknown> {
  const { id: projectId } = state;
  switch (step.kind) {
    case "open":
      return founder.run(commands.OpenGate, { projectId });
    case "pass": {
      const opened = await founder.run(commands.OpenGate, { projectId });
      return "gate" in opened ? founder.decide(opened.gate.id, "PROCEED") : opened;
    }
    case "archive":
      return founder.run(commands.ArchiveProject, { projectId });
    case "park":
      return step.status === "PARKED"
        ? founder.run(commands.ParkProject, { projectId })
        : founder.run(commands.UnparkProject, { projectId });
    case "raise": {
      const { stage, blocking } = step;
      const input = { projectId, stage, blocking, type: "market", message: "Nobody wants it." };
      return founder.run(commands.RaiseRisk, input);
    }
    case "dismiss": {
      const risk = chosen(
        state.stages.flatMap(({ risks }) => risks),
        step.pick,
      );
      return risk ? founder.run(commands.DismissRisk, { projectId, risk: { riskId: risk.id } }) : null;
    }
    case "toggle": {
      const milestone = milestoneOf(state, step);
      if (!milestone) return null;
      const input = { projectId, stage: step.stage, key: milestone.key };
      return milestone.completed
        ? founder.run(commands.ReopenMilestone, input)
        : founder.run(commands.CompleteMilestone, input);
    }
    case "remove": {
      const milestone = milestoneOf(state, step);
      if (!milestone) return null;
      return founder.run(commands.RemoveMilestone, { projectId, stage: step.stage, key: milestone.key });
    }
    case "weigh": {
      const key = milestoneOf(state, step)?.key ?? "own";
      const { stage, weight } = step;
      return founder.run(commands.SetMilestone, { projectId, stage, key, weight });
    }
  }
}

/** The item that a pick names; one past the end is none. */
function chosen<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

function milestoneOf(state: State, { stage, pick }: { stage: Stage; pick: number }) {
  const milestones = state.stages.find((setup) => setup.stage === stage)?.milestones ?? [];
  return milestones[pick % (milestones.length + 1)];
}

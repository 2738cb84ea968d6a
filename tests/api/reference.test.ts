import { expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);

const Reference = graphql(/* GraphQL */ `
  query Reference {
    stageMachine {
      states {
        stage
        number
        title
        meaning
        locked
      }
      transitions {
        from
        to
        kind
      }
      mermaid
    }
    planTiers {
      plan
      name
      description
      maxProjects
      tokensPerDay
      maxModels
    }
  }
`);

test("the stage machine tells its states and every move", async () => {
  const { stageMachine } = await founder.read(Reference, {});
  expect(stageMachine.states.map(({ stage, number, locked }) => [number, stage, locked])).toEqual([
    [0, "PRE_STAGE", false],
    [1, "THESIS_DEFINED", false],
    [2, "VALIDATED_DIRECTION", false],
    [3, "MVP_BUILT", false],
    [4, "FEEDBACK_LOOP_ACTIVE", false],
    [5, "SCALE_AND_OPTIMIZE", true],
  ]);
  const moves = stageMachine.transitions.map(({ from, to, kind }) => `${from} ${kind} ${to}`);
  expect(moves.filter((move) => move.includes("FORWARD"))).toHaveLength(4);
  expect(moves.filter((move) => move.includes("BACKWARD"))).toHaveLength(10);
  expect(stageMachine.mermaid).toMatch(/^stateDiagram-v2\n/);
  for (const { from, to } of stageMachine.transitions)
    expect(stageMachine.mermaid).toContain(`${from} --> ${to}`);
});

test("the plans come cheapest first", async () => {
  const { planTiers } = await founder.read(Reference, {});
  expect(
    planTiers.map(({ plan, maxProjects, tokensPerDay, maxModels }) => [
      plan,
      maxProjects,
      tokensPerDay,
      maxModels,
    ]),
  ).toEqual([
    ["BOOTSTRAPPER", 5, 500_000, 2],
    ["PARTNER", 25, 2_000_000, 4],
    ["CTO_SCALE", 1_000, 10_000_000, 10],
  ]);
});

test("the viewer without authentication is a developer on the smallest plan, who may set plans", async () => {
  const { viewer } = await founder.read(Viewer, {});
  expect(viewer).toMatchObject({
    isAdmin: true,
    planTier: { plan: "BOOTSTRAPPER" },
    projects: { totalCount: 0, nodes: [] },
    createdAt: app.clock.now().toISOString(),
  });
});

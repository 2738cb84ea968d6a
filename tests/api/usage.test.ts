import { expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { SetPlanTier } from "./support/commands.ts";
import { GenerateArtifacts, pick, RegenerateArtifact, settled, writeDocuments } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { useTokens } from "./support/rows.ts";

const runner = new ScriptedRunner();
const app = useApp({ runner });
const founder = new Founder(app);

const Usage = graphql(/* GraphQL */ `
  query Usage {
    viewer {
      id
      usage {
        since
        tokensPerDay
        tokensUsed
        tokensReserved
        costMicrodollars
        models {
          model
          calls
          failedCalls
          inputTokens
          outputTokens
          costMicrodollars
        }
      }
    }
  }
`);

async function usage() {
  const { viewer } = await founder.read(Usage, {});
  if (!viewer.usage) throw new Error("The viewer sees their own usage.");
  return { ...viewer.usage, userId: viewer.id };
}

test("every call is counted, by model and in sum, reserved while it runs", async () => {
  expect(await usage()).toMatchObject({
    since: "2026-01-05T00:00:00.000Z",
    tokensPerDay: 500_000,
    tokensUsed: 0,
    models: [],
  });
  const projectId = await founder.project();
  await writeDocuments(founder, projectId);
  const { tokensUsed, tokensReserved, models, costMicrodollars } = await usage();
  expect(models).toHaveLength(1);
  expect(models[0]).toMatchObject({ calls: 5, failedCalls: 0, costMicrodollars: 0 });
  expect(tokensUsed).toBe((models[0]?.inputTokens ?? 0) + (models[0]?.outputTokens ?? 0));
  expect(tokensUsed).toBeGreaterThan(500);
  expect([tokensReserved, costMicrodollars]).toEqual([0, 0]);
});

test("past the day's tokens nothing is begun, and what has been begun fails with that reason", async () => {
  const { userId, tokensPerDay, tokensUsed } = await usage();
  const projectId = await founder.project();
  const { id: artifactId } = pick(await writeDocuments(founder, projectId), "RISK_LOG");
  await useTokens(app, userId, tokensPerDay - (await usage()).tokensUsed - 1);
  expect(tokensUsed).toBeLessThan(tokensPerDay);
  await founder.succeed(RegenerateArtifact, { artifactId });
  const failed = pick(await settled(founder, projectId), "RISK_LOG");
  expect(failed).toMatchObject({ generationStatus: "FAILED", versionNumber: 1 });
  expect(failed.failure?.reason).toBe("QUOTA_EXCEEDED");
  await useTokens(app, userId, 1);
  expect(await founder.run(RegenerateArtifact, { artifactId })).toMatchObject({
    __typename: "QuotaExceededError",
    limit: tokensPerDay,
    used: tokensPerDay,
  });
  expect(await founder.run(GenerateArtifacts, { projectId, force: true })).toMatchObject({
    __typename: "QuotaExceededError",
  });
  const { project } = await founder.read(Risks, { id: projectId });
  expect(project?.systemRisks).toMatchObject([{ kind: "TOKEN_BUDGET" }]);
  await founder.succeed(SetPlanTier, { userId, plan: "PARTNER" });
  await founder.succeed(RegenerateArtifact, { artifactId });
  expect(pick(await settled(founder, projectId), "RISK_LOG")).toMatchObject({ versionNumber: 2 });
});

const Risks = graphql(/* GraphQL */ `
  query BudgetRisk($id: ID!) {
    project(id: $id) {
      systemRisks {
        kind
      }
    }
  }
`);

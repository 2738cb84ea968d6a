import { expect, test, vi } from "vitest";
import { documentsOf, GenerateArtifacts, pick, settled } from "../api/support/documents.ts";
import { Founder } from "../api/support/founder.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

test("documents whose server is killed in the middle are finished by the next one, which repeats none", async () => {
  const env = { PIPELINE_DB_PATH: migratedPlace(), SEED_DEMO: "false" };
  const first = startServer({ ...env, OFFLINE_SCENARIO: "slow" });
  const founder = new Founder(await first.ready());
  const projectId = await founder.project();
  await founder.succeed(GenerateArtifacts, { projectId });
  await expect
    .poll(async () => (await documentsOf(founder, projectId)).artifactGeneration.completed, {
      timeout: STARTS_TIMEOUT_MS,
    })
    .toBe(1);
  const brief = pick(await documentsOf(founder, projectId), "BRIEF");
  await first.end("SIGKILL");

  const later = new Founder(await startServer(env).ready());
  const project = await settled(later, projectId);
  expect(project.artifactGeneration).toMatchObject({ status: "COMPLETED", completed: 5, total: 5 });
  expect(pick(project, "BRIEF")).toEqual(brief);
  const { events, verification } = await later.log(projectId);
  const written = events.filter(({ type }) => type === "artifact_generated");
  expect(written.map(({ detail }) => detail)).toMatchObject([
    { type: "BRIEF", attempt: 1 },
    { type: "MVP_SCOPE", attempt: 2 },
    { type: "MILESTONES", attempt: 1 },
    { type: "RISK_LOG", attempt: 1 },
    { type: "HOW_IT_WORKS", attempt: 1 },
  ]);
  expect(verification).toMatchObject({ ok: true });
});

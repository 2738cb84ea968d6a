import type { Random } from "../../support/random.ts";
import type { Client } from "./client.ts";

const STAGE_1 = "THESIS_DEFINED";
const WORKSTREAMS = [{ key: "a" }, { key: "b", dependsOn: ["a"] }, { key: "c", dependsOn: ["a"] }] as const;
/** Longer than any run of the load: a lease must not end in it. */
const LEASE_SECONDS = 3_600;

/** One project from its creation to its last run: a little of everything, in an order that chance decides. */
export async function liveProject(client: Client, random: Random, sharedProjectId: string): Promise<void> {
  const { project } = await client.give("createProject", null, { name: `Of ${client.name}` });
  const projectId = project?.id ?? "";
  const give = (command: Parameters<Client["give"]>[0], input: object) =>
    client.give(command, projectId, { ...input });

  const completed = new Set<string>();

  if (random.chance(0.4)) await give("generateArtifacts", { projectId });
  if (random.chance(0.3)) {
    const type = random.pick(["OPEN", "DISCUSS"]);
    await give("startDiscussion", { projectId, question: "What comes first?", type });
  }
  for (let advanced = 0; advanced < 2; advanced += 1) {
    await milestones();
    const { gate } = await give("openGate", { projectId });
    await give("decideGate", { gateId: gate?.id, decision: "PROCEED", reason: "It holds." });
    // All clients write this one, so that they wait for each other's locks.
    await client.give("updateProject", sharedProjectId, {
      projectId: sharedProjectId,
      name: `${client.name} ${random.below(1e9)}`,
    });
  }
  if (random.chance(0.5)) await give("transitionStage", { projectId, to: STAGE_1, reason: "Back." });
  await work();

  async function milestones(): Promise<void> {
    const key = `m${random.below(3)}`;
    const about = { projectId, stage: STAGE_1, key };
    await give("setMilestone", { ...about, title: `${random.below(1e9)}`, weight: 1 + random.below(9) });
    if (completed.has(key)) await give("reopenMilestone", about);
    await give("completeMilestone", about);
    completed.add(key);
  }

  async function work(): Promise<void> {
    const { run } = await give("createRun", { projectId, title: "A run", workstreams: WORKSTREAMS });
    if (random.chance(0.5)) await give("transitionRun", { runId: run?.id, to: "RUNNING" });
    for (const _ of WORKSTREAMS) {
      const claim = { runId: run?.id, agent: client.name, leaseSeconds: LEASE_SECONDS };
      const { workstream, leaseToken } = await give("claimWorkstream", claim);
      const held = { workstreamId: workstream?.id, leaseToken };
      const { attempt } = await give("startStep", { ...held, step: "edit" });
      await give("completeStep", { leaseToken, attemptId: attempt?.id, status: "SUCCESS" });
      for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"]) {
        await give("transitionWorkstream", { ...held, to });
      }
    }
  }
}

import { CreateApiKey, InviteMember } from "./account-commands.ts";
import { Agent, createRun, type Held, plan } from "./agent.ts";
import { StartDiscussion, SummarizeConsensus, untilQuiet } from "./discussions.ts";
import { AnnotateArtifact, pick, writeDocuments } from "./documents.ts";
import { stick } from "./escalations.ts";
import type { Founder } from "./founder.ts";
import { Viewer } from "./queries.ts";
import { RecordError } from "./run-commands.ts";

const stage = "THESIS_DEFINED";

/** One of everything, in one project. */
export interface Everything {
  readonly projectId: string;
  readonly gateId: string;
  readonly riskId: string;
  readonly userId: string;
  readonly artifactId: string;
  readonly annotationId: string;
  readonly discussionId: string;
  readonly runId: string;
  readonly workstreamId: string;
  readonly attemptId: string;
  readonly escalationId: string;
  readonly invitationId: string;
  /** The token of an invitation that nobody has accepted. */
  readonly token: string;
  /** A key that is bound to the project. */
  readonly keyId: string;
  readonly held: Held;
}

/** Makes a project with one of everything in it. */
export async function makeEverything(founder: Founder): Promise<Everything> {
  const projectId = await founder.projectIn(stage);
  const gateId = await founder.openGate(projectId);
  const riskId = await founder.raiseRisk(projectId, stage);
  const question = { projectId, question: "Why?", type: "OPEN" as const };
  const discussionId = (await founder.succeed(StartDiscussion, question)).discussion.id;
  await untilQuiet(founder, discussionId);
  await founder.succeed(SummarizeConsensus, { discussionId });
  await untilQuiet(founder, discussionId);
  const userId = (await founder.read(Viewer, {})).viewer.id;
  const agent = new Agent(founder);
  const runId = await createRun(founder, projectId, plan("a", "b"));
  const { held } = await agent.claim({ runId });
  const attemptId = await agent.startStep(held);
  await founder.succeed(RecordError, { ...held, step: "edit", errorCode: "E0", message: "It stops" });
  const asking = await createRun(founder, projectId, plan("a"));
  const { escalationId } = await stick(founder, agent, asking);
  const artifactId = pick(await writeDocuments(founder, projectId), "MVP_SCOPE").id;
  const note = { artifactId, section: "coreFeatures", note: "All of them?" };
  const annotationId = (await founder.succeed(AnnotateArtifact, note)).annotation?.id ?? "";
  const invited = await founder.succeed(InviteMember, { projectId, role: "VIEWER" });
  const key = { projectId, name: "Robot", scopes: ["READ" as const] };
  const keyId = (await founder.succeed(CreateApiKey, key)).apiKey.id;
  return {
    ...{
      projectId,
      gateId,
      riskId,
      userId,
      artifactId,
      annotationId,
      discussionId,
      runId,
      attemptId,
      escalationId,
    },
    ...{ workstreamId: held.workstreamId, invitationId: invited.invitation.id, token: invited.token ?? "" },
    ...{ keyId, held },
  };
}

/** An input that is right, for each mutation. */
export function goodInputs(
  my: Everything,
  otherUserId: string,
): Record<string, () => Record<string, unknown>> {
  const { held } = my;
  return {
    createProject: () => ({ name: "Ledger" }),
    updateProject: () => ({ projectId: my.projectId, name: "Ledger" }),
    archiveProject: () => ({ projectId: my.projectId }),
    parkProject: () => ({ projectId: my.projectId }),
    unparkProject: () => ({ projectId: my.projectId }),
    transitionStage: () => ({ projectId: my.projectId, to: stage }),
    openGate: () => ({ projectId: my.projectId }),
    decideGate: () => ({ gateId: my.gateId, decision: "NARROW" }),
    completeMilestone: () => ({ projectId: my.projectId, stage, key: "brief_generated" }),
    reopenMilestone: () => ({ projectId: my.projectId, stage, key: "brief_generated" }),
    setMilestone: () => ({ projectId: my.projectId, stage, key: "own", weight: 1 }),
    removeMilestone: () => ({ projectId: my.projectId, stage, key: "own" }),
    setExitCriteria: () => ({ projectId: my.projectId, stage, criteria: ["One"] }),
    raiseRisk: () => ({ projectId: my.projectId, stage, type: "market", message: "Nobody" }),
    dismissRisk: () => ({ projectId: my.projectId, risk: { riskId: my.riskId } }),
    startDiscussion: () => ({ projectId: my.projectId, question: "Why?", type: "DISCUSS" }),
    addRound: () => ({ discussionId: my.discussionId }),
    postMessage: () => ({ discussionId: my.discussionId, content: "Well." }),
    summarizeConsensus: () => ({ discussionId: my.discussionId }),
    completeDiscussion: () => ({ discussionId: my.discussionId }),
    updateProjectSettings: () => ({ projectId: my.projectId, defaultRounds: 2 }),
    createRun: () => ({
      projectId: my.projectId,
      title: "Build",
      workstreams: [{ key: "a", title: "A", dependsOn: [], steps: ["edit"], metadata: {} }],
    }),
    transitionRun: () => ({ runId: my.runId, to: "ABANDONED" }),
    createWorkstream: () => ({ runId: my.runId, key: "new", dependsOn: ["a"], steps: ["edit"] }),
    transitionWorkstream: () => ({ ...held, to: "STATIC_CHECK" }),
    claimWorkstream: () => ({ runId: my.runId, agent: "agent-2" }),
    heartbeatWorkstream: () => ({ ...held }),
    releaseWorkstream: () => ({ ...held }),
    startStep: () => ({ ...held, step: "static" }),
    completeStep: () => ({ attemptId: my.attemptId, leaseToken: held.leaseToken, status: "SUCCESS" }),
    recordError: () => ({ ...held, step: "edit", errorCode: "E1", message: "It broke" }),
    recordRunEvent: () => ({ runId: my.runId, ...held, type: "note" }),
    setPlanTier: () => ({ userId: my.userId, plan: "PARTNER" }),
    generateArtifacts: () => ({ projectId: my.projectId }),
    regenerateArtifact: () => ({ artifactId: my.artifactId }),
    editArtifactSection: () => ({
      artifactId: my.artifactId,
      section: "coreFeatures",
      content: [{ name: "Count", description: "They count.", priority: "HIGH" }],
    }),
    revertArtifact: () => ({ artifactId: my.artifactId }),
    annotateArtifact: () => ({ artifactId: my.artifactId, section: "coreFeatures", note: "All of them?" }),
    removeAnnotation: () => ({ artifactId: my.artifactId, annotationId: my.annotationId }),
    raiseEscalation: () => ({
      ...held,
      problem: "Which database?",
      options: [{ value: "postgres", label: "PostgreSQL" }],
      attempts: ["I read the brief."],
    }),
    resolveEscalation: () => ({ escalationId: my.escalationId, decision: "retry" }),
    skipEscalation: () => ({ escalationId: my.escalationId }),
    inviteMember: () => ({ projectId: my.projectId, role: "EDITOR" }),
    revokeInvitation: () => ({ invitationId: my.invitationId }),
    acceptInvitation: () => ({ token: my.token }),
    changeMemberRole: () => ({ projectId: my.projectId, userId: otherUserId, role: "VIEWER" }),
    removeMember: () => ({ projectId: my.projectId, userId: otherUserId }),
    transferProject: () => ({ projectId: my.projectId, userId: otherUserId }),
    adoptProjects: () => ({ subject: "heir" }),
    leaveProject: () => ({ projectId: my.projectId }),
    createApiKey: () => ({ name: "Robot", scopes: ["READ"], projectId: my.projectId }),
    revokeApiKey: () => ({ keyId: my.keyId }),
    suspendUser: () => ({ userId: otherUserId }),
    reinstateUser: () => ({ userId: otherUserId }),
  };
}

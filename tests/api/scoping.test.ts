import { beforeAll, describe, expect, test } from "vitest";
import { COMMAND_PERMISSIONS } from "../../src/domain/account/permissions.ts";
import { schema } from "../../src/schema/index.ts";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { Agent, createRun, type Held, plan } from "./support/agent.ts";
import * as commands from "./support/commands.ts";
import {
  AddRound,
  CompleteDiscussion,
  PostMessage,
  StartDiscussion,
  SummarizeConsensus,
  UpdateProjectSettings,
  untilQuiet,
} from "./support/discussions.ts";
import * as documents from "./support/documents.ts";
import { Inbox, RaiseEscalation, ResolveEscalation, SkipEscalation, stick } from "./support/escalations.ts";
import { Founder } from "./support/founder.ts";
import { Snapshot, Viewer } from "./support/queries.ts";
import { fingerprint } from "./support/rows.ts";
import * as runs from "./support/run-commands.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });

let ada: Founder;
let bob: Founder;
let root: Founder;
/** What is Ada's. */
const hers = {
  discussionId: "",
  roundId: "",
  messageId: "",
  projectId: "",
  gateId: "",
  riskId: "",
  stageId: "",
  eventId: "",
  userId: "",
  runId: "",
  attemptId: "",
  errorId: "",
  artifactId: "",
  annotationId: "",
  escalationId: "",
};
let held: Held;

beforeAll(async () => {
  [ada, bob, root] = [
    new Founder(app, await bearer("ada")),
    new Founder(app, await bearer("bob")),
    new Founder(app, await bearer("root")),
  ];
  hers.projectId = await ada.projectIn("THESIS_DEFINED");
  const talk = { projectId: hers.projectId, question: "Why?", type: "OPEN" as const };
  hers.discussionId = (await ada.succeed(StartDiscussion, talk)).discussion.id;
  const [round] = (await untilQuiet(ada, hers.discussionId)).rounds;
  hers.roundId = round?.id ?? "";
  hers.messageId = round?.messages[0]?.id ?? "";
  hers.gateId = await ada.openGate(hers.projectId);
  hers.riskId = await ada.raiseRisk(hers.projectId, "THESIS_DEFINED");
  hers.stageId = (await ada.snapshot(hers.projectId)).stages[0]?.id ?? "";
  hers.eventId = (await ada.log(hers.projectId)).events[0]?.id ?? "";
  hers.userId = (await ada.read(Viewer, {})).viewer.id;
  const agent = new Agent(ada);
  hers.runId = await createRun(ada, hers.projectId, plan("a", "b"));
  ({ held } = await agent.claim({ runId: hers.runId }));
  hers.attemptId = await agent.startStep(held);
  const error = { ...held, step: "edit", errorCode: "E1", message: "It broke" };
  hers.errorId = (await ada.succeed(runs.RecordError, error)).error.id;
  const asking = await createRun(ada, hers.projectId, plan("a"));
  hers.escalationId = (await stick(ada, agent, asking)).escalationId;
  hers.artifactId = documents.pick(await documents.writeDocuments(ada, hers.projectId), "BRIEF").id;
  const edit = { artifactId: hers.artifactId, section: "targetUser", content: "We build for Ada." };
  await ada.succeed(documents.EditArtifactSection, edit);
  const note = { artifactId: hers.artifactId, section: "targetUser", note: "Mine" };
  hers.annotationId = (await ada.succeed(documents.AnnotateArtifact, note)).annotation?.id ?? "";
  await bob.read(Viewer, {});
});

const Foreign = graphql(/* GraphQL */ `
  query Foreign($ids: [ID!]!, $id: ID!) {
    nodes(ids: $ids) {
      __typename
    }
    node(id: $id) {
      __typename
    }
    verifyTimeline(projectId: $id) {
      ok
    }
    projects(includeArchived: true) {
      totalCount
      nodes {
        id
      }
    }
  }
`);

const UNKNOWN_PROJECT = "project_01kzzzzzzzfzzsr000000000zz";

describe.each([
  ["another user", () => bob],
  ["an administrator", () => root],
])("to %s", (_name, who) => {
  test("what is someone else's is not there", async () => {
    const {
      projectId: id,
      gateId,
      stageId,
      eventId,
      userId,
      discussionId,
      roundId,
      messageId,
      runId,
      attemptId,
      errorId,
      artifactId,
      escalationId,
    } = hers;
    const ids = [
      id,
      gateId,
      stageId,
      eventId,
      userId,
      discussionId,
      roundId,
      messageId,
      runId,
      held.workstreamId,
      attemptId,
      errorId,
      artifactId,
      escalationId,
    ];
    expect(await who().read(Foreign, { ids, id })).toEqual({
      nodes: ids.map(() => null),
      node: null,
      verifyTimeline: null,
      projects: { totalCount: 0, nodes: [] },
    });
    expect((await who().read(Snapshot, { id })).project).toBeNull();
    expect((await who().read(documents.Documents, { id })).project).toBeNull();
    expect((await who().read(Inbox, {})).viewer).toMatchObject({
      pendingEscalationCount: 0,
      escalations: { totalCount: 0, nodes: [] },
    });
  });

  test.each(["md", "md?variant=technical", "pdf"])("her project has no export as %s", async (format) => {
    const url = `${app.url}/export/projects/${hers.projectId}.${format}`;
    const response = await fetch(url, { headers: who().headers });
    expect(response.status).toBe(404);
    const unknown = await fetch(url.replace(hers.projectId, UNKNOWN_PROJECT), { headers: who().headers });
    expect(await response.text()).toBe(await unknown.text());
  });

  const project = () => ({ projectId: hers.projectId });
  const artifact = () => ({ artifactId: hers.artifactId });
  const section = "targetUser";
  const setup = () => ({ projectId: hers.projectId, stage: "THESIS_DEFINED" as const });
  const attempts: Record<string, () => Promise<unknown>> = {
    updateProject: () => who().run(commands.UpdateProject, { ...project(), name: "Mine" }),
    archiveProject: () => who().run(commands.ArchiveProject, project()),
    parkProject: () => who().run(commands.ParkProject, project()),
    unparkProject: () => who().run(commands.UnparkProject, project()),
    transitionStage: () => who().run(commands.TransitionStage, { ...project(), to: "THESIS_DEFINED" }),
    openGate: () => who().run(commands.OpenGate, project()),
    decideGate: () => who().run(commands.DecideGate, { gateId: hers.gateId, decision: "PARK" }),
    completeMilestone: () => who().run(commands.CompleteMilestone, { ...setup(), key: "brief_generated" }),
    reopenMilestone: () => who().run(commands.ReopenMilestone, { ...setup(), key: "brief_generated" }),
    setMilestone: () => who().run(commands.SetMilestone, { ...setup(), key: "own", weight: 1 }),
    removeMilestone: () => who().run(commands.RemoveMilestone, { ...setup(), key: "brief_generated" }),
    setExitCriteria: () => who().run(commands.SetExitCriteria, { ...setup(), criteria: [] }),
    raiseRisk: () => who().run(commands.RaiseRisk, { ...setup(), type: "market", message: "Mine" }),
    dismissRisk: () => who().run(commands.DismissRisk, { ...project(), risk: { riskId: hers.riskId } }),
    decideGateCiting: () =>
      who().run(commands.DecideGate, {
        gateId: hers.gateId,
        decision: "PARK",
        discussionId: hers.discussionId,
      }),
    startDiscussion: () => who().run(StartDiscussion, { ...project(), question: "Mine?", type: "OPEN" }),
    addRound: () => who().run(AddRound, { discussionId: hers.discussionId }),
    postMessage: () => who().run(PostMessage, { discussionId: hers.discussionId, content: "Mine." }),
    summarizeConsensus: () => who().run(SummarizeConsensus, { discussionId: hers.discussionId }),
    completeDiscussion: () => who().run(CompleteDiscussion, { discussionId: hers.discussionId }),
    updateProjectSettings: () => who().run(UpdateProjectSettings, { ...project(), defaultRounds: 1 }),
    createRun: () => who().run(runs.CreateRun, { ...project(), title: "Mine" }),
    transitionRun: () => who().run(runs.TransitionRun, { runId: hers.runId, to: "ABANDONED" }),
    createWorkstream: () => who().run(runs.CreateWorkstream, { runId: hers.runId, key: "mine" }),
    transitionWorkstream: () => who().run(runs.TransitionWorkstream, { ...held, to: "STATIC_CHECK" }),
    takeWorkstreamBack: () =>
      who().run(runs.TransitionWorkstream, {
        workstreamId: held.workstreamId,
        to: "READY",
        takeBack: true,
      }),
    claimWorkstream: () => who().run(runs.ClaimWorkstream, { runId: hers.runId, agent: "mine" }),
    claimWorkstreamOfProject: () => who().run(runs.ClaimWorkstream, { ...project(), agent: "mine" }),
    heartbeatWorkstream: () => who().run(runs.HeartbeatWorkstream, held),
    releaseWorkstream: () => who().run(runs.ReleaseWorkstream, held),
    startStep: () => who().run(runs.StartStep, { ...held, step: "static" }),
    completeStep: () =>
      who().run(runs.CompleteStep, {
        attemptId: hers.attemptId,
        leaseToken: held.leaseToken,
        status: "SUCCESS",
      }),
    recordError: () =>
      who().run(runs.RecordError, { ...held, step: "edit", errorCode: "E1", message: "Mine" }),
    recordRunEvent: () => who().run(runs.RecordRunEvent, { runId: hers.runId, type: "note" }),
    raiseEscalation: () => who().run(RaiseEscalation, { ...held, problem: "Mine?" }),
    resolveEscalation: () =>
      who().run(ResolveEscalation, { escalationId: hers.escalationId, decision: "abort" }),
    skipEscalation: () => who().run(SkipEscalation, { escalationId: hers.escalationId }),
    dismissSystemRisk: () =>
      who().run(commands.DismissRisk, { ...project(), risk: { systemRisk: "INACTIVE" } }),
    generateArtifacts: () => who().run(documents.GenerateArtifacts, { ...project(), force: true }),
    regenerateArtifact: () => who().run(documents.RegenerateArtifact, { ...artifact(), force: true }),
    editArtifactSection: () =>
      who().run(documents.EditArtifactSection, { ...artifact(), section, content: "Mine" }),
    revertArtifact: () => who().run(documents.RevertArtifact, artifact()),
    annotateArtifact: () => who().run(documents.AnnotateArtifact, { ...artifact(), section, note: "Mine" }),
    removeAnnotation: () =>
      who().run(documents.RemoveAnnotation, { ...artifact(), annotationId: hers.annotationId }),
  };

  test("every command is tried but those that need nothing of hers", () => {
    // Members, keys and suspension are tried in tests/access, by everybody.
    const elsewhere = Object.entries(COMMAND_PERMISSIONS).flatMap(([name, permission]) =>
      ["MANAGE", "TRANSFER", "JOIN", "LEAVE", "PERSON", "ADMIN"].includes(permission) ? name : [],
    );
    const tried = [...Object.keys(attempts), "createProject", ...elsewhere];
    for (const mutation of Object.keys(schema.getMutationType()?.getFields() ?? {})) {
      expect(tried).toContain(mutation);
    }
  });

  test.each(
    Object.entries(attempts),
  )("%s on it finds nothing and writes nothing", async (_command, attempt) => {
    const before = await fingerprint(app);
    expect(await attempt()).toMatchObject({ __typename: "NotFoundError" });
    expect(await fingerprint(app)).toBe(before);
  });
});

test("without a token there is no export", async () => {
  const url = `${app.url}/export/projects/${hers.projectId}.md`;
  const response = await fetch(url);
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  expect((await fetch(url, { headers: ada.headers })).status).toBe(200);
});

describe("setPlanTier", () => {
  test("is for administrators only, and tells others nothing about who exists", async () => {
    for (const userId of [hers.userId, "user_01kzzzzzzzfzzsr000000000zz"]) {
      expect(await bob.run(commands.SetPlanTier, { userId, plan: "PARTNER" })).toMatchObject({
        __typename: "GuardRejectedError",
        rule: "ADMIN_REQUIRED",
      });
    }
  });

  test("shows an administrator the user and none of their projects", async () => {
    const { user, events } = await root.succeed(commands.SetPlanTier, {
      userId: hers.userId,
      plan: "PARTNER",
    });
    expect(user).toEqual({
      id: hers.userId,
      subject: "ada",
      planTier: { plan: "PARTNER", maxProjects: 25 },
      projects: { totalCount: 0, nodes: [] },
    });
    expect(events).toEqual([]);
    expect((await ada.read(Viewer, {})).viewer).toMatchObject({
      isAdmin: false,
      planTier: { plan: "PARTNER" },
    });
    expect((await root.read(Viewer, {})).viewer).toMatchObject({ isAdmin: true });
  });

  test("does not find an unknown user", async () => {
    const userId = "user_01kzzzzzzzfzzsr000000000zz";
    expect(await root.run(commands.SetPlanTier, { userId, plan: "PARTNER" })).toMatchObject({
      __typename: "NotFoundError",
    });
  });
});

test("an idempotency key is its user's own", async () => {
  const input = { name: "Twins", idempotencyKey: "the same" };
  const [first, second] = [
    await ada.succeed(commands.CreateProject, input),
    await bob.succeed(commands.CreateProject, input),
  ];
  expect(first.project.id).not.toBe(second.project.id);
});

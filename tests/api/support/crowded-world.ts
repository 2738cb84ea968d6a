import { expect } from "vitest";
import { join } from "../../access/support/team.ts";
import { World } from "../../fuzz/support/world.ts";
import { send } from "../../support/client.ts";
import { AcceptInvitation, CreateApiKey, InviteMember } from "./account-commands.ts";
import { Agent, createRun, plan } from "./agent.ts";
import { DecideGate } from "./commands.ts";
import { PostMessage, StartDiscussion, untilQuiet } from "./discussions.ts";
import { AnnotateArtifact, Documents, EditArtifactSection } from "./documents.ts";
import { answer, stick } from "./escalations.ts";
import type { Founder } from "./founder.ts";
import { CreateWorkstream, TransitionWorkstream } from "./run-commands.ts";

/**
 * What only other people, answers and failures bring, in projects that there are: a member, an open invitation, keys, a discussion
 * that ranked, was answered and decided on, an answered question and a workstream that another one took the place of.
 */
export async function crowd(
  app: { readonly url: string },
  owner: Founder,
  projectIds: readonly string[],
): Promise<World> {
  const world = new World();
  const discussions: string[] = [];
  for (const projectId of projectIds) {
    const { userId, founder: guest } = await join(app, owner, projectId, "EDITOR");
    const theirs = await guest.succeed(InviteMember, { projectId: await guest.project(), role: "EDITOR" });
    await owner.succeed(AcceptInvitation, { token: theirs.token ?? "" });
    await rewrite(owner, projectId);
    const { invitation } = await owner.succeed(InviteMember, { projectId, role: "VIEWER" });
    const { apiKey } = await owner.succeed(CreateApiKey, { name: "Robot", scopes: ["READ"], projectId });
    const { discussion } = await owner.succeed(StartDiscussion, {
      projectId,
      question: "Whom do we ask first?",
      type: "DISCUSS",
      models: ["claude", "gpt", "gemini"],
      rounds: 1,
      peerRanking: true,
    });
    discussions.push(discussion.id);
    world.learn([userId, invitation.id, apiKey.id, discussion.id]);
    await answerOne(owner, projectId);
    world.learn(await replaceOne(owner, projectId));
  }
  for (const [at, discussionId] of discussions.entries()) {
    await untilQuiet(owner, discussionId);
    await owner.succeed(PostMessage, { discussionId, content: "@claude: why?" });
    await untilQuiet(owner, discussionId);
    const gateId = await owner.openGate(projectIds[at] ?? "");
    await owner.succeed(DecideGate, { gateId, decision: "NARROW", discussionId });
  }
  for (const id of projectIds) {
    const { data, errors } = await send<unknown, object>(app.url, EVERYTHING, { id }, owner.headers);
    expect(errors).toBeUndefined();
    world.learn(data);
  }
  return world;
}

/** A document that a person has written into and said something about. */
async function rewrite(owner: Founder, projectId: string): Promise<void> {
  const { project } = await owner.read(Documents, { id: projectId, types: ["BRIEF"] });
  const artifactId = project?.artifacts[0]?.id ?? "";
  const section = "problemStatement";
  await owner.succeed(EditArtifactSection, { artifactId, section, content: "Nobody knows what was said." });
  await owner.succeed(AnnotateArtifact, { artifactId, section, note: "Who says so?" });
}

/** A question about a failure that somebody has answered. */
async function answerOne(owner: Founder, projectId: string): Promise<void> {
  const runId = await createRun(owner, projectId, plan("stuck"));
  const { escalationId } = await stick(owner, new Agent(owner), runId);
  await answer(owner, escalationId, "provide_guidance", "Ask.");
}

/** A workstream that was given up and another one that took its place. */
async function replaceOne(owner: Founder, projectId: string): Promise<unknown> {
  const runId = await createRun(owner, projectId, plan("first", "other"));
  const { held } = await new Agent(owner).claim({ runId });
  await owner.succeed(TransitionWorkstream, { ...held, to: "FAILED", reason: "It cannot be done." });
  return owner.succeed(CreateWorkstream, { runId, key: "second", replaces: "first" });
}

const EVERYTHING = `query ($id: ID!) {
  project(id: $id) {
    events(last: 100) { nodes { id } }
    gates { nodes { id } }
    discussions { nodes { id consensus { id } rounds { id messages { id } } } }
    runs {
      nodes { id escalations { nodes { id } } workstreams { nodes { id attempts { nodes { id } } errors { nodes { id } } } } }
    }
  }
}`;

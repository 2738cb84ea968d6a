import { describe, expect, test } from "vitest";
import {
  AcceptInvitation,
  InviteMember,
  LeaveProject,
  RemoveMember,
  RevokeApiKey,
  SuspendUser,
} from "../api/support/account-commands.ts";
import { ParkProject, UpdateProject } from "../api/support/commands.ts";
import { useApp } from "../support/app.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person } from "./support/team.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });
const EVENTS = `subscription ($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after) { type } }`;
const ALL = "subscription { viewerEvents { type project { id } } }";

async function project() {
  const owner = await person(app, crypto.randomUUID());
  return { owner, projectId: await owner.project() };
}

interface AnyEvent {
  readonly viewerEvents: { readonly type: string; readonly project: { readonly id: string } };
}

/** A stream of a project's log that has delivered its first event, and waits. */
async function open(transport: (typeof TRANSPORTS)[number], headers: Record<string, string>, id: string) {
  const stream = await subscribe<{ projectEvents: { type: string } }, object>(
    transport,
    app.url,
    EVENTS,
    { id, after: await start(headers, id) },
    headers,
  );
  expect(await stream.next()).toMatchObject({ data: { projectEvents: { type: "project_created" } } });
  return stream;
}

async function start(headers: Record<string, string>, id: string): Promise<string> {
  const response = await fetch(`${app.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: `{ project(id: "${id}") { startCursor } }` }),
  });
  return ((await response.json()) as { data: { project: { startCursor: string } } }).data.project.startCursor;
}

/** Reads until a stream ends; what it ends with. */
async function endOf(stream: { next(): Promise<unknown> }): Promise<string> {
  try {
    for (;;) {
      const result = (await stream.next()) as { errors?: { extensions?: { code?: string } }[] } | null;
      if (result === null) return "complete";
      if (result.errors) return String(result.errors[0]?.extensions?.code);
    }
  } catch (error) {
    const { code, reason } = error as { code?: number; reason?: string };
    return `${code} ${reason}`;
  }
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  test("a subscription ends when its viewer is removed from the project", async () => {
    const { owner, projectId } = await project();
    const bob = await join(app, owner, projectId, "VIEWER");
    const stream = await open(transport, bob.founder.headers, projectId);
    await owner.succeed(RemoveMember, { projectId, userId: bob.userId });
    expect(await endOf(stream)).toBe("complete");
  });

  test("what is open with a key ends when it is revoked, and what its user has open goes on", async () => {
    const { owner, projectId } = await project();
    const key = await keyOf(app, owner);
    const stream = await open(transport, key.robot.headers, projectId);
    const own = await open(transport, owner.headers, projectId);
    await owner.succeed(RevokeApiKey, { keyId: key.id });
    expect(await endOf(stream)).toBe(
      transport === "SSE" ? "UNAUTHENTICATED" : "4403 The API key is revoked.",
    );
    await owner.succeed(ParkProject, { projectId });
    expect(await own.next()).toMatchObject({ data: { projectEvents: { type: "park" } } });
  });

  test("what a user has open ends when they are suspended, and other members' streams go on", async () => {
    const { owner, projectId } = await project();
    const root = await person(app, "root");
    const bob = await join(app, owner, projectId, "EDITOR");
    const stream = await open(transport, bob.founder.headers, projectId);
    await root.succeed(SuspendUser, { userId: bob.userId });
    expect(await endOf(stream)).toBe(transport === "SSE" ? "USER_SUSPENDED" : "4403 This user is suspended.");
  });
});

test("viewerEvents begins with what somebody joins, and ends with what they leave", async () => {
  const { owner, projectId } = await project();
  const later = await owner.project();
  const bob = await join(app, owner, projectId, "VIEWER");
  const { headers } = bob.founder;
  const stream = await subscribe<AnyEvent, object>("WebSocket", app.url, ALL, {}, headers);
  const touch = (id: string) => owner.succeed(UpdateProject, { projectId: id, name: "Touched" });
  /** The next event of another project than the first. */
  const nextElsewhere = async () => {
    for (;;) {
      const event = (await stream.next())?.data?.viewerEvents;
      if (event?.project.id !== projectId) return event;
    }
  };
  let isLive = false;
  const first = stream.next().then(() => {
    isLive = true;
  });
  await expect.poll(async () => (await touch(projectId)) && isLive).toBe(true);
  await first;
  await touch(later);
  const { token } = await owner.succeed(InviteMember, { projectId: later, role: "VIEWER" });
  await bob.founder.succeed(AcceptInvitation, { token: token ?? "" });
  expect(await nextElsewhere()).toEqual({ type: "member_joined", project: { id: later } });
  await bob.founder.succeed(LeaveProject, { projectId: later });
  await touch(later);
  await owner.succeed(ParkProject, { projectId });
  for (;;) {
    const event = (await stream.next())?.data?.viewerEvents;
    if (event?.type === "park") break;
    // Leaving may be seen or not; nothing that comes after it is.
    expect(["project_updated", "member_removed"]).toContain(event?.type);
    if (event?.type === "project_updated") expect(event.project.id).toBe(projectId);
  }
});

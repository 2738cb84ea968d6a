import { expect, test } from "vitest";
import { Agent, createRun, expectLost, plan } from "../../api/support/agent.ts";
import { CreateProject, UpdateProject } from "../../api/support/commands.ts";
import {
  CompleteDiscussion,
  DiscussionStream,
  readDiscussion,
  StartDiscussion,
  untilQuiet,
} from "../../api/support/discussions.ts";
import { GenerateArtifacts, settled } from "../../api/support/documents.ts";
import type { Founder } from "../../api/support/founder.ts";
import { ClaimWorkstream, HeartbeatWorkstream, ReleaseWorkstream } from "../../api/support/run-commands.ts";
import { nextSequences, ProjectStream, RunSequences } from "../../api/support/streams.ts";
import { send } from "../../support/client.ts";
import { type Subscription, subscribe, TRANSPORTS } from "../../support/subscription.ts";
import { type Cluster, LIMITS } from "./cluster.ts";
import { expectGapless, person } from "./people.ts";

const NOTHING = "{ __typename }";

/** What holds over two nodes, whatever carries their wake-ups and limits. */
export function testTwoNodes(cluster: () => Cluster): void {
  test("events reach the subscribers of both nodes once and in order while both nodes write", async () => {
    const { a, b } = cluster();
    const { atA, atB, headers } = await person(cluster());
    const projectId = await atA.project();
    const { endCursor: after } = await atA.log(projectId);
    const streams = await Promise.all(
      [a, b].flatMap(({ url }) =>
        TRANSPORTS.map((transport) =>
          subscribe(transport, url, ProjectStream, { projectId, after }, headers),
        ),
      ),
    );
    const received = streams.map((stream) => nextSequences(stream, 80));
    await Promise.all([write(atA, projectId, 40), write(atB, projectId, 40)]);
    const [first = [], ...others] = await Promise.all(received);
    expectGapless(first);
    for (const sequences of others) expect(sequences).toEqual(first);
  });

  test("a run's events reach both nodes in order, and 20 agents on two nodes never hold the same workstream", async () => {
    const { a, b } = cluster();
    const { atA, atB, headers } = await person(cluster());
    const projectId = await atA.project();
    const keys = Array.from({ length: 20 }, (_, n) => `w${n}`);
    const runId = await createRun(atA, projectId, plan(...keys));
    const { endCursor: after } = await atA.log(projectId);
    const streams = await Promise.all(
      [a, b].map(({ url }) => subscribe("WebSocket", url, RunSequences, { runId, after }, headers)),
    );
    // Each claim is an event, the first one also starts the run.
    const received = streams.map((stream) => nextSequences(stream, 21));
    const agents = keys.map((key, n) => new Agent(n % 2 ? atA : atB, key));
    const claimed = await Promise.all(agents.map((agent) => agent.claim({ runId })));
    expect(new Set(claimed.map(({ key }) => key))).toEqual(new Set(keys));
    expect(await new Agent(atB).tryClaim({ runId })).toBeNull();
    const [first = [], second] = await Promise.all(received);
    expectGapless(first);
    expect(second).toEqual(first);

    const [taken] = claimed;
    if (!taken) throw new Error("Twenty were claimed.");
    const { held, workstream } = taken;
    await atA.succeed(ReleaseWorkstream, { workstreamId: held.workstreamId, takeBack: true });
    expectLost(await atB.run(HeartbeatWorkstream, held), "READY", /./);
    const next = await new Agent(atB, "another").claim({ runId });
    expect(next.workstream.id).toBe(workstream.id);
    expectLost(await atA.run(HeartbeatWorkstream, held), "EDITING", /./);
    await atA.succeed(HeartbeatWorkstream, next.held);
  });

  test("a lease that ends is given back at once, and an agent that waits at the other node is told", async () => {
    const { b } = cluster();
    const { atA, headers } = await person(cluster());
    const projectId = await atA.project();
    const runId = await createRun(atA, projectId, plan("a"));
    await new Agent(atA).claim({ runId }, 5);
    const { endCursor: after } = await atA.log(projectId);
    const stream = await subscribe("SSE", b.url, RunSequences, { runId, after }, headers);
    expect(await nextSequences(stream, 1)).toHaveLength(1);
    const { events } = await atA.log(projectId);
    const [expired, ...others] = events.filter(({ type }) => type === "lease_expired");
    expect(others).toEqual([]);
    // A sweep by the minute would come up to a minute later, and often past the test's time limit.
    const { expiredAt = "" } = expired?.detail as { expiredAt?: string };
    const late = Date.parse(String(expired?.createdAt)) - Date.parse(expiredAt);
    expect(late).toBeLessThan(10_000);
  });

  test("documents that both nodes ask for are written once, by either worker", async () => {
    const { atA, atB } = await person(cluster());
    const order = [atA, atB, atA];
    const projects = await Promise.all(order.map((founder) => founder.project()));
    await Promise.all(
      projects.map((projectId, n) => (order[n] as Founder).succeed(GenerateArtifacts, { projectId })),
    );
    for (const projectId of projects) {
      const { artifactGeneration } = await settled(atB, projectId);
      expect(artifactGeneration).toMatchObject({ status: "COMPLETED", completed: 5 });
      const { events, verification } = await atA.log(projectId);
      const written = events.filter(({ type }) => type === "artifact_generated");
      expect(written.map(({ detail }) => detail)).toMatchObject(Array(5).fill({ attempt: 1 }));
      expect(verification).toMatchObject({ ok: true });
    }
  });

  test("a discussion is held once, and both nodes tell every word of it in order", async () => {
    const { a, b } = cluster();
    const { atA, atB, headers } = await person(cluster());
    const projectId = await atA.project();
    const question = "Do we build for shops with barcodes first?";
    const input = { projectId, question, type: "OPEN" as const, models: ["claude"] };
    const { id } = (await atA.succeed(StartDiscussion, input)).discussion;
    const told = [a, b].map(async ({ url }) =>
      wordsOf(await subscribe("WebSocket", url, DiscussionStream, { discussionId: id }, headers)),
    );
    await untilQuiet(atB, id);
    await atB.succeed(CompleteDiscussion, { discussionId: id });
    const { rounds } = await readDiscussion(atA, id);
    const messages = rounds.flatMap((round) => round.messages);
    expect(messages.length).toBeGreaterThan(0);
    for (const words of await Promise.all(told)) {
      for (const message of messages) {
        expect(message).toMatchObject({ status: "COMPLETED" });
        expect(words.get(message.id)).toEqual(message.content);
      }
    }
  });

  test("the same key at both nodes at once has one effect and one answer", async () => {
    const { atA, atB } = await person(cluster());
    for (const idempotencyKey of ["first", "second"]) {
      const input = { name: "Ledger", idempotencyKey };
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => (n % 2 ? atA : atB).succeed(CreateProject, input)),
      );
      const [first, ...others] = answers;
      for (const other of others) expect(other).toEqual(first);
      expect((await atB.log(first?.project.id ?? "")).events[0]).toMatchObject({ id: first?.events[0]?.id });
    }
    const projectId = await atA.project();
    const runId = await createRun(atA, projectId, plan("a", "b"));
    const claim = { runId, agent: "agent-1", idempotencyKey: "claim" };
    const claims = await Promise.all([atA, atB, atA, atB].map((at) => at.succeed(ClaimWorkstream, claim)));
    expect(new Set(claims.map(({ leaseToken }) => leaseToken)).size).toBe(1);
    expect((await new Agent(atB).claim({ runId })).key).toBe("b");
  });

  test("the limit on requests holds over both nodes", async () => {
    const { a, b } = cluster();
    const { headers } = await person(cluster());
    const replies = await Promise.all(
      Array.from({ length: LIMITS.requests + 60 }, (_, n) =>
        send((n % 2 ? a : b).url, NOTHING, undefined, headers),
      ),
    );
    const statuses = replies.map(({ status }) => status);
    const passed = statuses.filter((status) => status === 200).length;
    // A block is a hundredth: so much less one may be held unused by the node that is not asked any more.
    expect(passed).toBeLessThanOrEqual(LIMITS.requests);
    expect(passed).toBeGreaterThan(LIMITS.requests - LIMITS.requests / 100);
    const refused = replies.find(({ status }) => status !== 200);
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused?.errors).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
    expect((await send(a.url, NOTHING, undefined, (await person(cluster())).headers)).status).toBe(200);
  });

  test("the limit on open subscriptions holds over both nodes, and what is closed on one is free on the other", async () => {
    const { a, b } = cluster();
    const { atA, headers } = await person(cluster());
    const projectId = await atA.project();
    const { startCursor: after } = await atA.log(projectId);
    // Whoever is let in is told of the project's first event at once.
    const open = async (url: string) => {
      const stream = await subscribe("WebSocket", url, ProjectStream, { projectId, after }, headers);
      const result = await stream.next();
      return { stream, code: result?.errors?.[0]?.extensions?.code };
    };
    await write(atA, projectId, 1);
    const opened = await Promise.all(Array.from({ length: 10 }, (_, n) => open((n % 2 ? a : b).url)));
    const codes = opened.map(({ code }) => code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(LIMITS.subscriptions);
    expect(codes.filter((code) => code === "TOO_MANY_SUBSCRIPTIONS")).toHaveLength(4);
    for (const { stream, code } of opened) if (code === undefined) await stream.close();
    await expect.poll(async () => (await open(b.url)).code).toBeUndefined();
  });
}

/** Renames a project that many times, eight at a time. */
export async function write(founder: Founder, projectId: string, count: number): Promise<void> {
  let written = 0;
  const writer = async () => {
    while (written < count) await founder.succeed(UpdateProject, { projectId, name: `Name ${written++}` });
  };
  await Promise.all(Array.from({ length: Math.min(count, 8) }, writer));
}

/** What a discussion's messages say, from the pieces that come until its end: each begins where the last one ended. */
async function wordsOf(stream: Subscription<object>): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  for (let result = await stream.next(); result; result = await stream.next()) {
    const update = Object.values(result.data ?? {})[0] as Record<string, unknown>;
    if (update.__typename !== "MessageDelta") continue;
    const id = String(update.messageId);
    expect(update.offset).toBe((words.get(id) ?? "").length);
    words.set(id, (words.get(id) ?? "") + update.text);
  }
  return words;
}

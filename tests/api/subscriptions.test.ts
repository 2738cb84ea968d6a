import { describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import {
  CompleteMilestone,
  DecideGate,
  DismissRisk,
  ParkProject,
  UnparkProject,
  UpdateProject,
} from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import {
  LinkStream,
  nextEvent,
  nextSequences,
  ProjectStream,
  StageStream,
  untilOpen,
  ViewerStream,
} from "./support/streams.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });
/** Nobody else's projects are in the way, and no plan's limit. */
const newcomer = async () => new Founder(app, await bearer(crypto.randomUUID()));

describe.each(TRANSPORTS)("over %s", (transport) => {
  test("projectEvents replays the whole log from the start cursor and goes live, in order", async () => {
    const founder = await newcomer();
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    const { startCursor, count, events } = await founder.log(projectId);
    const variables = { projectId, after: startCursor };
    const stream = await subscribe(transport, app.url, ProjectStream, variables, founder.headers);
    const replayed = [];
    while (replayed.length < count) {
      const { project, ...event } = await nextEvent(stream);
      replayed.push(event);
      expect(project).toEqual({ id: projectId, name: "Ledger" });
    }
    expect(replayed).toEqual(events);
    const { events: live } = await founder.succeed(ParkProject, { projectId });
    expect(await nextEvent(stream)).toMatchObject(live[0] ?? {});
  });

  test("projectEvents from the cursor of any event brings what followed it", async () => {
    const founder = await newcomer();
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const { events } = await founder.log(projectId);
    for (const { cursor, sequence } of events.slice(0, -1)) {
      const variables = { projectId, after: cursor };
      const stream = await subscribe(transport, app.url, ProjectStream, variables, founder.headers);
      expect((await nextEvent(stream)).sequence).toBe(sequence + 1);
      await stream.close();
    }
  });

  test("projectEvents from the end cursor brings only what happened since it was read", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const { endCursor } = await founder.log(projectId);
    await founder.succeed(ParkProject, { projectId });
    const variables = { projectId, after: endCursor };
    const stream = await subscribe(transport, app.url, ProjectStream, variables, founder.headers);
    expect(await nextEvent(stream)).toMatchObject({ sequence: 2, type: "park" });
    await founder.succeed(UnparkProject, { projectId });
    expect(await nextEvent(stream)).toMatchObject({ sequence: 3, type: "unpark" });
  });

  test("projectEvents without a cursor starts with what happens next", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    await untilOpen(app.url, 0);
    const stream = await subscribe(transport, app.url, ProjectStream, { projectId }, founder.headers);
    await untilOpen(app.url, 1);
    await founder.succeed(ParkProject, { projectId });
    expect(await nextEvent(stream)).toMatchObject({ sequence: 2, type: "park" });
  });

  test("projectEvents of some subjects leaves out all others", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const { startCursor } = await founder.log(projectId);
    await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
    await founder.pass(projectId, "PROCEED");
    const variables = { projectId, after: startCursor, subjects: ["RISK" as const, "GATE" as const] };
    const stream = await subscribe(transport, app.url, ProjectStream, variables, founder.headers);
    await founder.succeed(ParkProject, { projectId });
    await founder.raiseRisk(projectId, "THESIS_DEFINED");
    const { events } = await founder.log(projectId);
    const wanted = events.filter(({ subject }) => subject === "RISK" || subject === "GATE");
    expect(wanted.length).toBeLessThan(events.length);
    expect(await nextSequences(stream, wanted.length)).toEqual(wanted.map(({ sequence }) => sequence));
  });

  test("projectEvents misses and repeats nothing while commands run", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const { startCursor } = await founder.log(projectId);
    const variables = { projectId, after: startCursor };
    const names = Array.from({ length: 30 }, (_, index) => `Ledger ${index}`);
    const updates = names.map((name) => founder.succeed(UpdateProject, { projectId, name }));
    const streams = await Promise.all(
      [1, 2, 3].map(() => subscribe(transport, app.url, ProjectStream, variables, founder.headers)),
    );
    const read = streams.map((stream) => nextSequences(stream, 31));
    await Promise.all(updates);
    for (const sequences of await Promise.all(read)) {
      expect(sequences).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
    }
  });

  test("stageEvents shows the gate, the stage and the risk as they are now, not as they were then", async () => {
    const founder = await newcomer();
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const { endCursor } = await founder.log(projectId);
    const riskId = await founder.raiseRisk(projectId, "THESIS_DEFINED");
    await founder.succeed(DismissRisk, { projectId, risk: { riskId } });
    const gateId = await founder.openGate(projectId);
    await founder.succeed(DecideGate, { gateId, decision: "NARROW" });
    const milestone = { projectId, stage: "THESIS_DEFINED" as const, key: "brief_generated" };
    const { stageConfig } = await founder.succeed(CompleteMilestone, milestone);

    const variables = { projectId, after: endCursor };
    const stream = await subscribe(transport, app.url, LinkStream, variables, founder.headers);
    const events = [];
    for (let last = ""; last !== "milestone/brief_generated"; ) {
      const event = await nextEvent(stream);
      events.push(event);
      last = `${event.type}/${"keys" in event ? event.keys.join() : ""}`;
    }
    const raised = events.find(({ type }) => type === "risk_change");
    expect(raised).toMatchObject({ risk: { id: riskId, dismissed: true } });
    const opened = events.find(({ type }) => type === "gate_opened");
    expect(opened).toMatchObject({ gate: { id: gateId, status: "DECIDED", decision: "NARROW" } });
    expect(events.at(-1)).toMatchObject({
      keys: ["brief_generated"],
      stageConfig: { stage: "THESIS_DEFINED", version: stageConfig.version },
    });
  });

  test("viewerEvents brings what happens in all of the viewer's projects, also in later ones, and in no other", async () => {
    const [founder, stranger] = [await newcomer(), await newcomer()];
    const first = await founder.project();
    const foreign = await stranger.project();
    await untilOpen(app.url, 0);
    const stream = await subscribe(transport, app.url, ViewerStream, {}, founder.headers);
    await untilOpen(app.url, 1);
    await stranger.succeed(ParkProject, { projectId: foreign });
    await founder.succeed(ParkProject, { projectId: first });
    expect(await nextEvent(stream)).toMatchObject({ type: "park", project: { id: first } });
    await stranger.project();
    const second = await founder.project();
    expect(await nextEvent(stream)).toMatchObject({
      sequence: 1,
      type: "project_created",
      project: { id: second },
    });
    await founder.succeed(ParkProject, { projectId: second });
    expect(await nextEvent(stream)).toMatchObject({ sequence: 2, project: { id: second } });
    await founder.succeed(UnparkProject, { projectId: first });
    expect(await nextEvent(stream)).toMatchObject({ sequence: 3, type: "unpark", project: { id: first } });
  });

  test("a client that goes leaves no subscription open", async () => {
    const founder = await newcomer();
    const projectId = await founder.project();
    const { startCursor } = await founder.log(projectId);
    await untilOpen(app.url, 0);
    const streams = [
      await subscribe(transport, app.url, ProjectStream, { projectId }, founder.headers),
      await subscribe(transport, app.url, StageStream, { projectId, after: startCursor }, founder.headers),
      await subscribe(transport, app.url, ViewerStream, {}, founder.headers),
    ];
    await untilOpen(app.url, 3);
    for (const stream of streams) await stream.close();
    await untilOpen(app.url, 0);
  });
});

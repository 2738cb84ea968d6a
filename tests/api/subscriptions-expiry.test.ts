import { expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { subscribe } from "../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { ParkProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { nextEvent, ProjectStream, untilOpen } from "./support/streams.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });

const EXPIRES_AT = new Date("2026-01-05T10:00:00.000Z");

/** A founder with a project, and headers with a token that expires when the timer is wound there. */
async function expiring() {
  const founder = new Founder(app, await bearer("founder"));
  const projectId = await founder.project();
  const { startCursor } = await founder.log(projectId);
  return {
    founder,
    projectId,
    variables: { projectId, after: startCursor },
    headers: await bearer("founder", EXPIRES_AT),
  };
}

test("the end of the token closes a socket with an open subscription", async () => {
  const { variables, headers } = await expiring();
  const stream = await subscribe("WebSocket", app.url, ProjectStream, variables, headers);
  expect(await nextEvent(stream)).toMatchObject({ sequence: 1 });
  app.timer.windTo(EXPIRES_AT);
  await expect(stream.next()).rejects.toMatchObject({ code: 4403, reason: "Token expired." });
  await untilOpen(app.url, 0);
});

test("the end of the token ends an SSE stream with the reason; a new token goes on after the last cursor", async () => {
  const { founder, projectId, variables, headers } = await expiring();
  const stream = await subscribe("SSE", app.url, ProjectStream, variables, headers);
  const { cursor } = await nextEvent(stream);
  app.timer.windTo(EXPIRES_AT);
  const end = await stream.next();
  expect(end?.errors).toMatchObject([{ message: "Token expired.", extensions: { code: "UNAUTHENTICATED" } }]);
  expect(await stream.next()).toBeNull();
  await untilOpen(app.url, 0);

  await founder.succeed(ParkProject, { projectId });
  const resumed = await subscribe(
    "SSE",
    app.url,
    ProjectStream,
    { projectId, after: cursor },
    founder.headers,
  );
  expect(await nextEvent(resumed)).toMatchObject({ sequence: 2, type: "park" });
});

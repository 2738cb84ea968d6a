import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { startApp } from "../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { UpdateProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { nextEvent, ProjectStream, untilOpen, ViewerStream } from "./support/streams.ts";

describe.skipIf(!postgresAvailable)("two nodes on one PostgreSQL database", () => {
  test.each(TRANSPORTS)("a mutation on either reaches the subscribers of both over %s", async (transport) => {
    const database = await createPostgresTestDatabase();
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const first = await startApp({ database });
    const databaseUrl = database.driver.connectionString;
    const second = await startApp({ database: await openDatabase({ databaseUrl, embeddedPath: "" }) });
    const nodes = [first, second];
    const founder = new Founder(first);
    const projectId = await founder.project();
    const { endCursor } = await founder.log(projectId);
    const open: (() => Promise<{ id: string }>)[] = [];
    for (const { url } of nodes) {
      const project = await subscribe(transport, url, ProjectStream, { projectId, after: endCursor });
      const viewer = await subscribe(transport, url, ViewerStream, {});
      open.push(
        () => nextEvent(project),
        () => nextEvent(viewer),
      );
      await untilOpen(url, 2);
    }
    for (const [index, node] of nodes.entries()) {
      const name = `Renamed on node ${index}`;
      const { events } = await new Founder(node).succeed(UpdateProject, { projectId, name });
      for (const next of open) expect(await next()).toMatchObject({ id: events[0]?.id });
    }
  });
});

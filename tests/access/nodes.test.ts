import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { RemoveMember, RevokeApiKey, SuspendUser } from "../api/support/account-commands.ts";
import { ProjectStream, untilOpen } from "../api/support/streams.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { subscribe } from "../support/subscription.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person, userIdOf } from "./support/team.ts";

describe.skipIf(!postgresAvailable)("what is taken away on one node ends on the other:", () => {
  test("a membership, a key, a user", async () => {
    const config = { auth: SECRET_AUTH, adminSubjects: ["root"] };
    const database = await createPostgresTestDatabase();
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const here = await startApp({ config, database });
    const databaseUrl = database.driver.connectionString;
    const there = await startApp({ config, database: await openDatabase({ databaseUrl, embeddedPath: "" }) });
    const [owner, root] = [await person(here, "ada"), await person(here, "root")];
    const projectId = await owner.project();
    const { endCursor: after } = await owner.log(projectId);
    const bob = await join(here, owner, projectId, "VIEWER");
    const sue = await join(here, owner, projectId, "EDITOR");
    const key = await keyOf(here, owner);
    const open = async (headers: Record<string, string>) => {
      const stream = await subscribe("WebSocket", there.url, ProjectStream, { projectId, after }, headers);
      expect(await stream.next()).toMatchObject({ data: {} });
      return async () => {
        try {
          while (await stream.next());
          return "complete";
        } catch (error) {
          return (error as { code?: number }).code;
        }
      };
    };
    const streams = [
      await open(bob.founder.headers),
      await open(key.robot.headers),
      await open(sue.founder.headers),
    ];
    await untilOpen(there.url, 3);
    await owner.succeed(RemoveMember, { projectId, userId: bob.userId });
    await owner.succeed(RevokeApiKey, { keyId: key.id });
    await root.succeed(SuspendUser, { userId: await userIdOf(sue.founder) });
    expect(await Promise.all(streams.map((end) => end()))).toEqual(["complete", 4403, 4403]);
    const status = async (headers: Record<string, string>) =>
      (await send(there.url, "{ viewer { id } }", {}, headers)).status;
    expect(await status(key.robot.headers)).toBe(401);
    expect(await status(sue.founder.headers)).toBe(403);
    expect(await status(bob.founder.headers)).toBe(200);
  });
});

import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { openRedis } from "../../src/redis/redis.ts";
import { RemoveMember, RevokeApiKey, SuspendUser } from "../api/support/account-commands.ts";
import { uuidOf } from "../api/support/rows.ts";
import { ProjectStream, untilOpen } from "../api/support/streams.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { redisAvailable, startRedis } from "../support/redis-server.ts";
import { subscribe } from "../support/subscription.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { join, keyOf, person, userIdOf } from "./support/team.ts";

/** Whether a wake-up says that somebody's rights have changed. */
const tells = (text: string, userId: string) => /"access"/.test(text) && text.includes(userId);

const CARRIERS = redisAvailable ? (["PostgreSQL", "Redis"] as const) : (["PostgreSQL"] as const);

/** What tells the nodes, and, where it can be listened in to, what they were told. */
async function carrier(name: (typeof CARRIERS)[number]) {
  if (name === "PostgreSQL") return { redis: null, told: null };
  const server = await startRedis();
  onTestFinished(() => server.kill());
  const redis = { url: server.url, prefix: "access" };
  const texts: string[] = [];
  const listener = openRedis({ ...redis, log: { info: () => {}, warn: () => {} } });
  onTestFinished(() => listener.close());
  const connected = Promise.withResolvers<void>();
  listener.subscribe(listener.name("wakeups"), (text) => texts.push(text), connected.resolve);
  listener.start();
  await connected.promise;
  return { redis, told: texts };
}

describe.skipIf(!postgresAvailable)("what is taken away on one node ends on the other:", () => {
  test.each(CARRIERS)("a membership, a key, a user, told by %s", async (name) => {
    const { redis, told } = await carrier(name);
    const config = { auth: SECRET_AUTH, adminSubjects: ["root"], redis };
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
    // It is not left to the poll: each of them was named to the other node.
    const named = [bob.userId, await userIdOf(owner), sue.userId].map(uuidOf);
    if (told)
      await expect.poll(() => named.filter((id) => !told.some((text) => tells(text, id)))).toEqual([]);
    const status = async (headers: Record<string, string>) =>
      (await send(there.url, "{ viewer { id } }", {}, headers)).status;
    expect(await status(key.robot.headers)).toBe(401);
    expect(await status(sue.founder.headers)).toBe(403);
    expect(await status(bob.founder.headers)).toBe(200);
  });
});

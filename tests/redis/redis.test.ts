import { createClient } from "@redis/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { openRedis, type Redis } from "../../src/redis/redis.ts";
import { whenAnswering } from "../limits/support.ts";
import { startApp } from "../support/app.ts";
import { redisAvailable, reserveRedis, startRedis } from "../support/redis-server.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";

/** A client that writes down what it is told and what it logs. */
function open(url: string) {
  const texts: string[] = [];
  const lines: string[] = [];
  let connections = 0;
  const write = (level: string) => (_detail: object, message: string) =>
    void lines.push(`${level}: ${message}`);
  const redis = openRedis({ url, prefix: "test", log: { info: write("info"), warn: write("warn") } });
  onTestFinished(() => redis.close());
  redis.subscribe(
    "channel",
    (text) => texts.push(text),
    () => {
      connections += 1;
    },
  );
  redis.start();
  return { redis, texts, lines, connected: () => connections };
}

async function ownServer() {
  const server = await startRedis();
  onTestFinished(() => server.kill());
  return server;
}

/** Publishes, over and over if need be, until that client has heard of it. */
async function reach(sender: Redis, texts: readonly string[], text: string): Promise<void> {
  await expect
    .poll(async () => {
      await sender.publish("channel", text).catch(() => {});
      return texts;
    })
    .toContain(text);
}

describe.skipIf(!redisAvailable)("the connection to Redis", () => {
  test("comes back each time that Redis does, subscribed, and says when it is", async () => {
    const server = await ownServer();
    const { redis, texts, lines, connected } = open(server.url);
    await reach(redis, texts, "first");
    for (const round of [1, 2, 3]) {
      const before = connected();
      await server.kill();
      await expect(redis.publish("channel", "lost")).rejects.toThrow();
      await server.start();
      await expect.poll(connected, { timeout: 10_000 }).toBeGreaterThan(before);
      await whenAnswering(redis);
      await reach(redis, texts, `round ${round}`);
    }
    expect(texts).not.toContain("lost");
    // Each connection says once that it is gone, and once that it is back.
    expect(lines.filter((line) => line.startsWith("warn"))).toHaveLength(6);
  });

  test("comes back each time that Redis ends it under traffic, and the process lives", async () => {
    const server = await ownServer();
    const { redis, texts, connected } = open(server.url);
    await reach(redis, texts, "first");
    for (let round = 1; round <= 20; round += 1) {
      const before = connected();
      const sending = Array.from({ length: 10 }, () => redis.publish("channel", "maybe").catch(() => {}));
      const { sendCommand } = redis.client as { sendCommand(command: string[]): Promise<unknown> };
      for (const type of ["pubsub", "normal"]) {
        // The connection that asks is ended, too.
        await sendCommand
          .call(redis.client, ["CLIENT", "KILL", "TYPE", type, "SKIPME", "no"])
          .catch(() => {});
      }
      await Promise.all(sending);
      await expect.poll(connected, { timeout: 10_000 }).toBeGreaterThan(before);
      await whenAnswering(redis);
      await reach(redis, texts, `round ${round}`);
    }
  });

  test("is waited for by nobody: commands fail at once without it, and in time when it hangs", async () => {
    const server = await reserveRedis();
    onTestFinished(() => server.kill());
    const { redis, connected } = open(server.url);
    await expect(redis.publish("channel", "x")).rejects.toThrow();
    await expect(redis.ping()).rejects.toThrow();
    await server.start();
    await expect.poll(connected, { timeout: 10_000 }).toBe(1);
    await whenAnswering(redis);
    server.freeze();
    await expect(redis.run("return 1", [], [])).rejects.toThrow(/no answer within 500 ms/);
    server.thaw();
    await whenAnswering(redis);
  });

  test("is not needed for a start: the server is degraded until Redis is there", async () => {
    const server = await reserveRedis();
    onTestFinished(() => server.kill());
    const { url } = await startApp({ config: { redis: { url: server.url, prefix: "test" } } });
    const readiness = async () => {
      const response = await fetch(`${url}/health/ready`);
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    expect(await readiness()).toEqual([200, "degraded"]);
    await server.start();
    await expect.poll(readiness, { timeout: 10_000 }).toEqual([200, "ready"]);
  });

  test.each([
    ["a read-only replica", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
    ["out of memory", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
    [
      "short of replicas",
      ["CONFIG", "SET", "min-replicas-to-write", "1"],
      ["CONFIG", "SET", "min-replicas-to-write", "0"],
    ],
  ])("that is %s and refuses writes makes the server degraded; it applies the limits by itself", async (_, refuse, take) => {
    const server = await ownServer();
    const admin = createClient({ url: server.url });
    await admin.connect();
    onTestFinished(() => admin.destroy());
    const limits = {
      requestsPerMinute: 3,
      failuresPerMinute: 10,
      subscriptionsPerUser: 10,
      trustedProxies: 0,
    };
    const redis = { url: server.url, prefix: "test" };
    const { url } = await startApp({ config: { redis, limits, auth: SECRET_AUTH } });
    const readiness = async () => (await fetch(`${url}/health/ready`)).json();
    await expect.poll(readiness, { timeout: 10_000 }).toMatchObject({ status: "ready" });

    await admin.sendCommand(refuse);
    expect(await readiness()).toMatchObject({
      status: "degraded",
      checks: { database: "ok", redis: "Redis refuses writes" },
    });
    const ask = async () =>
      (
        await fetch(`${url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json", ...(await bearer("ada")) },
          body: JSON.stringify({ query: "{ __typename }" }),
        })
      ).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);

    await admin.sendCommand(take);
    await expect.poll(readiness, { timeout: 10_000 }).toMatchObject({ status: "ready" });
  });
});

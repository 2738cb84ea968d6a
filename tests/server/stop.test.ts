import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { openEvents } from "./support/sse.ts";
import { startServer } from "./support/start-server.ts";

describe("stop", () => {
  it("lets a running request finish, then closes: sockets with 1012, streams without complete", async () => {
    const { url, fixture, stop } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("s", "subscription { tick }");
    socket.subscribe("silent", "subscription { silent }");
    const events = await openEvents(url, "subscription { tick }");
    const silent = await openEvents(url, "subscription { silent }");
    const running = post(url, { query: "{ wait }" });
    await fixture.entered;
    const stopped = stop();
    await expect(send(`${url}/health/live`)).rejects.toThrow(/ECONNREFUSED/);
    // Subscriptions stay until the operations that may still concern them are done.
    fixture.channel.emit("tick", 1);
    expect((await socket.next("next", "s")).payload).toEqual({ data: { tick: 1 } });
    expect((await events.next())?.event).toBe("next");
    // Not answered: an error would be the end of it, and so the client asks again elsewhere.
    socket.subscribe("late", "{ hello }");
    fixture.open();
    expect((await running).json).toEqual({ data: { wait: "waited" } });
    expect(await socket.closed).toEqual({ code: 1012, reason: "Service restart" });
    await expect(socket.next("complete")).rejects.toThrow("closed before a complete came; had []");
    await expect(events.next()).rejects.toThrow("terminated");
    await expect(silent.next()).rejects.toThrow("terminated");
    await stopped;
    await stop();
  });

  it("does not wait for idle keep-alive connections", async () => {
    const { url, logged, stop } = await startServer();
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      get(`${url}/health/live`, { agent }, (res) => res.resume().on("end", resolve)),
    );
    await stop();
    expect(logged.filter(({ level }) => level === 40)).toEqual([]);
  });

  it("does not wait for connections that have never sent a request", async () => {
    const { url, logged, stop } = await startServer();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    // An answer to another request: by then the server has accepted the silent connection too.
    await send(`${url}/health/live`);
    const closed = once(socket, "close");
    await stop();
    await closed;
    expect(logged.filter(({ level }) => level === 40)).toEqual([]);
  });

  it("cuts what does not end within the bound", async () => {
    const { url, fixture, logged, stop } = await startServer({ drainTimeoutMs: 50 });
    const running = post(url, { query: "{ wait }" });
    await fixture.entered;
    const outcome = expect(running).rejects.toThrow(/hang up|ECONNRESET/);
    await stop();
    await outcome;
    expect(logged).toContainEqual(expect.objectContaining({ level: 40, drainTimeoutMs: 50 }));
  });

  it("still closes sockets when the sources of subscriptions cannot be ended", async () => {
    const { url, logged, stop } = await startServer({ onDrain: async () => Promise.reject(new Error("no")) });
    const socket = await new TestSocket(url).connect();
    socket.subscribe("s", "subscription { tick }");
    socket.send({ type: "ping" });
    await socket.next("pong");
    await stop();
    expect((await socket.closed).code).toBe(1012);
    expect(logged).toContainEqual(expect.objectContaining({ msg: "onDrain failed" }));
  });
});

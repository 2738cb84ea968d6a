import { describe, expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { openEvents } from "./support/sse.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH, token } from "./support/tokens.ts";

describe("subscriptions over SSE", () => {
  it("streams results on the GraphQL path", async () => {
    const { url } = await startServer();
    const events = await openEvents(url, "subscription { tick }");
    await post(url, { query: "mutation { shout(tick: 3) }" });
    expect(await events.next()).toEqual({ event: "next", data: { data: { tick: 3 } } });
  });

  it("is refused to a client that accepts no stream, and nothing of it stays open", async () => {
    const { url, metrics, logged, stop } = await startServer();
    const answer = await post(url, { query: "subscription { silent }" }, { accept: "application/json" });
    expect(answer.status).toBe(406);
    expect(await metrics.render()).toContain('gatehouse_open_subscriptions{transport="sse"} 0');
    await stop();
    expect(logged.filter(({ level }) => level === 40)).toEqual([]);
  });

  it("masks an error in mid-stream and completes", async () => {
    const { url, logged } = await startServer();
    const events = await openEvents(url, "subscription { tickThenBoom }");
    expect((await events.next())?.data).toEqual({ data: { tickThenBoom: 1 } });
    const second = await events.next();
    expect(second?.data).toMatchObject({ errors: [{ message: "Unexpected error." }] });
    expect((await events.next())?.event).toBe("complete");
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it("ends when the token expires", async () => {
    const { url, timer } = await startServer({ auth: SECRET_AUTH });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const events = await openEvents(url, "subscription { silent }", {
      authorization: `Bearer ${await token({ exp })}`,
    });
    timer.windTo(new Date(exp * 1000));
    expect((await events.next())?.data).toMatchObject({
      errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
    });
    expect((await events.next())?.event).toBe("complete");
    expect(await events.next()).toBeUndefined();
    expect(timer.pending).toBe(0);
  });

  it("counts the stream closed when the client goes", async () => {
    const { url } = await startServer();
    const metrics = async () => (await send(`${url}/metrics`)).text;
    const events = await openEvents(url, "subscription { silent }");
    expect(await metrics()).toContain('gatehouse_open_subscriptions{transport="sse"} 1');
    events.abort();
    await expect.poll(metrics).toContain('gatehouse_open_subscriptions{transport="sse"} 0');
  });
});

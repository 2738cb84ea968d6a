import { once } from "node:events";
import { connect } from "node:net";
import { v7 } from "uuid";
import { expect, it } from "vitest";
import { send } from "./support/http.ts";
import { startServer } from "./support/start-server.ts";

const FILE = {
  contentType: "text/markdown; charset=utf-8",
  contentDisposition: 'attachment; filename="Ledger.md"',
  body: "# Ledger\n",
};

it("hands on who asks for which file, and counts the operation by its format", async () => {
  const asked: unknown[] = [];
  const { url, logged } = await startServer({
    makeExport: async ({ viewer, ...request }) => {
      asked.push({ user: viewer.userId, ...request });
      return FILE;
    },
  });
  const reply = await send(`${url}/export/projects/a.b.md?variant=technical&variant=other`);
  expect([reply.status, reply.text]).toEqual([200, FILE.body]);
  expect(asked).toEqual([
    { user: expect.stringMatching(/^user:/), projectId: "a.b", format: "md", variant: "technical" },
  ]);
  await expect
    .poll(() => logged)
    .toContainEqual(expect.objectContaining({ operation: "export md", status: 200, outcome: "ok" }));
});

it("masks an unexpected error and logs it once", async () => {
  const { url, logged } = await startServer({
    makeExport: async () => {
      throw new Error("secret detail");
    },
  });
  const reply = await send(`${url}/export/projects/p.md`);
  expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
  expect(reply.text).not.toContain("secret");
  expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
});

it("finishes the export that runs while the server stops, and begins no other", async () => {
  const begun = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const asked: (() => void)[] = [];
  let made = 0;
  const { url, stop } = await startServer({
    // Each request takes an id as it arrives.
    newId: () => {
      asked.shift()?.();
      return v7();
    },
    makeExport: async () => {
      made += 1;
      begun.resolve();
      await free.promise;
      return FILE;
    },
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const ended = once(socket, "close");
  const get = `GET /export/projects/p.md HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
  socket.write(get);
  await begun.promise;
  const stopped = stop();
  // New connections are refused by now: only one that is open already can still ask.
  await expect(send(`${url}/health/live`)).rejects.toThrow(/ECONNREFUSED/);
  const arrived = new Promise<void>((resolve) => asked.push(resolve));
  socket.write(get);
  await arrived;
  free.resolve();
  await ended;
  await stopped;
  const answers = text.split(/(?=HTTP\/1\.1 )/);
  expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*# Ledger\n$/);
  expect(answers[1]).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n[\s\S]*SHUTTING_DOWN/);
  expect(answers[1]).toMatch(/\r\nRetry-After: 1\r\n/);
  expect(made).toBe(1);
});

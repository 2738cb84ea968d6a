import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../server/support/http.ts";
import { TestSocket } from "../server/support/socket.ts";
import { useApp } from "../support/app.ts";
import { Founder } from "./support/founder.ts";
import { Log } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);
beforeAll(() => founder.enlargePlan());
const MESSAGE = "A number beyond 2^53 - 1 would be rounded: give it as a string.";
const CREATE = "createRun(input: $input) { ... on CreateRunSuccess { run { metadata } } }";

/** Numbers as they are written: JavaScript would round them. */
const TOO_LARGE = [
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "12345678901234567890",
  "1e999",
  `1${"0".repeat(400)}`,
];
const EXACT = ["9007199254740991", "-9007199254740991", "0", "1.5", "1e3", '"9007199254740993"'];

/** Not by JSON.stringify, which would have rounded it. */
const payload = (projectId: string, number: string) =>
  `{"query":"mutation ($input: CreateRunInput!) { ${CREATE} }","variables":{"input":` +
  `{"projectId":"${projectId}","title":"Import","metadata":{"rows":[{"id":${number}}]}}}}`;

const literal = (projectId: string, number: string) => ({
  query: `mutation { createRun(input: { projectId: "${projectId}", title: "Import", metadata: { rows: [{ id: ${number} }] } }) {
    ... on CreateRunSuccess { run { metadata } } } }`,
});

const headers = { "content-type": "application/json" };
const post = async (body: string) =>
  (await send(`${app.url}/graphql`, { method: "POST", headers, body })).json;
const eventsOf = async (projectId: string) =>
  (await founder.read(Log, { id: projectId })).project?.events.totalCount;

describe.for(TOO_LARGE)("the number %s in a JSON value", (number) => {
  test("is refused over HTTP, over a WebSocket and in a document, and nothing is written", async () => {
    const projectId = await founder.project();
    const before = await eventsOf(projectId);
    const socket = await new TestSocket(app.url).connect();
    socket.send(`{"id":"1","type":"subscribe","payload":${payload(projectId, number)}}`);
    const answers = [
      await post(payload(projectId, number)),
      await post(payload(projectId, number)),
      await post(JSON.stringify(literal(projectId, number))),
      { errors: (await socket.next("error", "1")).payload },
    ];
    for (const { data, errors } of answers) {
      expect(data ?? null).toBeNull();
      expect(errors[0].message).toContain(MESSAGE);
    }
    expect(await eventsOf(projectId)).toBe(before);
    socket.socket.terminate();
  });
});

describe.for(EXACT)("%s in a JSON value", (number) => {
  test("comes back as it was", async () => {
    const projectId = await founder.project();
    for (const body of [payload(projectId, number), JSON.stringify(literal(projectId, number))]) {
      const { data } = await post(body);
      expect(data.createRun.run.metadata).toEqual({ rows: [{ id: JSON.parse(number) }] });
    }
  });
});

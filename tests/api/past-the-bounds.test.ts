import { beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { type TestApp, useApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";

// Every cache is filled past its bound by two users at once, and each answer is held against a server without caches.

const USERS = ["ada", "grace"] as const;
const config = { auth: SECRET_AUTH };
let database: Database;
beforeAll(async () => {
  // Room for a few statements on each connection, and for fewer shapes of reads than the clients ask.
  const caches = { statements: { maxBytes: 800_000 }, shapes: 12 };
  database = await createTestDatabase({ caches, poolSize: 3 });
});
const cached = useApp(() => ({ database, config }));
const uncached = useApp(() => ({
  // The first server closes it.
  database: { ...database, reads: database.prisma, close: async () => {} },
  clock: cached.clock,
  config,
  shortcuts: false,
}));

type Server = Pick<TestApp, "url">;
interface Asked {
  readonly query: string;
  readonly variables?: object;
}
const headersOf = new Map<string, Record<string, string>>();

async function answerOf(server: Server, user: string, asked: Asked): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headersOf.get(user) },
    body: JSON.stringify(asked),
  });
  return `${response.status} ${await response.text()}`;
}

beforeAll(async () => {
  for (const user of USERS) {
    headersOf.set(user, await bearer(user));
    for (let number = 1; number <= 3; number += 1) {
      const created = await answerOf(cached, user, {
        query: `mutation ($input: CreateProjectInput!) { createProject(input: $input) {
          ... on CreateProjectSuccess { project { id } } } }`,
        variables: { input: { name: `${user} ${number}`, description: `What ${user} plans, ${number}.` } },
      });
      const projectId = /project_\w+/.exec(created)?.[0];
      await answerOf(cached, user, {
        query: `mutation ($input: OpenGateInput!) { openGate(input: $input) { __typename } }`,
        variables: { input: { projectId, context: `Does ${user} go on with ${number}?` } },
      });
    }
  }
});

/** The fields that the bits of a number stand for. */
function subset(fields: readonly string[], bits: number): string {
  return fields.filter((_, at) => (bits >> at) & 1).join(" ");
}

const PROJECT = ["name", "description", "stage", "status", "version", "createdAt"];
const GATE = ["context", "status", "stage", "createdAt"];

/** A query of a shape of its own. All its strings are the asker's, so that a foreign row shows. */
function projectsOf(shape: number): string {
  const gates =
    shape % 3 === 0 ? `gates(first: ${(shape % 2) + 1}) { nodes { id ${subset(GATE, shape)} } }` : "";
  return `{ projects(first: ${(shape % 3) + 1}) { nodes { id ${subset(PROJECT, shape)} ${gates} } } }`;
}

/** Both users ask everything at once, a few requests at a time, and every answer is what the server without caches says. */
async function askAll(queries: readonly string[], rounds: number): Promise<void> {
  const expected = new Map<string, string>();
  for (const user of USERS) {
    for (const query of new Set(queries)) {
      const answer = await answerOf(uncached, user, { query });
      expect(answer).toMatch(/^200 \{"data":/);
      expected.set(`${user} ${query}`, answer);
    }
  }
  const failures: { user: string; query: string; answer: string; expected: string | undefined }[] = [];
  const CLIENTS = 3;
  const client = async (user: string, first: number) => {
    for (let asked = first; asked < queries.length * rounds; asked += CLIENTS) {
      const query = queries[asked % queries.length] ?? "";
      const answer = await answerOf(cached, user, { query });
      const right = expected.get(`${user} ${query}`);
      if (answer !== right) failures.push({ user, query, answer, expected: right });
    }
  };
  await Promise.all(
    USERS.flatMap((user) => Array.from({ length: CLIENTS }, (_, first) => client(user, first))),
  );
  expect(failures.slice(0, 3)).toEqual([]);
}

/** Thousands of requests. */
const TIMEOUT_MS = 120_000;

describe("past the bounds of all caches, two users get what a server without caches gives", {
  timeout: TIMEOUT_MS,
}, () => {
  test("more shapes of reads than statements and shapes are remembered", async () => {
    const queries = Array.from({ length: 64 }, (_, shape) => projectsOf(shape));
    await askAll(queries, 3);
    for (const user of USERS) {
      const answer = await answerOf(cached, user, { query: projectsOf(63) });
      expect(answer).toContain(user);
      for (const other of USERS) if (other !== user) expect(answer).not.toContain(other);
    }
  });

  test("more operations than are remembered", async () => {
    const queries = Array.from({ length: 520 }, (_, number) => `{ a${number}: viewer { id displayName } }`);
    await askAll(queries, 1);
  });

  test("longer documents than are kept parsed", async () => {
    // Seventy of 7,500 characters are more than the 500,000 that are kept.
    const long = "#".repeat(7_500);
    const queries = Array.from(
      { length: 70 },
      (_, number) => `${long}\n{ a${number}: viewer { displayName } }`,
    );
    await askAll(queries, 2);
  });

  test("one text under several names of its operations", async () => {
    const query = "query A { viewer { id } } query B { viewer { displayName } }";
    const names = ["A", "B", "", null, undefined, "C", "A\nquery A{viewer{displayName}}"];
    for (let round = 0; round < 2; round += 1) {
      for (const operationName of names) {
        for (const text of [query, "query A{viewer{id}}", ""]) {
          const asked = { query: text, operationName };
          expect(await answerOf(cached, "ada", asked)).toBe(await answerOf(uncached, "ada", asked));
        }
      }
    }
  });
});

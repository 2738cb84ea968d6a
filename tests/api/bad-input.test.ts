import { beforeAll, describe, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import type { Held } from "./support/agent.ts";
import { badInputs } from "./support/bad-values.ts";
import {
  CreateProject,
  OpenGate,
  ParkProject,
  RaiseRisk,
  SetExitCriteria,
  SetMilestone,
  UpdateProject,
} from "./support/commands.ts";
import { AnnotateArtifact, EditArtifactSection } from "./support/documents.ts";
import { RaiseEscalation, ResolveEscalation } from "./support/escalations.ts";
import { type Everything, goodInputs, makeEverything } from "./support/everything.ts";
import { Founder } from "./support/founder.ts";
import { fingerprint } from "./support/rows.ts";
import {
  ClaimWorkstream,
  CreateRun,
  CreateWorkstream,
  HeartbeatWorkstream,
  RecordError,
  RecordRunEvent,
} from "./support/run-commands.ts";

const app = useApp();
const founder = new Founder(app);
let my: Everything;
let held: Held;
let good: ReturnType<typeof goodInputs>;

beforeAll(async () => {
  my = await makeEverything(founder);
  ({ held } = my);
  good = goodInputs(my, "user_01kzzzzzzzfzzsr000000000zz");
});

/** The mutations of the API, each of which is tried. */
const MUTATIONS = Object.keys(schema.getMutationType()?.getFields() ?? {});

/** What is right after all where more fits in: held against its own limit below. */
const ROOMY: Readonly<Record<string, readonly string[]>> = {
  completeStep: ["more than 16 KB as result"],
  recordError: ["more than 16 KB as context"],
};

test("every mutation is tried", () => {
  expect(Object.keys(good).sort()).toEqual([...MUTATIONS].sort());
});

describe("whatever is wrong with one field is told, and nothing is written:", () => {
  test.each(MUTATIONS)("%s", async (mutation) => {
    const typeName = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${typeName}!) { result: ${mutation}(input: $input) { __typename } }`;
    const before = await fingerprint(app);
    const answers: Record<string, string> = {};
    for (const { name, input } of badInputs(schema, typeName, good[mutation]?.() ?? {})) {
      if (ROOMY[mutation]?.includes(name)) continue;
      const reply = await send<{ result: { __typename: string } }, object>(app.url, query, { input });
      answers[name] = verdict(reply);
    }
    expect(Object.keys(answers).length).toBeGreaterThan(10);
    expect(Object.entries(answers).filter(([, answer]) => answer !== "refused")).toEqual([]);
    expect(await fingerprint(app)).toBe(before);
  });
});

describe("the issues name the field:", () => {
  const project = () => ({ projectId: my.projectId });
  const setup = () => ({ projectId: my.projectId, stage: "THESIS_DEFINED" as const });
  const cases: Record<string, [path: string, run: () => Promise<unknown>]> = {
    "an empty name": ["name", () => founder.run(CreateProject, { name: "" })],
    "a blank name": ["name", () => founder.run(CreateProject, { name: " \t\n\u00a0" })],
    "a name of 10,000 characters": ["name", () => founder.run(CreateProject, { name: "x".repeat(10_000) })],
    "a name of 256 characters": [
      "name",
      () => founder.run(UpdateProject, { ...project(), name: "x".repeat(256) }),
    ],
    "a long description": [
      "description",
      () => founder.run(CreateProject, { name: "Ledger", description: "x".repeat(10_001) }),
    ],
    "a long reason": ["reason", () => founder.run(ParkProject, { ...project(), reason: "x".repeat(2_001) })],
    "an id of another type": ["projectId", () => founder.run(ParkProject, { projectId: my.gateId })],
    "a gate type with a space": [
      "gateType",
      () => founder.run(OpenGate, { ...project(), gateType: "stage advance" }),
    ],
    "a gate type in capitals": [
      "gateType",
      () => founder.run(OpenGate, { ...project(), gateType: "Advance" }),
    ],
    "a list as context": ["context", () => founder.run(OpenGate, { ...project(), context: [] })],
    "a negative weight": ["weight", () => founder.run(SetMilestone, { ...setup(), key: "own", weight: -1 })],
    "an absurd weight": [
      "weight",
      () => founder.run(SetMilestone, { ...setup(), key: "own", weight: 1_001 }),
    ],
    "an empty key": ["key", () => founder.run(SetMilestone, { ...setup(), key: "", weight: 1 })],
    "a key that is the prototype": [
      "key",
      () => founder.run(SetMilestone, { ...setup(), key: "__proto__", weight: 1 }),
    ],
    "a key of 51 characters": [
      "key",
      () => founder.run(SetMilestone, { ...setup(), key: "k".repeat(51), weight: 1 }),
    ],
    "the pre-stage, which has no setup": [
      "stage",
      () => founder.run(SetExitCriteria, { ...project(), stage: "PRE_STAGE", criteria: [] }),
    ],
    "21 criteria": [
      "criteria",
      () => founder.run(SetExitCriteria, { ...setup(), criteria: Array(21).fill("One") }),
    ],
    "a blank criterion": [
      "criteria.1",
      () => founder.run(SetExitCriteria, { ...setup(), criteria: ["One", " "] }),
    ],
    "a document's id for a project": [
      "projectId",
      () => founder.run(ParkProject, { projectId: my.artifactId }),
    ],
    "a project's id for a document": [
      "artifactId",
      () =>
        founder.run(AnnotateArtifact, { artifactId: my.projectId, section: "coreFeatures", note: "All?" }),
    ],
    "a section of another document": [
      "section",
      () =>
        founder.run(AnnotateArtifact, { artifactId: my.artifactId, section: "targetUser", note: "Whose?" }),
    ],
    "content of another section": [
      "content.0",
      () =>
        founder.run(EditArtifactSection, {
          artifactId: my.artifactId,
          section: "coreFeatures",
          content: ["One"],
        }),
    ],
    "a blank risk": ["message", () => founder.run(RaiseRisk, { ...setup(), type: "market", message: "  " })],
    "a run without a title": ["title", () => founder.run(CreateRun, { ...project(), title: " " })],
    "a workstream's key with a space": [
      "workstreams.1.key",
      () =>
        founder.run(CreateRun, { ...project(), title: "Build", workstreams: [{ key: "a" }, { key: "a b" }] }),
    ],
    "a workstream's metadata": [
      "workstreams.0.metadata",
      () =>
        founder.run(CreateRun, {
          ...project(),
          title: "Build",
          workstreams: [{ key: "a", metadata: ["list"] }],
        }),
    ],
    "51 steps": [
      "steps",
      () =>
        founder.run(CreateWorkstream, {
          runId: my.runId,
          key: "s",
          steps: Array.from({ length: 51 }, (_, index) => `s${index}`),
        }),
    ],
    "a claim of nothing in particular": ["", () => founder.run(ClaimWorkstream, { agent: "agent" })],
    "a claim of a run and a project": [
      "",
      () => founder.run(ClaimWorkstream, { ...project(), runId: my.runId, agent: "agent" }),
    ],
    "a lease of 4 seconds": [
      "leaseSeconds",
      () => founder.run(ClaimWorkstream, { runId: my.runId, agent: "agent", leaseSeconds: 4 }),
    ],
    "a lease of more than an hour": [
      "leaseSeconds",
      () => founder.run(HeartbeatWorkstream, { ...held, leaseSeconds: 3_601 }),
    ],
    "a lease's token of another kind": [
      "leaseToken",
      () => founder.run(HeartbeatWorkstream, { ...held, leaseToken: held.workstreamId }),
    ],
    "an error without a message": [
      "message",
      () => founder.run(RecordError, { ...held, step: "edit", errorCode: "E1", message: " \n" }),
    ],
    "an event about a workstream without its lease": [
      "",
      () => founder.run(RecordRunEvent, { runId: my.runId, workstreamId: held.workstreamId, type: "note" }),
    ],
    "a list as an event's payload": [
      "payload",
      () => founder.run(RecordRunEvent, { runId: my.runId, type: "note", payload: [] }),
    ],
    "an answer that was not offered": [
      "decision",
      () => founder.run(ResolveEscalation, { escalationId: my.escalationId, decision: "postgres" }),
    ],
    "guidance of 100,000 characters": [
      "guidance",
      () =>
        founder.run(ResolveEscalation, {
          escalationId: my.escalationId,
          decision: "retry",
          guidance: "x".repeat(100_000),
        }),
    ],
    "an option twice": [
      "options.1.value",
      () =>
        founder.run(RaiseEscalation, {
          ...held,
          problem: "Which?",
          options: [
            { value: "a", label: "A" },
            { value: "a", label: "B" },
          ],
        }),
    ],
    "11 options": [
      "options",
      () =>
        founder.run(RaiseEscalation, {
          ...held,
          problem: "Which?",
          options: Array.from({ length: 11 }, (_, index) => ({ value: `o${index}`, label: "O" })),
        }),
    ],
    "no option at all": [
      "options",
      () => founder.run(RaiseEscalation, { ...held, problem: "Which?", options: [] }),
    ],
    "a policy without a deadline": [
      "dueAt",
      () => founder.run(RaiseEscalation, { ...held, problem: "Which?", onExpiry: "RETRY" }),
    ],
    "a deadline that has passed": [
      "dueAt",
      () =>
        founder.run(RaiseEscalation, { ...held, problem: "Which?", dueAt: app.clock.now().toISOString() }),
    ],
    "a default option that is not offered": [
      "defaultOption",
      () =>
        founder.run(RaiseEscalation, {
          ...held,
          problem: "Which?",
          dueAt: "2100-01-01T00:00:00Z",
          onExpiry: "DEFAULT_OPTION",
          defaultOption: "postgres",
        }),
    ],
    "a default option that needs guidance": [
      "defaultOption",
      () =>
        founder.run(RaiseEscalation, {
          ...held,
          problem: "Which?",
          dueAt: "2100-01-01T00:00:00Z",
          onExpiry: "DEFAULT_OPTION",
          defaultOption: "provide_guidance",
        }),
    ],
    "a policy without its default option": [
      "defaultOption",
      () =>
        founder.run(RaiseEscalation, {
          ...held,
          problem: "Which?",
          dueAt: "2100-01-01T00:00:00Z",
          onExpiry: "DEFAULT_OPTION",
        }),
    ],
    "a run whose questions expire at no time": [
      "escalations.answerWithinSeconds",
      () => founder.run(CreateRun, { ...project(), title: "Build", escalations: { onExpiry: "SKIP" } }),
    ],
    "a run whose questions expire at once": [
      "escalations.answerWithinSeconds",
      () =>
        founder.run(CreateRun, { ...project(), title: "Build", escalations: { answerWithinSeconds: 59 } }),
    ],
    "an empty idempotency key": [
      "idempotencyKey",
      () => founder.run(CreateProject, { name: "Ledger", idempotencyKey: "" }),
    ],
    "a long idempotency key": [
      "idempotencyKey",
      () => founder.run(CreateProject, { name: "Ledger", idempotencyKey: "k".repeat(256) }),
    ],
  };

  test.each(Object.entries(cases))("%s", async (_name, [path, run]) => {
    const before = await fingerprint(app);
    expect(await run()).toMatchObject({ __typename: "ValidationError", issues: [{ path }] });
    expect(await fingerprint(app)).toBe(before);
  });

  test("all of them at once", async () => {
    const { length } = await issuesOf({ name: "", description: "\u0000" });
    expect(length).toBe(2);
  });
});

describe("the key __proto__ is refused, since it would be hashed and not stored:", () => {
  const event = (payload: string) =>
    ["recordRunEvent", `{"runId":"${my.runId}","type":"note","payload":${payload}}`] as const;
  test.each<[string, () => readonly [string, string], string]>([
    ["in an event", () => event('{"__proto__":{"a":1}}'), "payload"],
    ["in an event's object", () => event('{"a":{"__proto__":1}}'), "payload"],
    ["in an event's list", () => event('{"a":[[{"b":{"__proto__":null}}]]}'), "payload"],
    [
      "in what a refusal would record",
      () => ["createWorkstream", `{"runId":"${my.runId}","key":"a","metadata":{"__proto__":{"a":1}}}`],
      "metadata",
    ],
    [
      "in a gate's context",
      () => ["openGate", `{"projectId":"${my.projectId}","context":{"a":{"__proto__":[]}}}`],
      "context",
    ],
  ])("%s", async (_name, command, path) => {
    const before = await fingerprint(app);
    const [mutation, input] = command();
    const typeName = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const selection = "{ __typename ... on ValidationError { issues { path } } }";
    const query = `mutation ($input: ${typeName}) { result: ${mutation}(input: $input) ${selection} }`;
    const response = await fetch(`${app.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // Written by hand: an object literal would set the prototype.
      body: `{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`,
    });
    expect(await response.json()).toEqual({
      data: { result: { __typename: "ValidationError", issues: [{ path }] } },
    });
    expect(await fingerprint(app)).toBe(before);
    const { count, verification } = await founder.log(my.projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  });
});

describe("what is at the limits goes through:", () => {
  test("the longest texts, in characters beyond ASCII too", async () => {
    const name = `${"é".repeat(253)}🌱`;
    const { project } = await founder.succeed(CreateProject, { name, description: "ß".repeat(10_000) });
    expect(project.name).toBe(name);
  });

  test("a context of many kinds of values, given back as it was", async () => {
    const context = {
      text: "'; DROP TABLE event; --",
      emoji: "🌱",
      zero: 0,
      tiny: 1e-7,
      none: null,
      list: [[], {}],
    };
    const { gate } = await founder.succeed(OpenGate, { projectId: my.projectId, context });
    expect(gate.context).toEqual(context);
  });

  test("a context written into the document", async () => {
    const input = `{ projectId: "${my.projectId}", context: { a: [1, 2.5, "x", true, null], b: { c: ENUM } } }`;
    const { data } = await send(
      app.url,
      `mutation { openGate(input: ${input}) { ... on OpenGateSuccess { gate { context } } } }`,
    );
    expect(data).toEqual({
      openGate: { gate: { context: { a: [1, 2.5, "x", true, null], b: { c: "ENUM" } } } },
    });
  });
});

describe("a document that asks too much is refused before it is run:", () => {
  const documents: Record<string, string> = {
    "100,000 tokens": `{ ${"planTiers { name } ".repeat(25_000)} }`,
    "100,000 tokens of punctuation": "{".repeat(100_000),
    "more than 256 KB": `{ planTiers { name } } # ${"x".repeat(256 * 1024)}`,
    "a dozen walks through a log": `{ viewer { id } ${Array.from({ length: 12 }, (_, i) => `a${i}: verifyTimeline(projectId: "project_00000000000000000000000000") { ok }`).join(" ")} }`,
    "pages of pages":
      "{ projects(first: 100) { nodes { events(first: 100) { nodes { project { owner { projects(first: 100) { nodes { id } } } } } } } } }",
    "a thousand aliases of a list": `{ ${Array.from({ length: 800 }, (_, i) => `a${i}: projects { nodes { id } }`).join(" ")} }`,
    "a hundred levels": `{ viewer ${"{ projects { nodes { owner ".repeat(33)}{ id }${" } } }".repeat(33)} }`,
    "fragments in a circle":
      "{ viewer { ...A } } fragment A on User { projects { nodes { owner { ...A } } } }",
    "fragments that grow": `{ viewer { ...F0 } } ${Array.from(
      { length: 30 },
      (_, i) =>
        `fragment F${i} on User { a: projects { nodes { owner { ...F${i + 1} } } } b: projects { nodes { owner { ...F${i + 1} } } } }`,
    ).join(" ")} fragment F30 on User { id }`,
    nothing: "",
    "what is no GraphQL": "SELECT 1",
    "a field that is not there": "{ viewer { password } }",
  };

  test.each(Object.entries(documents))("%s", async (_name, document) => {
    const before = await fingerprint(app);
    const { status, data, errors } = await send(app.url, document);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect(data ?? null).toBeNull();
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain("INTERNAL_SERVER_ERROR");
    expect(JSON.stringify(errors).length).toBeLessThan(20_000);
    expect(await fingerprint(app)).toBe(before);
  });

  test.each([
    ["an id", () => `"query ($v: ID!) { node(id: $v) { id } }"`, "[", "]"],
    ["a list", () => `"query ($v: [ID!]!) { nodes(ids: $v) { id } }"`, "[", "]"],
    ["a JSON value", openGateWith, '{"a":', "}"],
    ["the content of a section", editWith, "[", "]"],
  ])("%s nested ten thousand deep", async (_name, query, open, close) => {
    const before = await fingerprint(app);
    const value = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
    const response = await fetch(`${app.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"query":${query()},"variables":{"v":${value}}}`,
    });
    expect(response.status).toBeLessThan(500);
    const text = await response.text();
    expect(text).toMatch(/BAD_USER_INPUT|ValidationError|REQUEST_TOO_DEEP/);
    expect(text.length).toBeLessThan(5_000);
    expect(await fingerprint(app)).toBe(before);
  });
});

function editWith(): string {
  const input = `{ artifactId: "${my.artifactId}", section: "coreFeatures", content: $v }`;
  return JSON.stringify(`mutation ($v: JSON!) { editArtifactSection(input: ${input}) { __typename } }`);
}

function openGateWith(): string {
  const input = `{ projectId: "${my.projectId}", context: $v }`;
  return JSON.stringify(`mutation ($v: JSON) { openGate(input: ${input}) { __typename } }`);
}

/** "refused" when the answer says what is wrong with the input, otherwise what it was. */
function verdict({
  status,
  data,
  errors,
}: Awaited<ReturnType<typeof send<{ result: { __typename: string } }, object>>>) {
  const codes = errors?.map(({ extensions }) => extensions?.code);
  const asError = codes?.every((code) => code === "BAD_USER_INPUT" || code === "GRAPHQL_VALIDATION_FAILED");
  if (status < 500 && asError) return "refused";
  if (status === 200 && !errors && data?.result.__typename === "ValidationError") return "refused";
  return `${status} ${data?.result.__typename ?? codes?.join()}`;
}

async function issuesOf(input: { name: string; description: string }) {
  const result = await founder.run(CreateProject, input);
  return "issues" in result ? result.issues : [];
}

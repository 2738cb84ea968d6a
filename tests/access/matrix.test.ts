import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import {
  COMMAND_PERMISSIONS,
  type CommandName,
  PERMISSIONS,
  type Permission,
  READ_PERMISSIONS,
  TYPE_PERMISSIONS,
} from "../../src/domain/account/permissions.ts";
import { schema } from "../../src/schema/index.ts";
import { SuspendUser } from "../api/support/account-commands.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { stick } from "../api/support/escalations.ts";
import { type Everything, goodInputs, makeEverything } from "../api/support/everything.ts";
import { Founder } from "../api/support/founder.ts";
import { Viewer } from "../api/support/queries.ts";
import { fingerprint } from "../api/support/rows.ts";
import { untilOpen } from "../api/support/streams.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { subscribe } from "../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { type Cast, has, makePrincipals, type Principal, verdictOn } from "./support/principals.ts";
import { thingsIn, walksOf } from "./support/selections.ts";

const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["root"] } });

let my: Everything;
let cast: Cast;
/** Every thing of the project, as the owner's reads reach it: its type by its id. */
const things = new Map<string, string>();

const rootFields = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {});
const MUTATIONS = rootFields(schema.getMutationType()) as CommandName[];
const NODE_TYPES = schema.getPossibleTypes(schema.getType("Node") as never);

/** The user that each principal is or stands for. */
const selves = new Map<Principal, string>();

/** What is to be read from each root field that reads. */
const roots = () => ({
  viewer: "viewer",
  projects: "projects(first: 3)",
  project: `project(id: "${my.projectId}")`,
});

beforeAll(async () => {
  const owner = new Founder(app, await bearer("ada"));
  const root = new Founder(app, await bearer("root"));
  await root.read(Viewer, {});
  my = await makeEverything(owner);
  cast = await makePrincipals(app, my.projectId, owner);
  const suspended = cast.principals.find(({ name }) => name === "suspended user");
  const { viewer } = await new Founder(app, suspended?.headers).read(Viewer, {});
  await root.succeed(SuspendUser, { userId: viewer.id });
  for (const principal of cast.principals) {
    if (principal.refused !== null) continue;
    selves.set(principal, (await new Founder(app, principal.headers).read(Viewer, {})).viewer.id);
  }
  const asOwner = cast.principals.at(-1) as Principal;
  things.set(my.projectId, "Project");
  const all = `{ ${roots().project} { events(first: 100) { nodes { __typename id } } } }`;
  for (const { query } of [{ query: all }, ...walksOf(schema, { project: roots().project }, 3)]) {
    const { data, errors } = await ask(asOwner, query);
    expect(errors, query).toEqual([]);
    for (const [id, type] of thingsIn(data)) things.set(id, type);
  }
}, 60_000);

/** An answer as it came, but for the correlation id of a fault. */
async function ask(principal: Principal, query: string, variables: object = {}) {
  const { status, data, errors } = await send<Record<string, unknown>, object>(
    app.url,
    query,
    variables,
    principal.headers,
  );
  return { status, data: data ?? null, errors: errors ?? [] };
}

/** Everything that is the same for every principal, so that one row of the matrix is one test. */
async function each(check: (principal: Principal) => Promise<string | null>): Promise<void> {
  const wrong: string[] = [];
  for (const principal of cast.principals) {
    const fault = await check(principal);
    if (fault) wrong.push(`${principal.name}: ${fault}`);
  }
  expect(wrong).toEqual([]);
}

describe("the table has a row for", () => {
  test("every mutation, and no other", () => {
    expect(Object.keys(COMMAND_PERMISSIONS).sort()).toEqual([...MUTATIONS].sort());
  });

  test("every query, subscription and export, and no other", () => {
    const fields = [
      ...rootFields(schema.getQueryType()).map((name) => `Query.${name}`),
      ...rootFields(schema.getSubscriptionType()).map((name) => `Subscription.${name}`),
      ...["Export.md", "Export.pdf"],
    ];
    expect(Object.keys(READ_PERMISSIONS).sort()).toEqual(fields.sort());
  });

  test("every type that node gives", () => {
    for (const { name } of NODE_TYPES) expect(permissionOfType(name), name).toBeDefined();
  });

  test("every field that leads to what not every member may see", () => {
    const rows = Object.keys(TYPE_PERMISSIONS);
    const isGuarded = (type: string) => !["READ", "SELF", undefined].includes(permissionOfType(type));
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type === schema.getMutationType()) continue;
      if (/Success$|Connection$|Edge$/.test(type.name) || isGuarded(type.name)) continue;
      for (const field of Object.values(type.getFields())) {
        const target = getNamedType(field.type).name.replace(/Connection$/, "");
        if (isGuarded(target)) expect(rows).toContain(`${type.name}.${field.name}`);
      }
    }
  });

  test("every permission is one that something takes", () => {
    const taken = [COMMAND_PERMISSIONS, READ_PERMISSIONS, TYPE_PERMISSIONS].flatMap((rows) =>
      Object.values(rows),
    );
    expect([...new Set(taken)].sort()).toEqual(Object.keys(PERMISSIONS).sort());
  });
});

function permissionOfType(name: string): Permission | undefined {
  const type = schema.getType(name) as GraphQLNamedType;
  const isEvent =
    isObjectType(type) && type.getInterfaces().some((face) => isInterfaceType(face) && face.name === "Event");
  const row = isEvent ? "Event" : name;
  return Object.hasOwn(TYPE_PERMISSIONS, row)
    ? TYPE_PERMISSIONS[row as keyof typeof TYPE_PERMISSIONS]
    : undefined;
}

/** Whether the table gives somebody a thing of the project. */
function sees(principal: Principal, type: string, id = ""): boolean {
  if (principal.refused !== null) return false;
  // One's own, and of others' the owner's, and the members' for whoever sees members.
  if (type === "User") {
    if (id === selves.get(principal) || has(principal, "READ_MEMBERS")) return true;
    return principal.role !== null && id === my.userId;
  }
  // Those that the owner sees are the owner's own, and those of the project; no key sees keys.
  if (type === "ApiKey") return principal.role === "OWNER" && principal.scopes === null;
  return has(principal, permissionOfType(type) ?? "READ");
}

describe("reads:", () => {
  test("the owner reaches a thing of every type that node gives", () => {
    const reached = new Set(things.values());
    expect(NODE_TYPES.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
  });

  test("node and nodes give each thing to whom the table says, and null to everybody else", async () => {
    const ids = [...things].filter(([, type]) => permissionOfType(type)).map(([id]) => id);
    await each(async (principal) => {
      for (let start = 0; start < ids.length; start += 50) {
        const page = ids.slice(start, start + 50);
        const list = page.map((id) => JSON.stringify(id)).join(", ");
        const single = page.map((id, index) => `n${index}: node(id: "${id}") { id }`).join(" ");
        const all = await ask(principal, `{ nodes(ids: [${list}]) { id } }`);
        const one = await ask(principal, `{ ${single} }`);
        if (principal.refused !== null) {
          const isRefused = [all, one].every(({ status, data }) => status === principal.refused && !data);
          if (!isRefused) return `${all.status} ${one.status}`;
          continue;
        }
        const given = all.data?.nodes as ({ id: string } | null)[];
        for (const [index, id] of page.entries()) {
          const type = things.get(id) ?? "";
          const expected = sees(principal, type, id) ? id : null;
          const single = one.data?.[`n${index}`] as { id: string } | null;
          const seen = [given[index]?.id ?? null, single?.id ?? null];
          if (seen.some((each) => each !== expected)) return `${type} ${id} is ${seen}`;
        }
      }
      return null;
    });
  }, 60_000);

  test.each([
    "viewer",
    "projects",
    "project",
  ] as const)("no way from %s leads anybody to what the table does not give them", async (root) => {
    const walks = walksOf(schema, { [root]: roots()[root] }, root === "project" ? 3 : 2);
    expect(walks.length).toBeGreaterThan(0);
    await each(async (principal) => {
      for (const { query, name } of walks) {
        const { status, data, errors } = await ask(principal, query);
        if (principal.refused !== null) {
          if (status !== principal.refused || data) return `${name}: ${status}`;
          continue;
        }
        if (errors.length > 0) return `${name}: ${JSON.stringify(errors)}`;
        for (const [id, type] of thingsIn(data)) {
          if (things.has(id) && !sees(principal, type, id)) return `${name}: ${type} ${id}`;
        }
      }
      return null;
    });
  }, 60_000);

  test("what is somebody else's and what is not there are answered alike, byte for byte", async () => {
    const { projectId } = my;
    const queries = [
      (id: string) => `{ project(id: "${id}") { __typename } }`,
      (id: string) => `{ node(id: "${id}") { __typename } }`,
      (id: string) => `{ verifyTimeline(projectId: "${id}") { __typename } }`,
    ];
    await each(async (principal) => {
      for (const query of queries) {
        const theirs = await raw(principal, query(projectId));
        const none = await raw(principal, query(missingOf(projectId)));
        const isAlike = theirs === none;
        if (isAlike === sees(principal, "Project")) return `${theirs} ${none}`;
      }
      return null;
    });
  });
});

/** The order in which mutations are tried: those last that end what the others need. */
const LAST: readonly CommandName[] = [
  ...([
    "removeMember",
    "transferProject",
    "suspendUser",
    "reinstateUser",
    "transitionRun",
    "completeDiscussion",
  ] as const),
  ...(["leaveProject", "archiveProject"] as const),
];
const ORDERED = [...MUTATIONS.filter((name) => !LAST.includes(name)), ...LAST];

describe("commands of those who may not are refused as the table says, and write nothing:", () => {
  test.each(ORDERED)("%s", async (command) => {
    const input = inputOf(command);
    const query = mutationOf(command);
    const before = await state();
    let recorded = 0;
    await each(async (principal) => {
      const verdict = verdictOn(principal, command, input);
      if (verdict === "ALLOWED") return null;
      const answer = await raw(principal, query, { input });
      const fault = faultOf(verdict, answer);
      if (fault) return fault;
      // A member's try is on record.
      if (verdict === "NOT_PERMITTED" && principal.role !== null && isRecordedBy(command)) recorded += 1;
      if (verdict !== "NOT_FOUND") return null;
      // What is hidden, and what is only somebody else's, is not to be told from what is not there.
      const missing = await raw(principal, query, { input: missingIn(input) });
      return missing === answer ? null : `${answer} ${missing}`;
    });
    const after = await state();
    expect(after).toEqual({ ...before, events: before.events + recorded });
  });
});

describe("subscriptions:", () => {
  test.each(rootFields(schema.getSubscriptionType()))("%s opens for whom the table says", async (field) => {
    const cursor = await startCursor();
    const call = (id: (id: string) => string): string => {
      const after = `after: "${cursor}"`;
      switch (field) {
        case "stageEvents":
        case "projectEvents":
          return `${field}(projectId: "${id(my.projectId)}", ${after}) { id }`;
        case "runEvents":
          return `${field}(runId: "${id(my.runId)}", ${after}) { id }`;
        case "discussionStream":
          return `${field}(discussionId: "${id(my.discussionId)}") { __typename }`;
        default:
          return `${field} { __typename }`;
      }
    };
    await each(async (principal) => {
      const permission = READ_PERMISSIONS[`Subscription.${field}` as keyof typeof READ_PERMISSIONS];
      const query = `subscription { ${call((id) => id)} }`;
      if (permission === "SELF" && principal.refused === null) return null;
      const answer = await firstOf(principal, query);
      if (principal.refused !== null) return answer.startsWith(`${principal.refused} `) ? null : answer;
      if (has(principal, permission)) return /"id"|__typename/.test(answer) ? null : answer;
      const none = await firstOf(principal, `subscription { ${call(missingOf)} }`);
      return answer === none && answer.includes("NOT_FOUND") ? null : `${answer} ${none}`;
    });
  });
});

/** What tells of all of somebody's projects is open to everybody; what it tells is not. */
describe("of what happens in the project, nobody is told but whom the table says, by", () => {
  const DOCUMENTS = {
    viewerEvents: "subscription { told: viewerEvents { project { id } } }",
    escalationInbox: "subscription { told: escalationInbox { project { id } } }",
  };
  const SELVES = rootFields(schema.getSubscriptionType()).filter(
    (field) => READ_PERMISSIONS[`Subscription.${field}` as keyof typeof READ_PERMISSIONS] === "SELF",
  );

  test("each of those", () => expect(Object.keys(DOCUMENTS).sort()).toEqual(SELVES.sort()));

  test.each(Object.entries(DOCUMENTS))("%s", async (_field, document) => {
    const asking = cast.principals.filter(({ refused }) => refused === null);
    const streams = await Promise.all(
      asking.map(async (principal) => ({
        principal,
        stream: await subscribe<Told, object>("SSE", app.url, document, {}, principal.headers),
      })),
    );
    await untilOpen(app.url, streams.length);
    await stuckIn(cast.owner, my.projectId);
    // Then something of their own, so that they are told something in any case.
    for (const principal of asking.filter((one) => !sees(one, "Project"))) {
      const founder = new Founder(app, principal.headers);
      const { data } = await ask(principal, "{ projects(first: 1) { nodes { id } } }");
      const [own] = (data?.projects as { nodes: { id: string }[] }).nodes;
      await stuckIn(founder, own?.id ?? (await founder.project()));
    }
    const told: (readonly [string, boolean])[] = [];
    for (const { principal, stream } of streams) {
      const first = await stream.next();
      told.push([principal.name, first?.data?.told.project.id === my.projectId]);
      await stream.close();
    }
    expect(told).toEqual(asking.map((principal) => [principal.name, sees(principal, "Project")]));
  });
});

interface Told {
  readonly told: { readonly project: { readonly id: string } };
}

/** An agent that has to ask, in a run of its own. */
async function stuckIn(founder: Founder, projectId: string): Promise<void> {
  await stick(founder, new Agent(founder), await createRun(founder, projectId, plan("a")));
}

describe("exports:", () => {
  test.each(["md", "pdf"] as const)("as %s, for whom the table says", async (format) => {
    await each(async (principal) => {
      // One PDF shows that it is made; of those who get none, everybody is asked.
      const gets = has(principal, READ_PERMISSIONS[`Export.${format}`]);
      if (format === "pdf" && gets && principal.name !== "owner") return null;
      const get = async (id: string) => {
        const url = `${app.url}/export/projects/${id}.${format}`;
        const response = await fetch(url, { headers: principal.headers });
        return { status: response.status, text: await response.text() };
      };
      const { status, text } = await get(my.projectId);
      if (principal.refused !== null) return status === principal.refused ? null : `${status}`;
      if (gets) return status === 200 ? null : `${status}`;
      const none = await get(missingOf(my.projectId));
      return status === 404 && text === none.text ? null : `${status} ${text}`;
    });
  });
});

/** Last, because commands change what the others look at. */
describe("commands of those who may: no permission is missed by", () => {
  test.each(ORDERED)("%s", async (command) => {
    const input = inputOf(command);
    const query = mutationOf(command);
    await each(async (principal) => {
      if (verdictOn(principal, command, input) !== "ALLOWED") return null;
      const answer = await raw(principal, query, { input });
      return /NOT_PERMITTED|ADMIN_REQUIRED|"errors"/.test(answer) ? answer : null;
    });
  });

  test("and each of them goes through for somebody", async () => {
    const owner = new Founder(app, cast.owner.headers);
    const fresh = await makeEverything(owner);
    const inputs = goodInputs(fresh, cast.victimId);
    const principal = cast.principals.at(-1) as Principal;
    const found: string[] = [];
    for (const command of ORDERED) {
      const answer = await raw(principal, mutationOf(command), { input: inputs[command]?.() ?? {} });
      if (answer.includes("Success")) found.push(command);
    }
    expect(found).toEqual(
      expect.arrayContaining(["updateProject", "openGate", "createApiKey", "archiveProject"]),
    );
    expect(found.length).toBeGreaterThan(25);
  });
});

/** A right input for each mutation; the invitation's token is spent, so that nobody joins by trying. */
function inputOf(command: CommandName): Record<string, unknown> {
  if (command === "acceptInvitation") return { token: cast.spentToken };
  return goodInputs(my, cast.victimId)[command]?.() ?? {};
}

/** The same input with ids of things that are not there. */
function missingIn(value: unknown): unknown {
  if (typeof value === "string") return /^[a-z]+_[0-9a-z]{26}$/.test(value) ? missingOf(value) : value;
  if (Array.isArray(value)) return value.map(missingIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, missingIn(part)]));
}

function missingOf(id: string): string {
  return `${id.split("_")[0]}_01kzzzzzzzfzzsr000000000zz`;
}

function mutationOf(command: string): string {
  const typeName = `${command.charAt(0).toUpperCase()}${command.slice(1)}Input`;
  const selection = "{ __typename ... on Error { message } ... on GuardRejectedError { rule allowed } }";
  return `mutation ($input: ${typeName}!) { result: ${command}(input: $input) ${selection} }`;
}

/** What is wrong with an answer to somebody who may not do it. */
function faultOf(verdict: ReturnType<typeof verdictOn>, answer: string): string | null {
  if (typeof verdict === "number")
    return answer.startsWith(`${verdict} `) && !answer.includes('"data"') ? null : answer;
  if (verdict === "NOT_FOUND") return answer.includes('"__typename":"NotFoundError"') ? null : answer;
  return answer.includes(`"rule":"${verdict}"`) ? null : answer;
}

/** Whether a refusal of it is in the project's log: it is about one. A heartbeat would fill it. */
function isRecordedBy(command: CommandName): boolean {
  return PERMISSIONS[COMMAND_PERMISSIONS[command]].roles !== null && command !== "heartbeatWorkstream";
}

/** All rows, and how many events there are. */
async function state() {
  const events = await app.database.prisma.event.count();
  const rows = await fingerprint(app, { withHeads: false });
  return { events, rows };
}

async function startCursor(): Promise<string> {
  const principal = cast.principals.at(-1) as Principal;
  const { data } = await ask(principal, `{ project(id: "${my.projectId}") { startCursor } }`);
  return (data?.project as { startCursor: string }).startCursor;
}

/** The status and the first thing that a subscription over SSE says. */
async function firstOf(principal: Principal, query: string): Promise<string> {
  const abort = new AbortController();
  const response = await fetch(`${app.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", ...principal.headers },
    body: JSON.stringify({ query }),
    signal: abort.signal,
  });
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (/^data: .+$/m.test(text)) break;
  }
  abort.abort();
  return `${response.status} ${/^data: (.+)$/m.exec(text)?.[1] ?? text}`;
}

async function raw(principal: Principal, query: string, variables: object = {}): Promise<string> {
  const response = await fetch(`${app.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...principal.headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return `${response.status} ${text}`;
}

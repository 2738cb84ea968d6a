import { parseId } from "../../../src/schema/ids.ts";

/** Ids and other words that a server knows: what operations name in order to reach anything. */
export class World {
  readonly #ids = new Map<string, string[]>();
  readonly cursors: string[] = [];

  /** Ids by what an argument calls them: `projectId`, `leaseToken`, `ids`; any id where the name tells nothing. */
  idsFor(name: string): readonly string[] {
    const kind = name === "leaseToken" ? "lease" : name.replace(/Ids?$/, "").toLowerCase();
    return this.#ids.get(kind) ?? this.all();
  }

  all(): readonly string[] {
    return [...this.#ids.values()].flat();
  }

  /** Takes up every id and cursor of an answer. */
  learn(answer: unknown, key = ""): void {
    if (Array.isArray(answer)) {
      for (const item of answer) this.learn(item, key);
    } else if (typeof answer === "object" && answer !== null) {
      for (const [name, value] of Object.entries(answer)) this.learn(value, name);
    } else if (typeof answer === "string") {
      const prefix = parseId(answer)?.prefix;
      if (prefix) this.#add(prefix, answer);
      else if (key.toLowerCase().endsWith("cursor")) this.cursors.push(answer);
    }
  }

  #add(prefix: string, id: string): void {
    const known = this.#ids.get(prefix) ?? [];
    if (!known.includes(id)) known.push(id);
    this.#ids.set(prefix, known);
  }
}

/** What a world is made by, in this order. Each may name ids that the ones before it have brought. */
const MAKING: readonly ((ids: World, name: string) => [mutation: string, input: object])[] = [
  // What is generated changes plans too.
  (ids) => ["setPlanTier", { userId: last(ids, "userId"), plan: "CTO_SCALE" }],
  (_, name) => ["createProject", { name }],
  (ids) => ["openGate", { projectId: last(ids, "projectId") }],
  (ids) => ["decideGate", { gateId: last(ids, "gateId"), decision: "PROCEED" }],
  (ids) => ["openGate", { projectId: last(ids, "projectId") }],
  (ids) => ["raiseRisk", { ...inStage(ids), type: "market", message: "Nobody may want it." }],
  (ids) => ["startDiscussion", { projectId: last(ids, "projectId"), question: "Why?", type: "OPEN" }],
  (ids) => ["generateArtifacts", { projectId: last(ids, "projectId") }],
  (ids) => ["createRun", { projectId: last(ids, "projectId"), title: "Ask", workstreams: WORKSTREAMS }],
  (ids) => ["claimWorkstream", { projectId: last(ids, "projectId"), agent: "agent-1" }],
  (ids) => ["raiseEscalation", { ...held(ids), problem: "Which database?" }],
  (ids) => ["createRun", { projectId: last(ids, "projectId"), title: "Build", workstreams: WORKSTREAMS }],
  (ids) => ["claimWorkstream", { projectId: last(ids, "projectId"), agent: "agent-1" }],
  (ids) => ["startStep", { ...held(ids), step: "edit" }],
  (ids) => ["recordError", { ...held(ids), step: "edit", errorCode: "E1", message: "It broke at 1." }],
];

const WORKSTREAMS = [{ key: "a" }, { key: "b", dependsOn: ["a"] }, { key: "c" }];

/** A new project with something of everything in it. `ask` gives an operation's data. */
export async function makeWorld(
  name: string,
  ask: (query: string, variables: object) => Promise<unknown>,
): Promise<World> {
  const world = new World();
  world.learn(await ask("{ viewer { id } }", {}));
  for (const make of MAKING) {
    const [mutation, input] = make(world, name);
    const typeName = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const more = mutation === "claimWorkstream" ? "leaseToken workstream { id }" : "";
    const query = `mutation ($input: ${typeName}Input!) {
      result: ${mutation}(input: $input) {
        ... on ${typeName}Success { ${more} events { id cursor project { id } ${LINKS} } }
        ... on Error { message }
      }
    }`;
    const data = (await ask(query, { input })) as { result: { events?: unknown; message?: string } };
    if (!data.result.events) throw new Error(`${mutation}: ${data.result.message}`);
    world.learn(data);
  }
  world.learn(await ask(EVERYTHING, { id: last(world, "projectId") }));
  return world;
}

const LINKS = `
  ... on GateEvent { gate { id } }
  ... on RiskEvent { risk { id } }
  ... on DiscussionEvent { discussion { id } }
  ... on RunEvent { run { id } }
  ... on EscalationEvent { escalation { id } }
`;

const EVERYTHING = `query ($id: ID!) {
  project(id: $id) {
    stages { id milestones { key } risks { id } }
    gates { nodes { id } }
    artifacts { id }
    events(last: 100) { nodes { id cursor } }
    discussions { nodes { id rounds { id messages { id } } } }
    runs { nodes { id workstreams { nodes { id attempts { nodes { id } } errors { nodes { id } } } } } }
  }
}`;

function last(ids: World, name: string): string {
  return ids.idsFor(name).at(-1) ?? "";
}

function held(ids: World) {
  return { workstreamId: last(ids, "workstreamId"), leaseToken: last(ids, "leaseToken") };
}

function inStage(ids: World) {
  return { projectId: last(ids, "projectId"), stage: "THESIS_DEFINED" };
}

// Weights: what an operation costs against what it takes. Every field that can be reached without a mutation is asked for by
// itself, on a project in which everything is as large as inputs allow, and what its answer and its processor time come
// to more than without it is divided by what it costs more. Fails when a field is too cheap for what it can answer with.

import { setTimeout as wait } from "node:timers/promises";
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from "graphql";
import { makeWorld, type World } from "../tests/fuzz/support/world.ts";
import { fillToLimits } from "./support/fill-to-limits.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench, type Scope } from "./support/run-bench.ts";
import { type RunningServer, startServer } from "./support/server.ts";

const MAX_BYTES_PER_UNIT = 2_048;
const MAX_MS_PER_UNIT = 1;
/** What is measured of a field that takes less is the noise. */
const MIN_MS = 2;
const ROUNDS = 5;
const SHOWN = 15;
const PATIENCE_MS = 30_000;
const BUSY = `query ($id: ID!) { project(id: $id) { artifactGeneration { status } discussions { nodes { activity } } } }`;

const ARTIFACTS =
  "query ($id: ID!) { project(id: $id) { artifacts { id } discussions { nodes { id consensus { id } } } } }";

/** A way to a type's objects: what stands before a selection of theirs, and what behind it. */
interface Way {
  readonly before: string;
  readonly after: string;
}

interface Measured {
  readonly bytes: number;
  readonly cost: number;
  readonly ms: number;
}

await runBench("Weights", weigh, { limitMs: 600_000 });

async function weigh(scope: Scope): Promise<void> {
  const place = await makePlace(scope);
  let server = await startServer(scope, place);
  const world = await makeWorld("Weighed", (query, variables) => askOf(server, query, variables));
  const [id = ""] = world.idsFor("projectId");
  const until = performance.now() + PATIENCE_MS;
  while (/RUNNING|"ROUND"|"SUMMARY"/.test(JSON.stringify(await askOf(server, BUSY, { id })))) {
    check(performance.now() < until, "What was begun is not done in time.");
    await wait(100);
  }
  world.learn(await askOf(server, ARTIFACTS, { id }));
  const schema = buildClientSchema((await askOf(server, getIntrospectionQuery(), {})) as never);
  await server.stop();
  const database = await place.open();
  await fillToLimits(database);
  await database.close();
  server = await startServer(scope, place);

  const ways = waysTo(schema, world);
  const rows: { name: string; cost: number; bytes: number; ms: number }[] = [];
  for (const [type, way] of ways) {
    const without = await measure(server, `${way.before} __typename ${way.after}`);
    for (const field of Object.values(type.getFields())) {
      const selection = selectionOf(field);
      if (selection === null) continue;
      const query = `${way.before} __typename ${selection} ${way.after}`;
      let withIt = await measure(server, query);
      // What looks dear is asked for more often before it is believed.
      if (withIt.ms - without.ms > MIN_MS) withIt = await measure(server, query, 3 * ROUNDS);
      rows.push({
        name: `${type.name}.${field.name}`,
        cost: withIt.cost - without.cost,
        bytes: withIt.bytes - without.bytes,
        ms: withIt.ms - without.ms,
      });
    }
  }
  await server.stop();

  const worst = (of: "bytes" | "ms") =>
    rows.toSorted((a, b) => b[of] / b.cost - a[of] / a.cost).slice(0, SHOWN);
  console.log(`${rows.length} fields of ${ways.size} types. Most bytes for a unit of cost:\n`);
  const columns = ["field", "cost", "bytes", "bytes per unit", "ms", "ms per unit"];
  const print = (of: "bytes" | "ms") =>
    printTable(
      columns,
      worst(of).map(({ name, cost, bytes, ms }) => [name, cost, bytes, bytes / cost, ms, ms / cost]),
    );
  print("bytes");
  console.log("Most processor time for a unit of cost:\n");
  print("ms");
  const setting = await place.open();
  scope.defer(() => setting.close());
  await printSetting(setting);
  const problems = rows
    .filter(
      ({ bytes, ms, cost }) =>
        bytes / cost > MAX_BYTES_PER_UNIT || (ms > MIN_MS && ms / cost > MAX_MS_PER_UNIT),
    )
    .map(({ name, bytes, ms, cost }) => `${name}: ${bytes} bytes and ${ms.toFixed(1)} ms for ${cost}`);
  check(problems.length === 0, `Too cheap:\n  ${problems.join("\n  ")}`);
}

async function send({ url }: RunningServer, query: string, variables: object) {
  const headers = { "content-type": "application/json", "x-graphql-cost": "1" };
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers,
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors, extensions } = JSON.parse(text) as {
    data?: unknown;
    errors?: unknown;
    extensions?: { cost: { complexity: number } };
  };
  check(!errors, `${query} is answered with ${JSON.stringify(errors)}`);
  return { data, bytes: Buffer.byteLength(text), cost: extensions?.cost.complexity ?? 0 };
}

async function askOf(server: RunningServer, query: string, variables: object): Promise<unknown> {
  return (await send(server, query, variables)).data;
}

/** The least processor time of some rounds: what else the server does only adds to it. */
async function measure(server: RunningServer, query: string, rounds = ROUNDS): Promise<Measured> {
  let ms = Number.POSITIVE_INFINITY;
  let answer = await send(server, query, {});
  for (let round = 0; round < rounds; round += 1) {
    const from = await server.cpuMs();
    answer = await send(server, query, {});
    ms = Math.min(ms, (await server.cpuMs()) - from);
  }
  return { bytes: answer.bytes, cost: answer.cost, ms };
}

/** The shortest way to each object type, from the things that have ids and from the query's fields. */
function waysTo(
  schema: GraphQLSchema,
  world: World,
): Map<Extract<GraphQLNamedType, { getFields(): unknown }>, Way> {
  const ways = new Map();
  const next: [GraphQLNamedType, Way][] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === "Node")) continue;
    const [id] = world.idsFor(`${type.name}Id`.toLowerCase().replace(/id$/, "Id"));
    const known = world.all().includes(id ?? "") && id?.startsWith(prefixOf(type.name));
    if (known) next.push([type, { before: `{ node(id: "${id}") { ... on ${type.name} {`, after: "} } }" }]);
  }
  const query = schema.getQueryType();
  if (query) next.unshift([query, { before: "{", after: "}" }]);
  for (let way = next.shift(); way; way = next.shift()) {
    const [type, { before, after }] = way;
    if (isUnionType(type) || isInterfaceType(type)) {
      for (const possible of schema.getPossibleTypes(type)) {
        next.push([possible, { before: `${before} ... on ${possible.name} {`, after: `} ${after}` }]);
      }
    } else if (isObjectType(type) && !ways.has(type) && !type.name.startsWith("__")) {
      ways.set(type, { before, after });
      for (const field of Object.values(type.getFields())) {
        const below = getNamedType(field.type);
        if (isLeafType(below) || field.args.some(isRequiredArgument)) continue;
        next.push([below, { before: `${before} ${field.name} {`, after: `} ${after}` }]);
      }
    }
  }
  return ways;
}

/** `AgentEscalation` has ids of `escalation_…`, and so on: the prefix is the type's last word. */
function prefixOf(typeName: string): string {
  return (
    typeName
      .replace(/([a-z])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .split("_")
      .at(-1) ?? ""
  );
}

/** A field by itself; null where it needs arguments that only somebody who knows it can give. */
function selectionOf(field: GraphQLField<unknown, unknown>): string | null {
  if (field.args.some(isRequiredArgument)) return null;
  return isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`;
}

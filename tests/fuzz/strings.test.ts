import fc from "fast-check";
import { parse, validate } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { useApp } from "../support/app.ts";
import { drawFrom } from "./support/draw.ts";
import { ask } from "./support/fuzz.ts";
import { HOSTILE } from "./support/hostile.ts";
import { faultOf } from "./support/judge.ts";
import { drawRequest, sendRequest } from "./support/request.ts";
import { textPlaces } from "./support/string-arguments.ts";
import { makeWorld, type World } from "./support/world.ts";

const app = useApp();
const places = textPlaces(schema);
let world: World;

beforeAll(async () => {
  world = await makeWorld("Strings", (query, variables) => ask(app.url, query, variables));
});

test("every String and ID argument of every field is among the places", () => {
  const names = places.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(100);
  expect(names).toContain("Mutation.raiseRisk(input: {message})");
  expect(names).toContain("Mutation.createRun(input: {workstreams.dependsOn})");
  expect(names).toContain("Project.events(after:)");
});

describe("a text that would break out of a statement, a path or a page does nothing at", () => {
  test.each(places)("$name", async ({ operation }) => {
    const [draw] = fc.sample(fc.gen(), { numRuns: 1, seed: 1 }).map(drawFrom);
    if (!draw) throw new Error("There is no sample.");
    const faults = await Promise.all(
      Object.entries(HOSTILE).map(async ([what, text]) => {
        const drawn = operation(draw, world, text);
        expect(validate(schema, parse(drawn.query))).toEqual([]);
        const request = drawRequest(draw, drawn);
        const fault = faultOf(request, await sendRequest(app.url, request));
        return fault && `${what}: ${fault}`;
      }),
    );
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });
});

test("and afterwards everything is still there", async () => {
  const tables = await app.database.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["event", "project", "user_account"]),
  );
  const projects = await app.database.prisma.project.findMany({ select: { id: true } });
  const id = world.idsFor("projectId").at(-1);
  const data = await ask(app.url, "query ($id: ID!) { verifyTimeline(projectId: $id) { ok } }", { id });
  expect(projects.length).toBeGreaterThan(0);
  expect(data).toEqual({ verifyTimeline: { ok: true } });
});

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphQLInputObjectType } from "graphql";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { USUAL_STEPS } from "../../src/domain/run/state.ts";
import { schema } from "../../src/schema/index.ts";
import { createRun, plan, readRun, standings } from "../api/support/agent.ts";
import { ResolveEscalation } from "../api/support/escalations.ts";
import { Founder } from "../api/support/founder.ts";
import { STARTS_TIMEOUT_MS } from "../recovery/support/server.ts";
import { useApp } from "../support/app.ts";
import { gatehouse, observe, startGatehouse } from "../support/process.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const app = useApp();
const founder = new Founder(app);

const demo = (...args: string[]) => startGatehouse(["demo", "--url", app.url, "--pace", "0", ...args]);

/** The first id of that kind in what was printed. */
function printedId(output: string, prefix: string): string {
  const [id] = new RegExp(`${prefix}_[0-9a-z]{26}`).exec(output) ?? [];
  if (!id) throw new Error(`No ${prefix} was printed:\n${output}`);
  return id;
}

/** Starts a demo and waits until it asks. */
async function stuckDemo() {
  const process = demo();
  await process.printed("or in another terminal:");
  const runId = printedId(process.output, "run");
  return { process, runId, escalationId: printedId(process.output, "escalation") };
}

describe("gatehouse demo", () => {
  test("fails the same way three times, asks, and finishes after the answer", async () => {
    const { process, runId, escalationId } = await stuckDemo();
    expect(await standings(founder, runId)).toMatchObject({
      run: "RUNNING",
      payments: "BLOCKED",
      page: "PENDING",
    });
    const answer = { escalationId, decision: "provide_guidance", guidance: "Use the stub." };
    await founder.succeed(ResolveEscalation, answer);
    const { code, stdout, stderr } = await process.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.match(/fails at payments, runtime/g)).toHaveLength(3);
    expect(stdout).toContain("was told: provide_guidance, Use the stub.");
    expect((await readRun(founder, runId)).status).toBe("COMPLETED");
  });

  test("ends with 1 when the answer stops the run", async () => {
    const { process, runId, escalationId } = await stuckDemo();
    await founder.succeed(ResolveEscalation, { escalationId, decision: "abort" });
    expect((await process.ended).code).toBe(1);
    expect((await readRun(founder, runId)).status).toBe("ABANDONED");
  });

  test("can be stopped, and goes on with its run, whose question still waits", async () => {
    const { process, runId, escalationId } = await stuckDemo();
    // Nothing is left to do: its agents wait, and nothing but the signal wakes them.
    await expect.poll(() => standings(founder, runId)).toMatchObject({ schema: "DONE", api: "DONE" });
    expect((await process.end("SIGINT")).code).toBe(130);
    const again = demo("--run", runId);
    await again.printed(escalationId);
    await founder.succeed(ResolveEscalation, { escalationId, decision: "retry" });
    expect((await again.ended).code).toBe(0);
  });

  test("works in the project that it is told, and says what is wrong with one that is not there", async () => {
    const projectId = await founder.project("Mine");
    const process = demo("--project", projectId);
    await process.printed("or in another terminal:");
    const run = await readRun(founder, printedId(process.output, "run"));
    expect(run.project.id).toBe(projectId);
    const missing = await gatehouse([
      "demo",
      "--url",
      app.url,
      "--project",
      "project_00000000000000000000000000",
    ]);
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^The server says: .+\n$/);
  });
});

describe("the agent in docs/agents.md", () => {
  const docs = readFileSync(new URL("../../docs/agents.md", import.meta.url), "utf8");
  const [, source = ""] = /```ts\n([\s\S]*?)```/.exec(docs) ?? [];

  test("is whole in under 60 lines", () => {
    expect(source.trimEnd().split("\n").length).toBeLessThan(60);
  });

  test("does the usual steps, those that the schema names, each in its state", () => {
    const pairs = [...source.matchAll(/\["([a-z]+)", "([A-Z_]+)"\]/g)].map(([, step, next]) => [step, next]);
    const states = [...USUAL_STEPS.slice(1).map(({ state }) => state), "DONE"];
    expect(pairs).toEqual(USUAL_STEPS.map(({ name }, place) => [name, states[place]]));
    const { description } =
      (schema.getType("StartStepInput") as GraphQLInputObjectType).getFields().step ?? {};
    expect(description).toContain("such as edit, static, fix or runtime:");
    for (const { name } of USUAL_STEPS) expect(docs).toContain(`\`${name}\``);
  });

  test("works a run to its end, and waits where another one has to finish first", async () => {
    const projectId = await founder.project("Documented");
    const runId = await createRun(founder, projectId, plan("a", "b: a", "c"));
    const directory = mkdtempSync(join(tmpdir(), "gatehouse-agent-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, "agent.ts");
    writeFileSync(file, source);
    const env = { GATEHOUSE_URL: `${app.url}/graphql` };
    const agents = ["one", "two"].map(() => observe(spawn(process.execPath, [file, runId], { env })));
    const ends = await Promise.all(agents.map(({ ended }) => ended));
    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    expect(await standings(founder, runId)).toEqual({ run: "COMPLETED", a: "DONE", b: "DONE", c: "DONE" });
  });
});

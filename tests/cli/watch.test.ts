import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { Founder } from "../api/support/founder.ts";
import { CompleteStep, RecordRunEvent, TransitionRun } from "../api/support/run-commands.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "../recovery/support/server.ts";
import { startApp, useApp } from "../support/app.ts";
import { gatehouse, type ObservedProcess, observe, startGatehouse } from "../support/process.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();
const app = useApp();
const founder = new Founder(app);
let projectId: string;
beforeAll(async () => {
  projectId = await founder.project();
});

const abandon = (runId: string, by = founder) => by.succeed(TransitionRun, { runId, to: "ABANDONED" });

/** The events that `--json` printed, as far as their lines are whole. */
function events({ output }: Pick<ObservedProcess, "output">) {
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { sequence: number; cursor: string; type: string; toState?: string });
}

/** What the log of the project itself says, from the first event of a run on. */
async function sequencesFrom(first: number, by = founder, id = projectId): Promise<number[]> {
  const log = await by.log(id);
  return log.events.map(({ sequence }) => sequence).filter((sequence) => sequence >= first);
}

describe("a run", () => {
  test("is followed to its end, every event once and in order; completed ends with 0", async () => {
    const runId = await createRun(founder, projectId, plan("a", "b: a"));
    const watch = startGatehouse(["watch", runId, "--json", "--url", app.url]);
    await watch.printed('"run_created"');
    const agent = new Agent(founder);
    await agent.work(runId);
    await watch.printed('"workstream_claimed"');
    await agent.work(runId);
    const { code, stdout, stderr } = await watch.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const seen = events({ output: stdout });
    expect(seen.at(-1)).toMatchObject({ type: "run_transition", toState: "COMPLETED" });
    expect(seen.map(({ sequence }) => sequence)).toEqual(await sequencesFrom(seen[0]?.sequence ?? 0));
  });

  test("that has ended is shown as it ended: with 1 unless it completed, as lines for people", async () => {
    const runId = await createRun(founder, projectId, plan("a", "b: a"));
    await abandon(runId);
    const { code, stdout, stderr } = await gatehouse(["watch", runId, "--url", app.url]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toContain("run_created");
    expect(lines.at(-1)).toMatch(/#\d+ run_transition +Build PENDING → ABANDONED/);
  });

  test("is taken up after a cursor, or from its start, instead of at the ten newest events", async () => {
    const runId = await createRun(founder, projectId, plan("a", "b", "c"));
    const agent = new Agent(founder);
    for (const _ of "abc") await agent.work(runId);
    const watch = async (...args: string[]) =>
      events({ output: (await gatehouse(["watch", runId, "--json", "--url", app.url, ...args])).stdout });
    const newest = await watch();
    expect(newest).toHaveLength(10);
    const all = await watch("--from-start");
    expect(all[0]).toMatchObject({ type: "run_created" });
    expect(all.slice(-10)).toEqual(newest);
    expect(await watch("--after", all[4]?.cursor ?? "")).toEqual(all.slice(5));
    expect(await watch("--after", all.at(-1)?.cursor ?? "")).toEqual([]);
  });

  test("is followed over a killed server and its successor, without a gap or a duplicate", async () => {
    const env = { PIPELINE_DB_PATH: migratedPlace(), SEED_DEMO: "false" };
    const first = startServer(env);
    const { url } = await first.ready();
    const owner = new Founder({ url });
    const ownProject = await owner.project();
    const runId = await createRun(owner, ownProject, plan("a"));
    const watch = startGatehouse(["watch", runId, "--json", "--url", url]);
    await watch.printed('"run_created"');
    await first.end("SIGKILL");
    await watch.complained("connection lost");

    const second = startServer({ ...env, PORT: new URL(url).port });
    await second.ready();
    await new Agent(owner).work(runId);
    const { code, stdout, stderr } = await watch.ended;
    expect(code).toBe(0);
    expect(stderr).toContain("connected again");
    const seen = events({ output: stdout });
    expect(seen.map(({ sequence }) => sequence)).toEqual(await sequencesFrom(2, owner, ownProject));
  });

  test("that ends while there is no connection is not waited for", async () => {
    const embeddedPath = migratedPlace();
    const serve = async (port = 0) =>
      startApp({ database: await openDatabase({ embeddedPath }), config: { port } });
    const first = await serve();
    const owner = new Founder(first);
    const runId = await createRun(owner, await owner.project(), plan("a"));
    const watch = startGatehouse(["watch", runId, "--json", "--url", first.url]);
    await watch.printed('"run_created"');
    const port = Number(new URL(first.url).port);
    await first.stop();
    await watch.complained("connection lost");

    // At another address, so that the run ends before the watcher finds a server again.
    const elsewhere = await serve();
    await abandon(runId, new Founder(elsewhere));
    await elsewhere.stop();
    await serve(port);
    const { code, stdout } = await watch.ended;
    expect(code).toBe(1);
    expect(events({ output: stdout }).at(-1)).toMatchObject({ toState: "ABANDONED" });
  });
});

describe("a project", () => {
  test("is followed until Ctrl-C, beginning with its newest events", async () => {
    const watched = await founder.project("Watched");
    const watch = startGatehouse(["watch", watched, "--url", app.url]);
    await watch.printed("project_created");
    await founder.openGate(watched);
    await watch.printed("gate_opened");
    const { code, signal, stderr } = await watch.end("SIGINT");
    expect({ code, signal, stderr }).toEqual({ code: 130, signal: null, stderr: "" });
  });
});

describe.skipIf(!existsSync("/usr/bin/script"))("on a terminal", () => {
  test("a run is drawn with a bar for each workstream, and the cursor is given back", async () => {
    const runId = await createRun(founder, projectId, [
      { key: "a", steps: ["edit", "test"] },
      ...plan("b: a"),
    ]);
    const bin = fileURLToPath(new URL("../../bin/gatehouse.js", import.meta.url));
    const command = `stty cols 100 rows 30; exec '${process.execPath}' '${bin}' watch ${runId} --url ${app.url}`;
    const env = { TERM: "xterm-256color", SHELL: "/bin/sh" };
    const terminal = observe(spawn("/usr/bin/script", ["-qfec", command, "/dev/null"], { env }));
    await terminal.printed("waits for a");
    const agent = new Agent(founder);
    const { held } = await agent.claim({ runId });
    const attemptId = await agent.startStep(held);
    await terminal.printed("edit (1 of 2), agent-1");
    await founder.succeed(CompleteStep, { attemptId, leaseToken: held.leaseToken, status: "SUCCESS" });
    for (const to of ["STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"] as const) await agent.move(held, to);
    await terminal.printed("1 of 2 done");
    await agent.work(runId);
    const { code, stdout } = await terminal.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("2 of 2 done");
    const [hide, show] = ["\u001b[?25l", "\u001b[?25h"].map((sequence) => stdout.lastIndexOf(sequence));
    expect(show).toBeGreaterThan(hide ?? Number.POSITIVE_INFINITY);
  });
});

describe("what cannot be watched ends with 1 and one line", () => {
  const RUN = "run_01k8000000e008000000000009";

  async function refusal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await gatehouse(["watch", ...args], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    return stderr;
  }

  test("a run or a project that is not there", async () => {
    expect(await refusal([RUN, "--url", app.url])).toContain(`There is no run ${RUN}`);
    const project = RUN.replace("run", "project");
    expect(await refusal([project], { GATEHOUSE_URL: app.url })).toContain(`There is no project ${project}`);
  });

  test("a server that does not answer: how to start one", async () => {
    expect(await refusal([RUN, "--url", "http://127.0.0.1:9"])).toContain('"npx gatehouse serve"');
  });

  test("a cursor that is none", async () => {
    expect(await refusal([projectId, "--url", app.url, "--after", "there"])).toContain(
      '"after" is not a cursor',
    );
  });

  test("a server that asks for a token, and gets none or a wrong one; with the right one it works", async () => {
    const guarded = await startApp({ config: { auth: SECRET_AUTH } });
    const headers = await bearer("ada");
    const owner = new Founder(guarded, headers);
    const runId = await createRun(owner, await owner.project(), plan("a"));
    await abandon(runId, owner);
    const args = [runId, "--url", guarded.url];
    expect(await refusal(args)).toContain("GATEHOUSE_TOKEN");
    expect(await refusal([...args, "--token", "nonsense"])).toContain("asks for a valid token");
    const env = { GATEHOUSE_TOKEN: headers.authorization.replace("Bearer ", "") };
    expect((await gatehouse(["watch", ...args], env)).stdout).toContain("ABANDONED");
  });
});

test("a pipe that is closed early is no failure", async () => {
  const runId = await createRun(founder, projectId, plan("a"));
  const watch = startGatehouse(["watch", runId, "--json", "--url", app.url]);
  await watch.printed('"run_created"');
  watch.stopReading();
  let isOver = false;
  const ended = watch.ended.finally(() => {
    isOver = true;
  });
  // The run goes on: nothing but the pipe ends it, with the first event that finds it closed.
  while (!isOver) await founder.succeed(RecordRunEvent, { runId, type: "note" });
  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

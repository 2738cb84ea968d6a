import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { gatehouse, observe } from "../support/process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

/** What somebody who asks for the help of a command has to find there. */
const HELP: Readonly<Record<string, readonly string[]>> = {
  serve: ["--host", "--port", "--no-jobs", "PIPELINE_DB_PATH"],
  worker: ["DATABASE_URL"],
  "init-db": ["--json", "PIPELINE_DB_PATH"],
  migrate: ["--json", "PIPELINE_DB_PATH"],
  "db-inspect": ["--json", "PIPELINE_DB_PATH"],
  adopt: ["--to", "--json", "PIPELINE_DB_PATH"],
  watch: ["<id>", "--url", "--token", "GATEHOUSE_TOKEN", "--after", "--from-start", "--json", "130"],
  demo: ["--url", "--token", "--project", "--run", "--agents", "--pace", "--seed", "130"],
  verify: ["[project]", "--json"],
};

describe("--help", () => {
  test("of the program lists every command and the exit codes", async () => {
    const { code, stdout, stderr } = await gatehouse(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of Object.keys(HELP)) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    expect(stdout).toContain("Exit codes:");
  });

  test.each(Object.entries(HELP))("of %s says what it takes and how it ends", async (command, parts) => {
    const { code, stdout, stderr } = await gatehouse([command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: gatehouse ${command}`);
    for (const part of [...parts, "Exit codes:"]) expect(stdout).toContain(part);
  });
});

describe("a command line that cannot be understood ends with 2 and one line that points to the help", () => {
  test.each([
    ["an unknown command", ["serv"], "Unknown command 'serv' (Did you mean serve?)", "gatehouse --help"],
    ["an unknown option", ["init-db", "--jsn"], "Unknown option '--jsn'", "gatehouse init-db --help"],
    ["a port that is none", ["serve", "--port", "65536"], "'65536' is invalid", "gatehouse serve --help"],
    ["a missing argument", ["watch"], "Missing required argument 'id'", "gatehouse watch --help"],
    ["an argument too many", ["migrate", "now"], "Too many arguments", "gatehouse migrate --help"],
    ["an id of something else", ["watch", "gate_01k8000000e008000000000004"], "run_…", "project_…"],
    ["no agents at all", ["demo", "--agents", "0"], "whole number from 1 to 20", "gatehouse demo --help"],
    [
      "a project and a run",
      ["demo", "--run", "r", "--project", "p"],
      "cannot be used with",
      "gatehouse demo --help",
    ],
    ["no id of a project", ["verify", "everything"], '"everything" is not the id of a project', "project_…"],
    ["a URL that is none", ["watch", "run_01k8000000e008000000000004", "--url", "here"], '"here"', "http://"],
  ])("%s", async (_, args, ...parts) => {
    const { code, stdout, stderr } = await gatehouse(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    for (const part of parts) expect(stderr).toContain(part);
  });
});

test("without a command it shows the help as a complaint", async () => {
  const { code, stdout, stderr } = await gatehouse([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: gatehouse");
});

test("npx gatehouse in the checkout runs it, on the Node that comes with the packages", async () => {
  const cache = mkdtempSync(join(tmpdir(), "gatehouse-npx-"));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const path = (process.env.PATH ?? "").split(delimiter).filter((part) => !part.startsWith(ROOT));
  const env = {
    PATH: path.join(delimiter),
    npm_config_cache: cache,
    // What npx links would generate the Prisma client anew, beside tests that read it.
    npm_config_ignore_scripts: "true",
    npm_config_offline: "true",
  };
  const { code, stdout } = await observe(spawn("npx", ["gatehouse", "--version"], { cwd: ROOT, env })).ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
});

test("on a Node that cannot run TypeScript it says how to run it", async () => {
  const bin = join(ROOT, "bin", "gatehouse.js");
  const { ended } = observe(spawn(process.execPath, ["--no-experimental-strip-types", bin, "--help"]));
  expect(await ended).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining('"npx gatehouse …"'),
  });
});

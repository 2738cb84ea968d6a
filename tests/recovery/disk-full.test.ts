import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ParkProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { startWrapped } from "../support/child.ts";
import { newPlace, STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "./support/server.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS, hookTimeout: STARTS_TIMEOUT_MS });

/** Whether a small volume can be mounted: a container needs a right for it. */
const mayMount = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

const MB = 1024 * 1024;

/** Runs a program that sees a volume of that size, with what is in the directory, mounted over the directory. */
function onVolume(directory: string, megabytes: number): string[] {
  const script = `cp -a "$1" "$1.saved" && mount -t tmpfs -o size=${megabytes}m none "$1" && cp -a "$1.saved/." "$1" && shift && exec "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, "sh", directory];
}

describe.skipIf(!mayMount)("the embedded database on a volume that fills up", () => {
  const migratedPlace = useMigratedPlaces();

  test("tells it early, refuses writes with 503 while it reads, and goes on when there is space again", async () => {
    const place = migratedPlace();
    const volume = dirname(place);
    const server = startServer({ PIPELINE_DB_PATH: place, SEED_DEMO: "false" }, onVolume(volume, 120));
    const { url } = await server.ready();
    const ready = async () => (await (await fetch(`${url}/health/ready`)).json()) as Health;
    expect(await ready()).toMatchObject({
      status: "degraded",
      checks: { disk: expect.stringMatching(/^\d+ MB free/) },
    });
    await server.printed('"msg":"disk space is low"');
    const founder = new Founder({ url });
    const projectId = await founder.project();

    const seen = `/proc/${server.pid}/root${volume}`;
    const { bavail, bsize } = statfsSync(seen);
    writeFileSync(join(seen, "ballast"), Buffer.alloc(bavail * bsize - 10 * MB));
    const park = () =>
      fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: ParkProject.toString(), variables: { input: { projectId } } }),
      });
    await server.printed("cannot be written to for lack of disk space");
    for (const response of await Promise.all(Array.from({ length: 8 }, park))) {
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: "DATABASE_UNAVAILABLE" } }],
      });
    }
    expect((await founder.log(projectId)).count).toBe(1);
    expect(await ready()).toMatchObject({
      status: "degraded",
      checks: { disk: expect.stringContaining("writes need") },
    });

    rmSync(join(seen, "ballast"));
    await expect.poll(async () => (await park()).status).toBe(200);
    expect((await founder.log(projectId)).count).toBe(2);
    expect(await server.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
  });

  test.each([
    ["a new database", 20],
    ["a migrated one", 60],
  ])("ends the start of %s with one line when it has no space for it", async (what, megabytes) => {
    const place = what === "a new database" ? newPlace() : migratedPlace();
    mkdirSync(dirname(place), { recursive: true });
    const script = `dd if=/dev/zero of='${dirname(place)}/ballast' bs=64k 2>/dev/null; exec "$@"`;
    const wrapper = [...onVolume(dirname(place), megabytes), "sh", "-c", script, "sh"];
    const { code, stdout, stderr } = await startServer({ PIPELINE_DB_PATH: place }, wrapper).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd()).toMatch(/^There is no disk space left[^\n]*$/);
  });

  test.each([
    ["many", "by parallel writes goes on answering", "answers"],
    [
      "one",
      "in the middle of one huge statement says that it cannot go on",
      expect.stringContaining("restart the server"),
    ],
  ])("(%s) %s, and never spins", async (how, _, then) => {
    const place = newPlace();
    mkdirSync(dirname(place), { recursive: true });
    const file = new URL("children/fill-volume.ts", import.meta.url);
    const child = startWrapped(onVolume(dirname(place), 75), file, place, how);
    onTestFinished(async () => void (await child.kill()));
    expect([await child.line(), await child.line(), await child.line(), await child.line()]).toEqual([
      "53100",
      then,
      then,
      "closed",
    ]);
  });
});

interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

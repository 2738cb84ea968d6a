import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { nearestServer } from "../../src/cli/server-address.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["that runs is asked", process.pid, "http://127.0.0.1:4999/graphql"],
  ["that has ended is not", spawnSync(process.execPath, ["--version"]).pid, "http://127.0.0.1:5000/graphql"],
])("a server %s", (_what, pid, url) => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "gatehouse-address-")));
  const file = `${place}.server.json`;
  writeFileSync(file, JSON.stringify({ pid, url: "http://127.0.0.1:4999" }));
  vi.stubEnv("PIPELINE_DB_PATH", place);
  vi.stubEnv("DATABASE_URL", "");
  vi.stubEnv("HOST", "");
  vi.stubEnv("PORT", "5000");
  try {
    expect(nearestServer()).toBe(url);
  } finally {
    rmSync(file);
    rmSync(place, { recursive: true });
  }
});

import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const ADVISORIES = "/-/npm/v1/security/advisories/bulk";

/** A registry that answers audits with that, and knows one version of whatever it is asked for. */
async function registry(status: number, advisories: unknown): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const name = decodeURIComponent(request.url?.slice(1) ?? "");
    const version = { name, version: "8.23.0" };
    const isAudit = request.url === ADVISORIES;
    const body = isAudit
      ? advisories
      : { name, "dist-tags": { latest: "8.23.0" }, versions: { "8.23.0": version } };
    response
      .writeHead(isAudit ? status : 200, { "content-type": "application/json" })
      .end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs the check against a registry, with a cache of its own: npm keeps what it has once worked out about an advisory. */
function check(url: string): Promise<{ code: number; stderr: string }> {
  const script = fileURLToPath(new URL("../../src/cli/check-audit.ts", import.meta.url));
  // Whatever this process was told about registries is not to reach npm.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name));
  const cache = mkdtempSync(join(tmpdir(), "gatehouse-audit-"));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const env = { ...Object.fromEntries(inherited), npm_config_registry: url, npm_config_cache: cache };
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env }, (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

function finding(severity: string) {
  const cvss = { score: 0, vectorString: null };
  return {
    ws: [
      {
        id: 1,
        url: "https://example.test/1",
        title: "It breaks",
        severity,
        vulnerable_versions: "*",
        cwe: [],
        cvss,
      },
    ],
  };
}

test("a vulnerability of high severity fails the check and is named", async () => {
  const { code, stderr } = await check(await registry(200, finding("high")));
  expect(stderr).toContain("ws * (high)");
  expect(code).toBe(1);
});

test("one of moderate severity does not", async () => {
  expect(await check(await registry(200, finding("moderate")))).toEqual({ code: 0, stderr: "" });
});

test("none does not", async () => {
  expect(await check(await registry(200, {}))).toEqual({ code: 0, stderr: "" });
});

test("a registry that does not answer audits is said loudly and is no failure", async () => {
  const { code, stderr } = await check(await registry(404, { error: "not found" }));
  expect(stderr).toContain("NOT CHECKED: npm audit had no answer");
  expect(code).toBe(0);
});

import { describe, expect, test, vi } from "vitest";
import { CreateProject, UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { STARTS_TIMEOUT_MS, startServer, useMigratedPlaces } from "../recovery/support/server.ts";
import { send } from "../support/client.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { gatehouse } from "../support/process.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

const migratedPlace = useMigratedPlaces();

const { secret, issuer, audience } = SECRET_AUTH;
const AUTH = { AUTH_JWT_SECRET: secret, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience };
const TOLD = "npx gatehouse adopt --to SUBJECT";

/** The names of the projects that somebody has, and what they are to them. */
async function projectsOf(url: string, subject: string) {
  const query = "{ projects { nodes { name viewerRole } } }";
  const { data } = await send<{ projects: { nodes: object[] } }, object>(
    url,
    query,
    {},
    await bearer(subject),
  );
  return data?.projects.nodes;
}

/** Makes a project on a server without authentication. */
async function useLocally(env: Record<string, string>): Promise<void> {
  const server = startServer({ ...env, SEED_DEMO: "false" });
  await new Founder(await server.ready()).succeed(CreateProject, { name: "Mine" });
  await server.end("SIGTERM");
}

describe("turning authentication on", () => {
  test("the start tells of the local user's projects, adopt gives them away, and then it says nothing", async () => {
    const env = { PIPELINE_DB_PATH: migratedPlace() };
    await useLocally(env);
    const before = startServer({ ...env, ...AUTH });
    const { url } = await before.ready();
    expect(before.output).toContain(TOLD);
    expect(await projectsOf(url, "ada")).toEqual([]);
    // The embedded database is the server's while it runs.
    const held = await gatehouse(["adopt", "--to", "ada"], { ...env, ...AUTH });
    expect(held.code).toBe(1);
    expect(held.stderr).toContain("adoptProjects");
    await before.end("SIGTERM");

    const adopted = await gatehouse(["adopt", "--to", "ada", "--json"], { ...env, ...AUTH });
    expect({ code: adopted.code, stderr: adopted.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(adopted.stdout)).toMatchObject({ issuer, subject: "ada", projects: 1 });
    const again = await gatehouse(["adopt", "--to", "ada"], { ...env, ...AUTH });
    expect(again.stdout).toContain("no project belongs to the local user");

    const after = startServer({ ...env, ...AUTH });
    const { url: now } = await after.ready();
    expect(after.output).not.toContain(TOLD);
    expect(await projectsOf(now, "ada")).toEqual([{ name: "Mine", viewerRole: "OWNER" }]);
    const { data } = await send<{ projects: { nodes: { events: { nodes: object[] } }[] } }, object>(
      now,
      "{ projects { nodes { events(last: 1) { nodes { type actor reason } } } } }",
      {},
      await bearer("ada"),
    );
    expect(data?.projects.nodes[0]?.events.nodes).toEqual([
      { type: "project_transferred", actor: "SYSTEM", reason: expect.stringContaining("local user") },
    ]);
    await after.end("SIGTERM");
    const whole = await gatehouse(["verify"], env);
    expect(whole).toMatchObject({ code: 0, stdout: "1 of 1 logs are whole\n" });
  });

  test("adopt refuses in one line while authentication is off, and without --to", async () => {
    const off = await gatehouse(["adopt", "--to", "ada"], { PIPELINE_DB_PATH: "none" });
    expect(off).toMatchObject({ code: 1, stdout: "" });
    expect(off.stderr.trim().split("\n")).toHaveLength(1);
    expect(off.stderr).toContain("AUTH_ISSUER");
    const nobody = await gatehouse(["adopt"], AUTH);
    expect(nobody).toMatchObject({ code: 2, stdout: "" });
    const half = await gatehouse(["adopt", "--to", "ada"], { AUTH_ISSUER: issuer });
    expect(half).toMatchObject({ code: 1, stdout: "" });
  });

  test.skipIf(!postgresAvailable)("on PostgreSQL adopt works beside a running server", async () => {
    const database = await createPostgresTestDatabase();
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const env = { DATABASE_URL: database.driver.connectionString };
    await useLocally(env);
    const server = startServer({ ...env, ...AUTH });
    const { url } = await server.ready();
    expect(server.output).toContain(TOLD);
    const adopted = await gatehouse(["adopt", "--to", "ada"], { ...env, ...AUTH });
    expect(adopted).toMatchObject({ code: 0, stderr: "" });
    expect(await projectsOf(url, "ada")).toEqual([{ name: "Mine", viewerRole: "OWNER" }]);
    const { data } = await send<{ projects: { nodes: { id: string }[] } }, object>(
      url,
      "{ projects { nodes { id } } }",
      {},
      await bearer("ada"),
    );
    const projectId = data?.projects.nodes[0]?.id ?? "";
    await new Founder({ url }, await bearer("ada")).succeed(UpdateProject, { projectId, name: "Ada's" });
    await server.end("SIGTERM");
  });
});

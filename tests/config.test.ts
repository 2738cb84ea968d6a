import { describe, expect, it } from "vitest";
import { ConfigError, isLoopbackHost, loadConfig } from "../src/config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const TOKENS = { AUTH_ISSUER: "https://id.test", AUTH_AUDIENCE: "gatehouse" };

describe("loadConfig", () => {
  it.each([
    ["nothing set", {}],
    [
      "everything empty",
      { HOST: "", PORT: "", DATABASE_URL: "", AUTH_JWT_SECRET: "", ADMIN_SUBJECTS: "", SEED_DEMO: "" },
    ],
  ])("has a default for everything (%s)", (_name, env) => {
    expect(loadConfig(env)).toEqual({
      host: "127.0.0.1",
      port: 4000,
      embeddedPath: "state/pipeline_state.db",
      auth: { kind: "development" },
      adminSubjects: [],
      logLevel: "info",
      seedDemo: true,
    });
  });

  it("reads every variable", () => {
    const env = {
      HOST: "0.0.0.0",
      PORT: "0",
      DATABASE_URL: "postgresql://me@db/gatehouse",
      PIPELINE_DB_PATH: "elsewhere",
      AUTH_JWT_SECRET: SECRET,
      ...TOKENS,
      ADMIN_SUBJECTS: "ada, , bob",
      LOG_LEVEL: "debug",
      SEED_DEMO: "false",
    };
    expect(loadConfig(env)).toEqual({
      host: "0.0.0.0",
      port: 0,
      databaseUrl: "postgresql://me@db/gatehouse",
      embeddedPath: "elsewhere",
      auth: { kind: "secret", secret: SECRET, issuer: "https://id.test", audience: "gatehouse" },
      adminSubjects: ["ada", "bob"],
      logLevel: "debug",
      seedDemo: false,
    });
  });

  it("takes a key server's URL", () => {
    const { auth } = loadConfig({ AUTH_JWKS_URL: "https://id.test/keys", ...TOKENS });
    expect(auth).toMatchObject({ kind: "jwks", url: new URL("https://id.test/keys") });
  });

  it.each([
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "65536" }],
    ["PORT", { PORT: "-1" }],
    ["PORT", { PORT: "4000.5" }],
    ["HOST", { HOST: "http://x" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://x" }],
    ["DATABASE_URL", { DATABASE_URL: "x" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["SEED_DEMO", { SEED_DEMO: "yes" }],
    ["AUTH_JWT_SECRET", { AUTH_JWT_SECRET: SECRET.slice(1), ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "http://id.test/keys", ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "keys", ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "https://id.test/keys", AUTH_JWT_SECRET: SECRET, ...TOKENS }],
    ["AUTH_ISSUER", { AUTH_JWT_SECRET: SECRET, AUTH_AUDIENCE: "a" }],
    ["AUTH_AUDIENCE", { AUTH_JWT_SECRET: SECRET, AUTH_ISSUER: "a" }],
    ["HOST", { HOST: "0.0.0.0" }],
    ["HOST", { HOST: "::" }],
    ["HOST", { HOST: "example.com" }],
  ])("names %s when it is wrong: %o", (variable, env) => {
    const load = () => loadConfig(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(new RegExp(`^${variable}: .+ Expected .+\\.$`));
  });

  it("never repeats a secret in an error", () => {
    expect(() => loadConfig({ AUTH_JWT_SECRET: "hunter2", ...TOKENS })).toThrow(/^(?!.*hunter2)/);
    expect(() => loadConfig({ DATABASE_URL: "mysql://me:hunter2@db" })).toThrow(/^(?!.*hunter2)/);
  });

  it("says how to serve other machines", () => {
    expect(() => loadConfig({ HOST: "0.0.0.0" })).toThrow(
      /no authentication.*AUTH_JWT_SECRET or AUTH_JWKS_URL/,
    );
  });
});

it.each([
  ["localhost", true],
  ["127.8.0.1", true],
  ["::1", true],
  ["[::1]", true],
  ["127.0.0.1.example.com", false],
  ["0.0.0.0", false],
  ["::", false],
  ["foo.localhost", false],
  ["", false],
])("isLoopbackHost(%j) is %s", (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

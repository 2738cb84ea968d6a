import { describe, expect, it } from "vitest";
import { ConfigError, isLoopbackHost, loadConfig } from "../src/config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const KEYS_URL = "https://id.test/keys";
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
      introspection: true,
      graphiql: true,
      seedDemo: true,
      keepAliveSeconds: 75,
      corsOrigins: [],
      llm: { kind: "offline", scenario: null },
      redis: null,
      // Without authentication there is nobody to protect from anybody.
      limits: {
        requestsPerMinute: null,
        failuresPerMinute: null,
        subscriptionsPerUser: null,
        trustedProxies: 0,
      },
    });
  });

  it("limits what one user may do where there are several", () => {
    const env = { AUTH_JWT_SECRET: SECRET, ...TOKENS };
    expect(loadConfig(env).limits).toEqual({
      requestsPerMinute: 6_000,
      failuresPerMinute: 300,
      subscriptionsPerUser: 500,
      trustedProxies: 0,
    });
    const off = {
      RATE_LIMIT_PER_MINUTE: "0",
      AUTH_FAILURES_PER_MINUTE: "0",
      MAX_SUBSCRIPTIONS_PER_USER: "0",
    };
    expect(loadConfig({ ...env, ...off }).limits).toMatchObject({
      requestsPerMinute: null,
      failuresPerMinute: null,
      subscriptionsPerUser: null,
    });
  });

  it("reads every variable", () => {
    const env = {
      HOST: "0.0.0.0",
      PORT: "0",
      DATABASE_URL: "postgresql://me@db/gatehouse",
      DATABASE_POOL_SIZE: "4",
      PIPELINE_DB_PATH: "elsewhere",
      AUTH_JWT_SECRET: SECRET,
      ...TOKENS,
      ADMIN_SUBJECTS: "ada, , bob",
      LOG_LEVEL: "debug",
      INTROSPECTION: "false",
      GRAPHIQL: "false",
      SEED_DEMO: "false",
      LLM_MODELS: "small=anthropic:claude-haiku-4-5@1/5",
      ANTHROPIC_API_KEY: "sk-ant",
      LLM_TIMEOUT_SECONDS: "30",
      REDIS_URL: "redis://cache:6379/1",
      REDIS_PREFIX: "shop",
      RATE_LIMIT_PER_MINUTE: "60",
      AUTH_FAILURES_PER_MINUTE: "10",
      MAX_SUBSCRIPTIONS_PER_USER: "5",
      TRUSTED_PROXIES: "1",
      KEEP_ALIVE_SECONDS: "620",
      CORS_ORIGINS: "https://app.example.com, http://localhost:5173",
    };
    expect(loadConfig(env)).toEqual({
      host: "0.0.0.0",
      port: 0,
      keepAliveSeconds: 620,
      corsOrigins: ["https://app.example.com", "http://localhost:5173"],
      databaseUrl: "postgresql://me@db/gatehouse",
      poolSize: 4,
      embeddedPath: "elsewhere",
      auth: { kind: "secret", secret: SECRET, issuer: "https://id.test", audience: "gatehouse" },
      adminSubjects: ["ada", "bob"],
      logLevel: "debug",
      introspection: false,
      graphiql: false,
      seedDemo: false,
      llm: {
        kind: "models",
        timeoutMs: 30_000,
        models: [
          {
            name: "small",
            provider: "anthropic",
            modelId: "claude-haiku-4-5",
            inputPrice: 1,
            outputPrice: 5,
            apiKey: "sk-ant",
            baseUrl: "https://api.anthropic.com/v1",
          },
        ],
      },
      redis: { url: "redis://cache:6379/1", prefix: "shop" },
      limits: { requestsPerMinute: 60, failuresPerMinute: 10, subscriptionsPerUser: 5, trustedProxies: 1 },
    });
  });

  it("takes every origin where tokens are asked for, and pages of apps", () => {
    const origins = (CORS_ORIGINS: string) =>
      loadConfig({ CORS_ORIGINS, AUTH_JWT_SECRET: SECRET, ...TOKENS }).corsOrigins;
    expect(origins("*")).toEqual(["*"]);
    expect(origins("capacitor://localhost")).toEqual(["capacitor://localhost"]);
  });

  it("takes a key server's URL", () => {
    const { auth } = loadConfig({ AUTH_JWKS_URL: "https://id.test/keys", ...TOKENS });
    expect(auth).toEqual({
      kind: "jwks",
      url: new URL("https://id.test/keys"),
      maxAgeSeconds: 600,
      issuer: "https://id.test",
      audience: "gatehouse",
    });
    const env = { AUTH_JWKS_URL: "https://id.test/keys", AUTH_JWKS_MAX_AGE_SECONDS: "30", ...TOKENS };
    expect(loadConfig(env).auth).toMatchObject({ maxAgeSeconds: 30 });
  });

  it.each([
    ["REDIS_URL", { REDIS_URL: "http://cache" }],
    ["REDIS_PREFIX", { REDIS_PREFIX: "a:b" }],
    ["RATE_LIMIT_PER_MINUTE", { RATE_LIMIT_PER_MINUTE: "many" }],
    ["AUTH_FAILURES_PER_MINUTE", { AUTH_FAILURES_PER_MINUTE: "-1" }],
    ["MAX_SUBSCRIPTIONS_PER_USER", { MAX_SUBSCRIPTIONS_PER_USER: "1.5" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "11" }],
    ["KEEP_ALIVE_SECONDS", { KEEP_ALIVE_SECONDS: "0" }],
    ["KEEP_ALIVE_SECONDS", { KEEP_ALIVE_SECONDS: "3601" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "app.example.com" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "https://app.example.com/" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "https://App.example.com" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "https://app.example.com:443" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "https://*.example.com" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "null" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "https://app.example.com," }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "*, https://app.example.com", AUTH_JWT_SECRET: SECRET, ...TOKENS }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "*" }],
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "65536" }],
    ["PORT", { PORT: "-1" }],
    ["PORT", { PORT: "4000.5" }],
    ["HOST", { HOST: "http://x" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://x" }],
    ["DATABASE_URL", { DATABASE_URL: "x" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://db/x?schema=tenant" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://db/x?pgbouncer=true" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://db/x?channel_binding=require" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://db/x?sslmod=require" }],
    ["DATABASE_URL \\(connection_limit\\)", { DATABASE_URL: "postgres://db/x?connection_limit=0" }],
    ["DATABASE_URL \\(connect_timeout\\)", { DATABASE_URL: "postgres://db/x?connect_timeout=61" }],
    ["DATABASE_POOL_SIZE", { DATABASE_POOL_SIZE: "0" }],
    ["DATABASE_POOL_SIZE", { DATABASE_POOL_SIZE: "1001" }],
    ["DATABASE_POOL_SIZE", { DATABASE_POOL_SIZE: "4.5" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["SEED_DEMO", { SEED_DEMO: "yes" }],
    ["PDF_FONTS", { PDF_FONTS: "/nowhere/font.ttf" }],
    ["AUTH_JWT_SECRET", { AUTH_JWT_SECRET: SECRET.slice(1), ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "http://id.test/keys", ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "keys", ...TOKENS }],
    ["AUTH_JWKS_URL", { AUTH_JWKS_URL: "https://id.test/keys", AUTH_JWT_SECRET: SECRET, ...TOKENS }],
    ["AUTH_ISSUER", { AUTH_JWT_SECRET: SECRET, AUTH_AUDIENCE: "a" }],
    ["AUTH_AUDIENCE", { AUTH_JWT_SECRET: SECRET, AUTH_ISSUER: "a" }],
    ["AUTH_JWKS_MAX_AGE_SECONDS", { AUTH_JWKS_MAX_AGE_SECONDS: "0", AUTH_JWKS_URL: KEYS_URL, ...TOKENS }],
    ["AUTH_JWKS_MAX_AGE_SECONDS", { AUTH_JWKS_MAX_AGE_SECONDS: "86401", AUTH_JWKS_URL: KEYS_URL, ...TOKENS }],
    ["AUTH_JWKS_MAX_AGE_SECONDS", { AUTH_JWKS_MAX_AGE_SECONDS: "60", AUTH_JWT_SECRET: SECRET, ...TOKENS }],
    // Half a configuration.
    ["AUTH_ISSUER", TOKENS],
    ["AUTH_AUDIENCE", { AUTH_AUDIENCE: "gatehouse" }],
    ["AUTH_JWKS_MAX_AGE_SECONDS", { AUTH_JWKS_MAX_AGE_SECONDS: "60" }],
    ["ADMIN_SUBJECTS", { ADMIN_SUBJECTS: "ada" }],
    // Names that are not ours, and look as if.
    ["AUTH_JWT_SECERT", { AUTH_JWT_SECERT: SECRET, ...TOKENS, ADMIN_SUBJECTS: "ada" }],
    ["AUTH_JWT_SECRET_FILE", { AUTH_JWT_SECRET_FILE: "/run/secret" }],
    ["AUTH_JWKS_URI", { AUTH_JWKS_URI: KEYS_URL }],
    ["AUTH_JWT_SECRETS", { AUTH_JWT_SECRETS: SECRET }],
    ["AUTH-ISSUER", { "AUTH-ISSUER": "https://id.test" }],
    ["auth_jwt_secret", { auth_jwt_secret: SECRET }],
    ["ADMIN_SUBJECT", { ADMIN_SUBJECT: "ada", AUTH_JWT_SECRET: SECRET, ...TOKENS }],
    ["HOST", { HOST: "0.0.0.0" }],
    ["HOST", { HOST: "::" }],
    ["HOST", { HOST: "example.com" }],
  ])("names %s when it is wrong: %o", (variable, env) => {
    const load = () => loadConfig(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(new RegExp(`^${variable}: .+ Expected .+\\.$`));
  });

  it("honours what a database's URL says of its connections", () => {
    const url = "postgres://db/x?schema=public&sslmode=require&connection_limit=7&connect_timeout=9";
    expect(loadConfig({ DATABASE_URL: url })).toMatchObject({ poolSize: 7, connectSeconds: 9 });
    expect(loadConfig({ DATABASE_URL: url, DATABASE_POOL_SIZE: "3" })).toMatchObject({ poolSize: 3 });
  });

  it.each([
    ["another program's", { AUTH_TOKEN: "x", AUTH_USER: "x", AUTH_DOMAIN: "x", ADMIN_EMAIL: "x" }],
    ["an empty one", { AUTH_JWT_SECERT: "" }],
    [
      "beside the variable that it resembles",
      { AUTH_JWKS_URI: KEYS_URL, AUTH_JWKS_URL: KEYS_URL, ...TOKENS },
    ],
  ])("lets a name pass that hides nothing: %s", (_name, env) => {
    expect(() => loadConfig(env)).not.toThrow();
  });

  it("says which variable a misspelled name means, and not its value", () => {
    expect(() => loadConfig({ AUTH_JWT_SECERT: SECRET, ...TOKENS })).toThrow(
      /^AUTH_JWT_SECERT: Gatehouse has no such variable\. Expected AUTH_JWT_SECRET, or this one to be unset\.$/,
    );
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

describe("the models", () => {
  const KEYS = { ANTHROPIC_API_KEY: "sk-a", OPENAI_API_KEY: "sk-o", GOOGLE_GENERATIVE_AI_API_KEY: "sk-g" };
  const LOCAL = { OPENAI_COMPATIBLE_BASE_URL: "http://127.0.0.1:11434/v1" };
  const load = (env: Record<string, string>) => loadConfig(env).llm;
  const modelsOf = (env: Record<string, string>) => {
    const llm = load(env);
    if (llm.kind !== "models") throw new Error("There are no models.");
    return llm.models;
  };

  it("are those of the providers whose keys are set, in one order", () => {
    const models = modelsOf({
      GOOGLE_GENERATIVE_AI_API_KEY: "sk-g",
      OPENAI_API_KEY: "",
      ANTHROPIC_API_KEY: "sk-a",
    });
    expect(models.map(({ name, provider, apiKey }) => [name, provider, apiKey])).toEqual([
      ["claude", "anthropic", "sk-a"],
      ["gemini", "google", "sk-g"],
    ]);
    expect(modelsOf(KEYS).map(({ name }) => name)).toEqual(["claude", "gpt", "gemini"]);
    expect(load(KEYS)).toMatchObject({ timeoutMs: 120_000 });
  });

  it("are those of LLM_MODELS instead, in its order, with prices or without", () => {
    const models = modelsOf({
      ...KEYS,
      ...LOCAL,
      LLM_MODELS:
        " local=compatible:llama3.1:8b , gpt-4=openai:gpt-4.1@2/8,cf=compatible:@cf/meta/llama@0.075/0.3, ",
    });
    expect(models).toEqual([
      {
        name: "local",
        provider: "compatible",
        modelId: "llama3.1:8b",
        inputPrice: 0,
        outputPrice: 0,
        baseUrl: "http://127.0.0.1:11434/v1",
      },
      {
        name: "gpt-4",
        provider: "openai",
        modelId: "gpt-4.1",
        inputPrice: 2,
        outputPrice: 8,
        apiKey: "sk-o",
        baseUrl: "https://api.openai.com/v1",
      },
      {
        name: "cf",
        provider: "compatible",
        modelId: "@cf/meta/llama",
        inputPrice: 0.075,
        outputPrice: 0.3,
        baseUrl: "http://127.0.0.1:11434/v1",
      },
    ]);
  });

  it("of a compatible server get its key where there is one", () => {
    const [model] = modelsOf({
      OPENAI_COMPATIBLE_BASE_URL: "https://llm.test/v1//",
      OPENAI_COMPATIBLE_API_KEY: "sk-c",
      LLM_MODELS: "local=compatible:x",
    });
    expect(model).toMatchObject({ apiKey: "sk-c", baseUrl: "https://llm.test/v1" });
  });

  it("can be none, with something going wrong", () => {
    expect(load({ OFFLINE_SCENARIO: "partial_failure" })).toEqual({
      kind: "offline",
      scenario: "partial_failure",
    });
  });

  it.each([
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "," }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=mistral:x" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "Claude=anthropic:x" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=anthropic:" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=anthropic:x y" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=anthropic:x@3" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=anthropic:x@3/" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "claude=anthropic:x@3/-1" }],
    ["LLM_MODELS", { ...KEYS, LLM_MODELS: "a=anthropic:x,a=openai:y" }],
    ["LLM_MODELS", LOCAL],
    ["LLM_MODELS", { ...KEYS, ...LOCAL }],
    ["ANTHROPIC_API_KEY", { LLM_MODELS: "claude=anthropic:x", OPENAI_API_KEY: "sk-o" }],
    ["OPENAI_API_KEY", { LLM_MODELS: "gpt=openai:x" }],
    ["GOOGLE_GENERATIVE_AI_API_KEY", { LLM_MODELS: "gemini=google:x" }],
    ["OPENAI_COMPATIBLE_BASE_URL", { LLM_MODELS: "local=compatible:x" }],
    [
      "OPENAI_COMPATIBLE_BASE_URL",
      { OPENAI_COMPATIBLE_BASE_URL: "localhost:11434", LLM_MODELS: "l=compatible:x" },
    ],
    ["OPENAI_COMPATIBLE_BASE_URL", { OPENAI_COMPATIBLE_BASE_URL: "ftp://x", LLM_MODELS: "l=compatible:x" }],
    [
      "OPENAI_COMPATIBLE_BASE_URL",
      { OPENAI_COMPATIBLE_BASE_URL: "http://me:hunter2@x", LLM_MODELS: "l=compatible:x" },
    ],
    ["OPENAI_API_KEY", { OPENAI_API_KEY: "hunter2 with a space" }],
    ["ANTHROPIC_API_KEY", { ANTHROPIC_API_KEY: "hunter2\n" }],
    ["LLM_TIMEOUT_SECONDS", { LLM_TIMEOUT_SECONDS: "0" }],
    ["LLM_TIMEOUT_SECONDS", { LLM_TIMEOUT_SECONDS: "301" }],
    ["LLM_TIMEOUT_SECONDS", { LLM_TIMEOUT_SECONDS: "1.5" }],
    ["OFFLINE_SCENARIO", { OFFLINE_SCENARIO: "earthquake" }],
    ["OFFLINE_SCENARIO", { ...KEYS, OFFLINE_SCENARIO: "slow" }],
  ])("cannot be had with a wrong %s: %o", (variable, env) => {
    const load = () => loadConfig(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(new RegExp(`^${variable}: .+ Expected .+\\.$`));
    expect(load).toThrow(/^(?!.*(hunter2|sk-))/);
  });

  it("say which entry of LLM_MODELS is wrong", () => {
    expect(() => loadConfig({ ...KEYS, LLM_MODELS: "a=openai:x,b" })).toThrow(/entry 2/);
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

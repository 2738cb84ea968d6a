import { existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import { delimiter } from "node:path";
import { z } from "zod";
import { readCorsOrigins } from "./config/cors.ts";
import { type DatabaseConfig, readDatabase } from "./config/database.ts";
import { type LimitsConfig, readLimits } from "./config/limits.ts";
import { type LlmConfig, readLlm } from "./config/llm.ts";
import { refuseMisspelled } from "./config/misspelled.ts";
import { ConfigError, type Env, read } from "./config/read.ts";
import { type RedisConfig, readRedis } from "./config/redis.ts";

export { ANY_ORIGIN } from "./config/cors.ts";
export type { LimitsConfig } from "./config/limits.ts";
export type { LlmConfig, ModelConfig, OfflineScenario } from "./config/llm.ts";
export { ConfigError } from "./config/read.ts";
export type { RedisConfig } from "./config/redis.ts";

/** Who may ask, and how that is proven. `development` means: nobody proves anything, so loopback only. */
export type AuthConfig =
  | { readonly kind: "development" }
  | { readonly kind: "secret"; readonly secret: string; readonly issuer: string; readonly audience: string }
  | {
      readonly kind: "jwks";
      readonly url: URL;
      /** How long fetched keys are used, so how long a withdrawn key may still verify tokens. */
      readonly maxAgeSeconds: number;
      readonly issuer: string;
      readonly audience: string;
    };

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config extends DatabaseConfig {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  /** How long a connection may wait for its next request. */
  readonly keepAliveSeconds: number;
  /** The origins whose pages may ask; `*` alone: all of them. */
  readonly corsOrigins: readonly string[];
  /** The embedded database, where there is no `databaseUrl`. */
  readonly embeddedPath: string;
  readonly auth: AuthConfig;
  /** The `sub` claims that are administrators. */
  readonly adminSubjects: readonly string[];
  readonly logLevel: LogLevel;
  /** Whether clients may ask for the schema, and errors name what they could have meant. */
  readonly introspection: boolean;
  /** Whether GraphiQL is served. */
  readonly graphiql: boolean;
  /** Whether the first start loads the demo project. */
  readonly seedDemo: boolean;
  /** The models that write documents and take part in discussions. */
  readonly llm: LlmConfig;
  /** Files and directories of fonts for PDFs. Absent: the machine's usual places. */
  readonly pdfFonts?: readonly string[];
  /** What carries wake-ups and shared limits between nodes; null: the database. */
  readonly redis: RedisConfig | null;
  readonly limits: LimitsConfig;
}

/** What is not there is no font, and would never be noticed. */
const fontPlacesSchema = z
  .string()
  .transform((text) => text.split(delimiter).filter((place) => place !== ""))
  .refine((places) => places.length > 0 && places.every((place) => existsSync(place)));

/** HMAC-SHA256 gains nothing from a longer key and loses security with a shorter one (RFC 7518 §3.2). */
const MIN_SECRET_BYTES = 32;

/**
 * Reads the configuration from environment variables. An empty variable counts as unset.
 * @throws ConfigError naming the first variable that cannot be used.
 */
export function loadConfig(env: Env): Config {
  const host = read(env, "HOST", z.string().regex(/^[^\s/@]+$/), "a host name or IP address") ?? "127.0.0.1";
  const auth = readAuth(env);
  if (auth.kind === "development" && !isLoopbackHost(host)) {
    throw new ConfigError(
      "HOST",
      `"${host}" can be reached from other machines while no authentication is configured, so anyone could act as the administrator`,
      "a loopback address (127.0.0.1, ::1 or localhost), or AUTH_JWT_SECRET or AUTH_JWKS_URL to be set with AUTH_ISSUER and AUTH_AUDIENCE",
    );
  }
  const pdfFonts = read(
    env,
    "PDF_FONTS",
    fontPlacesSchema,
    `font files and directories that are there, separated by "${delimiter}"`,
  );
  return {
    host,
    port: read(env, "PORT", portSchema, "a whole number from 0 to 65535") ?? 4000,
    keepAliveSeconds: read(env, "KEEP_ALIVE_SECONDS", keepAliveSchema, "a whole number from 1 to 3600") ?? 75,
    corsOrigins: readCorsOrigins(env, auth.kind === "development"),
    ...readDatabase(env),
    embeddedPath: read(env, "PIPELINE_DB_PATH", z.string(), "a directory path") ?? "state/pipeline_state.db",
    auth,
    adminSubjects: (env.ADMIN_SUBJECTS ?? "").split(",").flatMap((subject) => subject.trim() || []),
    logLevel: read(env, "LOG_LEVEL", z.enum(LOG_LEVELS), `one of ${LOG_LEVELS.join(", ")}`) ?? "info",
    introspection: readSwitch(env, "INTROSPECTION"),
    graphiql: readSwitch(env, "GRAPHIQL"),
    seedDemo: readSwitch(env, "SEED_DEMO"),
    ...(pdfFonts === undefined ? {} : { pdfFonts }),
    llm: readLlm(env),
    redis: readRedis(env),
    limits: readLimits(env, auth.kind === "development"),
  };
}

/** Something that is on unless it is switched off. */
function readSwitch(env: Env, name: string): boolean {
  return (read(env, name, z.enum(["true", "false"]), "true or false") ?? "true") === "true";
}

/** Whether the demo project is wanted and has an owner: with authentication nobody is the development user. */
export function loadsDemo({ seedDemo, auth }: Pick<Config, "seedDemo" | "auth">): boolean {
  return seedDemo && auth.kind === "development";
}

/** Whether a host name or address (IPv6 with or without brackets) can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port <= 65535);

/** Longer than the 60 s that proxies and load balancers keep connections: the side that closes first should be theirs. */
const keepAliveSchema = z
  .string()
  .regex(/^[1-9]\d{0,3}$/)
  .transform(Number)
  .refine((seconds) => seconds <= 3600);

/** Keys fetched in the clear could be replaced on the way, so http is for a key server on this machine only. */
const jwksUrlSchema = z
  .url()
  .transform((value) => new URL(value))
  .refine((url) => url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname)));

const MAX_JWKS_AGE_S = 24 * 60 * 60;
const DEFAULT_JWKS_AGE_S = 600;

const jwksAgeSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((seconds) => seconds >= 1 && seconds <= MAX_JWKS_AGE_S);

/** What says nothing unless tokens are verified, too. */
const NEED_TOKENS = ["AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_JWKS_MAX_AGE_SECONDS", "ADMIN_SUBJECTS"] as const;
const AUTH_VARIABLES = [
  "AUTH_JWT_SECRET",
  "AUTH_JWKS_URL",
  "AUTH_FAILURES_PER_MINUTE",
  ...NEED_TOKENS,
] as const;

/**
 * Reads who may ask.
 * @throws ConfigError also for a variable that looks like a misspelled one of these, and for half a configuration: either
 *   would leave the server open to whoever reaches it.
 */
function readAuth(env: Env): AuthConfig {
  refuseMisspelled(env, AUTH_VARIABLES);
  const secret = read(
    env,
    "AUTH_JWT_SECRET",
    z.string().refine((value) => Buffer.byteLength(value) >= MIN_SECRET_BYTES),
    `at least ${MIN_SECRET_BYTES} bytes, such as the output of "openssl rand -base64 48"`,
  );
  const url = read(env, "AUTH_JWKS_URL", jwksUrlSchema, "an https URL (http only on a loopback host)");
  if (secret !== undefined && url !== undefined) {
    throw new ConfigError("AUTH_JWKS_URL", "set together with AUTH_JWT_SECRET", "only one of the two");
  }
  const maxAgeSeconds = read(
    env,
    "AUTH_JWKS_MAX_AGE_SECONDS",
    jwksAgeSchema,
    `a whole number from 1 to ${MAX_JWKS_AGE_S}`,
  );
  if (secret === undefined && url === undefined) {
    const half = NEED_TOKENS.find((name) => env[name]);
    if (half === undefined) return { kind: "development" };
    throw new ConfigError(
      half,
      "set although neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is, so everybody would be the administrator",
      "one of these two with AUTH_ISSUER and AUTH_AUDIENCE, or none of them",
    );
  }
  const claims = {
    issuer: required(env, "AUTH_ISSUER", "iss"),
    audience: required(env, "AUTH_AUDIENCE", "aud"),
  };
  if (secret !== undefined) {
    if (maxAgeSeconds === undefined) return { kind: "secret", secret, ...claims };
    throw new ConfigError(
      "AUTH_JWKS_MAX_AGE_SECONDS",
      "set although tokens are verified with AUTH_JWT_SECRET",
      "it to be unset, or AUTH_JWKS_URL instead of the secret",
    );
  }
  return { kind: "jwks", url: url as URL, maxAgeSeconds: maxAgeSeconds ?? DEFAULT_JWKS_AGE_S, ...claims };
}

function required(env: Env, name: string, claim: string): string {
  // 255 is what the user table holds of an issuer.
  const value = read(env, name, z.string().max(255), "at most 255 characters");
  if (value !== undefined) return value;
  throw new ConfigError(
    name,
    "not set although token authentication is configured",
    `the value that every token carries in its "${claim}" claim`,
  );
}

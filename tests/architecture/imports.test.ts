import { globSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = new URL("../../src/", import.meta.url);

/** Which folders of src a folder may import from, besides itself. What is not listed is refused. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  // Could be published: it knows GraphQL, and nothing of ours.
  execution: [],
  "bounded-cache.ts": [],
  db: ["bounded-cache.ts", "generated"],
  events: ["domain", "generated"],
  llm: ["domain", "config.ts"],
  // The Runner interface and its errors only: which runner there is, the composition root decides.
  services: ["domain", "events", "export", "generated", "llm"],
  // Documents as files other than text.
  export: ["domain"],
  // Limits that hold over all nodes, and one place for what there is in Redis.
  limits: ["bounded-cache.ts", "in-time.ts"],
  redis: ["in-time.ts"],
  jobs: ["domain", "db", "services", "generated"],
  auth: ["bounded-cache.ts", "domain", "generated", "config.ts"],
  schema: ["domain", "execution", "services", "events", "auth", "generated", "iso-time.ts"],
  // The one place that knows all types and all root fields.
  "schema/index.ts": ["resolvers", "schema"],
  resolvers: ["domain", "services", "events", "schema"],
  server: [
    "bounded-cache.ts",
    "domain",
    "execution",
    "auth",
    "config.ts",
    "in-time.ts",
    "iso-time.ts",
    "limits",
  ],
  cli: [
    "app.ts",
    "clock.ts",
    "config.ts",
    "db",
    "demo-operations.ts",
    "domain",
    "llm",
    "schema",
    "server",
    "services",
  ],
  "clock.ts": ["domain"],
  "in-time.ts": [],
  "iso-time.ts": [],
  "config.ts": ["config"],
  config: [],
  "demo-operations.ts": ["schema", "services"],
  "app.ts": [
    "auth",
    "config.ts",
    "db",
    "demo-operations.ts",
    "domain",
    "events",
    "jobs",
    "limits",
    "llm",
    "redis",
    "schema",
    "server",
    "services",
  ],
  "main.ts": ["cli"],
};

/** Packages that only some folders may use. A folder that is not named may not. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  graphql: ["execution", "schema", "resolvers", "server", "cli"],
  "graphql-yoga": ["server"],
  "graphql-ws": ["server", "cli"],
  "@pothos/core": ["schema", "resolvers", "server"],
  "@prisma/client": ["db"],
  pg: ["db", "events"],
  "pg-boss": ["jobs"],
  "@redis/client": ["redis"],
  "rate-limiter-flexible": ["limits"],
  jose: ["auth"],
  pdfkit: ["export"],
  fontkit: ["export"],
  "bidi-js": ["export"],
  "dejavu-fonts-ttf": ["export"],
  ai: ["llm"],
  "@ai-sdk": ["llm"],
  commander: ["cli"],
  "log-update": ["cli"],
};

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly specifier: string;
}

const imports = globSync("**/*.ts", { cwd: SRC, exclude: ["generated/**"] }).flatMap((file): Import[] => {
  const source = readFileSync(new URL(file, SRC), "utf8");
  const specifiers = source.matchAll(
    /^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|import\("([^"]+)"\)/gm,
  );
  return [...specifiers].map((match) => ({
    file,
    layer: layerOf(file),
    specifier: match[1] ?? match[2] ?? match[3] ?? "",
  }));
});

function layerOf(file: string): string {
  return file in MAY_IMPORT ? file : (file.split("/")[0] ?? file);
}

const ours = imports.filter(({ specifier }) => specifier.startsWith("."));
const packages = imports.filter(({ specifier }) => !specifier.startsWith("."));

describe("imports", () => {
  test("are found", () => {
    expect(ours.length).toBeGreaterThan(100);
    expect(packages.length).toBeGreaterThan(50);
  });

  test("point one way between the layers", () => {
    const wrong = ours.filter(({ file, layer, specifier }) => {
      const target = posix.join(dirname(file), specifier).split("/")[0] ?? "";
      return target !== layer && !MAY_IMPORT[layer]?.includes(target);
    });
    expect(wrong).toEqual([]);
  });

  test("of a layer's packages stay in that layer", () => {
    const wrong = packages.filter(({ layer, specifier }) => {
      const allowed = Object.entries(MAY_USE).find(
        ([name]) => specifier === name || specifier.startsWith(`${name}/`),
      )?.[1];
      return allowed && !allowed.includes(layer);
    });
    expect(wrong).toEqual([]);
  });

  test("of the domain are its own files, zod, canonicalize and what Node has of pure functions", () => {
    const used = new Set(
      packages.filter(({ layer }) => layer === "domain").map(({ specifier }) => specifier),
    );
    expect([...used].sort()).toEqual(["canonicalize", "node:crypto", "node:util", "zod"]);
  });

  test("process.env is read in the configuration and where commands begin", () => {
    const readers = globSync("**/*.ts", { cwd: SRC, exclude: ["generated/**"] }).filter((file) =>
      readFileSync(new URL(file, SRC), "utf8").includes("process.env"),
    );
    expect(readers.filter((file) => !file.startsWith("cli/"))).toEqual([]);
  });
});

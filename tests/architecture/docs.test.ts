import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { EVENT_TYPES } from "../../src/domain/event/types.ts";
import { stateMachineDocs } from "../../src/domain/run/docs.ts";
import { stageMachineDiagram } from "../../src/domain/stage/machine.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const architecture = read("docs/ARCHITECTURE.md");

describe("the docs", () => {
  test("show the stage machine that the code has", () => {
    const diagram = /```mermaid\n([\s\S]*?)\n```/.exec(architecture)?.[1];
    expect(diagram).toBe(stageMachineDiagram());
  });

  test("show the machines of runs that the code has", () => {
    expect(read("docs/state_machine.md")).toBe(stateMachineDocs());
  });

  test("list the event types that the code appends, as the code describes them", () => {
    const rows = [...architecture.matchAll(/^\| `([a-z_.]+)` \| (.*\.) \|$/gm)].map(([, type, meaning]) => [
      type,
      meaning,
    ]);
    expect(rows).toEqual(Object.entries(EVENT_TYPES));
  });

  test("explain every variable that the configuration reads", () => {
    const known = new Set<string | symbol>();
    loadConfig(new Proxy({}, { get: (_target, name) => void known.add(name) }));
    // Read only where there is a token to check.
    known.add("AUTH_ISSUER").add("AUTH_AUDIENCE");
    const explained = [...read("README.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual([...known].sort());
  });

  test("show clients as the tests run them", () => {
    const shown = [...read("docs/clients.md").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    const files = ["event", "retry", "graphql-ws", "graphql-sse", "apollo", "urql"];
    expect(shown).toEqual(files.map((name) => read(`tests/recovery/clients/${name}.ts`)));
  });

  test("link to files that are there", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "docs/ARCHITECTURE.md",
      "docs/RELIABILITY.md",
      "docs/clients.md",
      "docs/state_machine.md",
    ];
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = ""]) => new URL(target, `file:///${page}`).pathname.slice(1))
        .filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))
        .map((path) => `${page} → ${path}`),
    );
    expect(broken).toEqual([]);
  });
});

import { globSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { expect, test } from "vitest";
import { NO_STATE } from "../support/no-state.ts";
import { SAME_ON_BOTH_ENGINES } from "../support/same-on-both-engines.ts";

const ROOT = new URL("../../", import.meta.url);
/** The one file that looks at TEST_ENGINE. */
const CHOOSES_ENGINE = "tests/support/database.ts";

const files = globSync("tests/**/*.ts", { cwd: ROOT });
const source = (file: string) => readFileSync(new URL(file, ROOT), "utf8");

/** The files of tests/ that a file imports, or starts as a process. */
function neighbours(file: string): string[] {
  const specifiers = source(file).matchAll(/(?:from|import|import\(|new URL\()\s*"(\.[^"]+\.ts)"/g);
  return [...specifiers]
    .map((match) => posix.join(dirname(file), match[1] ?? ""))
    .filter((each) => each.startsWith("tests/") && files.includes(each));
}

function reaches(file: string, target: string, seen = new Set<string>()): boolean {
  if (file === target) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return neighbours(file).some((each) => reaches(each, target, seen));
}

const inFolders = (all: readonly string[], folders: readonly string[]) =>
  all.filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));

const usesTestDatabase = files.filter((file) => file.endsWith(".test.ts") && reaches(file, CHOOSES_ENGINE));

test("only one file of the tests asks which engine they run on", () => {
  expect(files.filter((file) => /env\.TEST_ENGINE/.test(source(file)))).toEqual([CHOOSES_ENGINE]);
});

test("what the run on PostgreSQL leaves out opens no test database", () => {
  expect(usesTestDatabase.length).toBeGreaterThan(40);
  expect(inFolders(usesTestDatabase, SAME_ON_BOTH_ENGINES)).toEqual([]);
});

test("what shares a process opens no test database and changes nothing that is the process's own", () => {
  const sharing = inFolders(files, NO_STATE).filter((file) => file.endsWith(".test.ts"));
  expect(sharing.length).toBeGreaterThan(60);
  expect(sharing.filter((file) => usesTestDatabase.includes(file))).toEqual([]);
  const changes = /process\.(env\.\w+ *=[^=]|chdir|on\()|globalThis\.\w+ *=[^=]|setDefault\w+\(/;
  expect(inFolders(files, NO_STATE).filter((file) => changes.test(source(file)))).toEqual([]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeMessage, signatureOf } from "../../../src/domain/run/signature.ts";

describe("the normalised message is without", () => {
  test.each<[string, string, string]>([
    ["numbers", "Timed out after 3000 ms, 2 of 10", "Timed out after <n> ms, <n> of <n>"],
    ["decimals", "Used 1.5 GB of 2,048 MB", "Used <n> GB of <n> MB"],
    ["numbers in words", "worker12 left", "worker<n> left"],
    ["hexadecimals", "Bad pointer 0xDEADBEEF at commit 1a2b3c4d", "Bad pointer <n> at commit <n>"],
    ["UUIDs", "No row 0190a5d0-0000-7000-8000-00000000000F", "No row <id>"],
    ["ids of the API", "No run_01kzzzzzzzfzzsr000000000zz", "No <id>"],
    ["URLs", "GET https://example.com:8080/a?b=1#c failed", "GET <url> failed"],
    ["paths", "Cannot open /var/log/app.log", "Cannot open <path>"],
    ["paths with lines", "at /home/ada/src/main.ts:10:5", "at <path>:<n>:<n>"],
    ["relative paths", "src/domain/run.ts(3,14): error", "<path>(<n>): error"],
    ["paths from here", "Cannot find ./util.ts or ../x", "Cannot find <path> or <path>"],
    ["Windows paths", "Cannot open C:\\Users\\ada\\main.ts", "Cannot open <path>"],
    ["times", "2026-01-05T09:00:00.123Z failed", "<time> failed"],
    ["times with a zone", "2026-01-05 09:00:00 +02:00 failed", "<time> failed"],
    ["days", "since 2026-01-05", "since <time>"],
    ["clock times", "[09:00:01] failed", "[<time>] failed"],
    ["double quotations", 'Unexpected "}" in JSON', "Unexpected <text> in JSON"],
    ["single quotations", "Cannot read 'length' of undefined", "Cannot read <text> of undefined"],
    ["curved double quotations", "Unexpected “}” in “a b”", "Unexpected <text> in <text>"],
    ["curved single quotations", "Cannot read ‘don’t’ of ‘x’", "Cannot read <text> of <text>"],
    ["quotations with escaped quotes", String.raw`No "a \"b\" c" here`, "No <text> here"],
    ["single quotations with escaped quotes", String.raw`No 'it\'s' here`, "No <text> here"],
    ["escaped quotations", String.raw`No \"a\" in \"b\"`, "No <text> in <text>"],
    ["quotations that end in a backslash", String.raw`No "C:\x\" today`, "No <text> today"],
    ["commits of letters", "At commit abcdefa, sha: deadbeef", "At commit <n>, sha: <n>"],
    ["hashes of letters", "hash=fadedcafe of SHA-1 abcdefabcdef", "hash=<n> of SHA-<n> <n>"],
    ["backquotes", "Unknown flag `--fast`", "Unknown flag <text>"],
    ["ANSI codes", "\u001b[31mError\u001b[0m: \u001b]0;title\u0007no", "Error: no"],
    ["extra white space", "  a\n\t b  ", "a b"],
  ])("%s", (_what, message, normalized) => {
    expect(normalizeMessage(message)).toBe(normalized);
  });
});

describe("two messages are", () => {
  const same = (a: string, b: string) =>
    signatureOf(normalizeMessage(a)) === signatureOf(normalizeMessage(b));

  test.each<[string, string, string]>([
    ["line and column", "/a/b.ts:10:5 - error TS2345", "/c/d/e.ts:7:12 - error TS2345"],
    ["a digest that happens to have no letters", "commit 1234567", "commit 12a4b67"],
    ["a quoted name", "Property 'id' does not exist", "Property 'name' does not exist"],
    ["the colours", "\u001b[1mFAIL\u001b[22m x", "FAIL x"],
  ])("the same when they differ in %s", (_what, a, b) => {
    expect(same(a, b)).toBe(true);
  });

  test.each<[string, string, string]>([
    ["words of a to f", "It was defaced", "It was effaced"],
    ["apostrophes that are curved", "It can’t start, won’t", "It can’t stop, won’t"],
    ["words", "Connection refused", "Connection reset"],
    ["words with a slash", "Cannot read/write", "Cannot open/close"],
    ["words with an apostrophe", "It can't start", "It can't stop"],
    ["the words between apostrophes of words", "don't open, won't do", "don't close, won't do"],
  ])("different when they differ in %s", (_what, a, b) => {
    expect(same(a, b)).toBe(false);
  });
});

test("the signature is SHA-256 in hex", () => {
  expect(signatureOf("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("numbers never tell messages apart, whatever they are", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      const message = (n: number) => `Failed ${n} times (limit=${n + 1}) at line ${n}`;
      expect(normalizeMessage(message(a))).toBe(normalizeMessage(message(b)));
    }),
  );
});

test("what PostgreSQL can store stays so", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (message) => {
      fc.pre(message.isWellFormed());
      expect(normalizeMessage(message).isWellFormed()).toBe(true);
    }),
  );
});

test.each([
  ["slashes", "/"],
  ["names with slashes", "a/"],
  ["words with dots", "a."],
  ["quotes", "'a "],
  ["double quotes", '"'],
  ["escaped quotes", String.raw`\"`],
  ["escaped quotes in one", String.raw`"\"\"\"`],
  ["escaped apostrophes", String.raw` '\'a`],
  ["apostrophes in words", "a'"],
  ["curved quotes", "“"],
  ["curved apostrophes", "‘a"],
  ["curved apostrophes in words", "‘a’a"],
  ["names of hexadecimals", "commit "],
  ["backquotes", "`\\"],
  ["hexadecimals", "abcdef0"],
  ["digits", "1"],
  ["escapes", "\u001b["],
  ["titles of escapes", "\u001b]"],
  ["schemes", "http:"],
  ["backslashes", "\\"],
  ["clock times", "11:11:"],
])("20,000 characters of %s take no time", (_name, unit) => {
  const message = unit.repeat(Math.floor(20_000 / unit.length));
  const start = performance.now();
  normalizeMessage(message);
  expect(performance.now() - start).toBeLessThan(1_000);
});

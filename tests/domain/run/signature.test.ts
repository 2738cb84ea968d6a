import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeMessage, type Replacement, signatureOf } from "../../../src/domain/run/signature.ts";

describe("the normalised message is without", () => {
  test.each<[string, string, string]>([
    ["numbers", "Timed out after 3000 ms, 2 of 10", "Timed out after <duration>, <n> of <n>"],
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

/** Messages of one failure, which group, in the words of the programs that write them. */
const GROUP: readonly (readonly [string, string])[] = [
  [
    "Overloaded (request id: req_011CSHoEeqs5C35K2UUqR7Fy)",
    "Overloaded (request id: req_01A4vT8wYb2NnKcPq9LmZx)",
  ],
  ["No such request req_011CSHo", "No such request req_018EeqK"],
  ["No charge pi_3NqBZ2eZvKYlo2C", "No charge pi_1MtwBwLkdIwHu7i"],
  ["Stream chatcmpl-9aBcD2eF3g cut", "Stream chatcmpl-8zYxW1vU7t cut"],
  ["Job 01ARZ3NDEKTSV4RRFFQ69G5FAV lost", "Job 01BX5ZZKBKACTAV9WEVGEMMVRZ lost"],
  ["Job 01arz3ndektsv4rrffq69g5fav lost", "Job 01bx5zzkbkactav9wevgemmvrz lost"],
  ["No object 0ujsswThIGTUYm2K8FjOOfXtY1K", "No object 0ujtsYcgvSTl8PAuAdqWYSMnLOv"],
  ["Trace 4bf92f3577b34da6a3ce929d0e0e4736 dropped", "Trace 0af7651916cd43dd8448eb211c80319c dropped"],
  ["No row 0190a5d0-0000-7000-8000-00000000000f", "No row 0190a5d0-1111-7000-8000-00000000000a"],
  [
    "Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc has expired",
    "Token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyIn0.x-y has expired",
  ],
  ["Mail to ada@example.com bounced", "Mail to grace.hopper@navy.example.org bounced"],
  ["Timed out after 980ms", "Timed out after 1.02s"],
  ["Timed out after 1.02s", "Timed out after 1m 2s"],
  ["Timed out after 1m 2s", "Timed out after 1h2m3s"],
  ["Timed out after 1m2.5s", "Timed out after 250 milliseconds"],
  ["Timed out after 2 minutes, 3 seconds", "Timed out after 45 s"],
  ["Timed out after 2 minutes and 3 seconds", "Timed out after 1 hour"],
  ["Deadline PT1M2S exceeded", "Deadline PT30S exceeded"],
  ["Took 12µs", "Took 400 ns"],
  ["connect ECONNREFUSED ::1:5432", "connect ECONNREFUSED ::1:5433"],
  ["No route to 2001:db8::1", "No route to fe80::1ff:fe23:4567:890a"],
  ["No route to 2001:0db8:0000:0000:0000:ff00:0042:8329", "No route to 2001:db8::ff00:42:8329"],
  ["No route to 10.0.0.7", "No route to 2001:db8::7"],
  ["connect to [2001:db8::1]:5432 failed", "connect to 10.0.0.7:6432 failed"],
  ["No route to ::ffff:10.0.0.7", "No route to 192.168.1.20"],
  ["Duplicate address 00:1b:44:11:3a:b7", "Duplicate address 00:1c:42:2e:60:4a"],
  ["Pod web-7d4b9c6f5d-x2x8z evicted", "Pod web-6c8f7b9d4-q7wzt evicted"],
  ["Pod fluentd-x2x8z evicted", "Pod fluentd-q7wzt evicted"],
  ["Pod db-0 evicted", "Pod db-12 evicted"],
  ["Unknown field “name”", "Unknown field “title”"],
  ["Unknown field ‘name’", "Unknown field ‘title’"],
  ["Feld „Name“ fehlt", "Feld „Titel“ fehlt"],
  ["Pole „nazwa” nie istnieje", "Pole „tytuł” nie istnieje"],
  ["Champ « nom » inconnu", "Champ « titre » inconnu"],
  ["Feld »Name« fehlt", "Feld »Titel« fehlt"],
  ["Feld ‚Name‘ fehlt", "Feld ‚Titel‘ fehlt"],
  ["項目「名前」がない", "項目「題名」がない"],
  ["Failed on Mon, 05 Jan 2026 09:00:00 GMT", "Failed on Tue, 6 Jan 2026 10:11:12 GMT"],
  ["Jan  5 09:00:00 host died", "Feb 16 19:20:21 host died"],
  ["HTTP 503 after 3 retries", "HTTP 503 after 5 retries"],
  ["GET https://a.example/x?a=1 404 in 20ms", "GET https://a.example/y 404 in 1.5s"],
  ["Exit code 137 after 30 s", "Exit code 137 after 2m"],
  ["returned 200 rows", "returned 300 rows"],
  ["process 4711 exited with code 1", "process 815 exited with code 1"],
  ["Segment 404 of 500 lost", "Segment 12 of 500 lost"],
  ["read 404 bytes", "read 500 bytes"],
  ["/tmp/tmp.aB3dE5/x: no space", "/tmp/tmp.xyzabc/x: no space"],
];

/** Different failures, which do not. */
const APART: readonly (readonly [string, string])[] = [
  ["HTTP 404", "HTTP 500"],
  ["HTTP/1.1 404", "HTTP/1.1 500"],
  ["status 404", "status 500"],
  ["status: 502", "status: 503"],
  ["Request failed with status code 401", "Request failed with status code 403"],
  ['{"status":404}', '{"status":500}'],
  ["statusCode=429", "statusCode=529"],
  ["status code was 404", "status code was 410"],
  ["The server responded with 404", "The server responded with 500"],
  ["The server returned a 502 from the proxy", "The server returned a 504 from the proxy"],
  ["GET https://a.example/x 404", "GET https://a.example/x 500"],
  ["GET /x → 404", "GET /x → 500"],
  ["404 Not Found", "410 Not Found"],
  ["Error: 404", "Error: 500"],
  ["exit code 1", "exit code 137"],
  ["exit code: 1", "exit code: 2"],
  ["exited with code 1", "exited with code 137"],
  ["exited with status 1", "exited with status 127"],
  ["exitCode=1", "exitCode=139"],
  ["exit status 1", "exit status 2"],
  ["exited (1)", "exited (137)"],
  ["returned non-zero exit status 1", "returned non-zero exit status 2"],
  ["exit code -1073741819", "exit code -1073741510"],
  ["exit code 0xC0000005", "exit code 0xC000013A"],
  ["killed by signal 9", "killed by signal 11"],
  ["[Errno 2] failed", "[Errno 13] failed"],
  ["error code 1045", "error code 1049"],
  ["SQLSTATE 23505", "SQLSTATE 40001"],
  ["SQLSTATE[42P01]", "SQLSTATE[42P07]"],
  ["test_authentication2 failed", "test_serialization2 failed"],
  ["std::vector is empty", "std::string is empty"],
  ["a::b is gone", "c::d is gone"],
  ["Pod web-frontend evicted", "Pod web-backend evicted"],
  ["Cannot decode base64url", "Cannot decode base32hex"],
  ["The user’s key, the key’s end", "The user’s lock, the lock’s end"],
  ["Timed out", "Timed in"],
];

describe("the table of failures", () => {
  test("has at least 60 pairs, some of each kind", () => {
    expect(GROUP.length + APART.length).toBeGreaterThanOrEqual(60);
    expect(Math.min(GROUP.length, APART.length)).toBeGreaterThan(20);
  });

  test.each(GROUP)("groups %j with %j", (a, b) => {
    expect(normalizeMessage(a)).toBe(normalizeMessage(b));
  });

  test.each(APART)("keeps %j apart from %j", (a, b) => {
    expect(normalizeMessage(a)).not.toBe(normalizeMessage(b));
  });
});

test("what gives way is told with what stands for it, and the digits that stay are not", () => {
  const replaced: Replacement[] = [];
  const text = "HTTP 404 for req_011CSHo after 980ms, “x”, 3 times";
  expect(normalizeMessage(text, (part) => replaced.push(part))).toBe(
    "HTTP 404 for req_<id> after <duration>, <text>, <n> times",
  );
  expect(replaced).toEqual([
    { placeholder: "<text>", text: "“x”" },
    { placeholder: "<id>", text: "011CSHo" },
    { placeholder: "<duration>", text: "980ms" },
    { placeholder: "<n>", text: "3" },
  ]);
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
  ["durations", "1s "],
  ["joined durations", "1s"],
  ["addresses", "a:"],
  ["hexadecimal groups", "1::"],
  ["prefixes", "a_"],
  ["random ids", "a1"],
  ["suffixes of pods", "-x2x8z"],
  ["months", "Jan "],
  ["tokens", "eyJ"],
  ["mails", "a@"],
  ["codes", "status "],
  ["exits", "exit "],
  ["guillemets", "«"],
  ["requests", "GET /x "],
])("20,000 characters of %s take no time", (_name, unit) => {
  const message = unit.repeat(Math.floor(20_000 / unit.length));
  const start = performance.now();
  normalizeMessage(message);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test("a long word that begins as a token again and again takes no time", () => {
  const start = performance.now();
  normalizeMessage("eyJ-".repeat(20_000));
  expect(performance.now() - start).toBeLessThan(1_000);
});

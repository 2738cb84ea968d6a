import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { MAX_MESSAGE_CHARACTERS } from "../../../src/domain/discussion/limits.ts";
import { PieceWriter } from "../../../src/services/discussion/piece-writer.ts";
import { createTestDatabase } from "../../support/database.ts";
import { TalkRunner } from "../../support/talk-runner.ts";
import { Backstage } from "./support.ts";

let database: Database;
let backstage: Backstage;
let messageId: string;
let woken: number;
let now: number;

beforeAll(async () => {
  database = await createTestDatabase();
  backstage = await Backstage.open(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  const { id } = await backstage.start(new TalkRunner(), { type: "OPEN" });
  messageId = (await backstage.read(id)).rounds[0]?.messages[0]?.id ?? "";
  woken = 0;
  now = Date.parse("2026-01-05T09:00:00Z");
});

function open(prisma: ConstructorParameters<typeof PieceWriter>[0]["prisma"] = backstage.prisma) {
  const wakeups = {
    publish() {},
    publishDiscussion() {
      woken += 1;
    },
  };
  const clock = { now: () => new Date(now) };
  return new PieceWriter(
    { prisma, clock, timer: backstage.timer, wakeups },
    { discussionId: "d", messageId, attempt: 1 },
  );
}

async function pieces() {
  const rows = await backstage.prisma.messagePiece.findMany({
    where: { messageId },
    orderBy: { offset: "asc" },
  });
  return rows.map(({ offset, text }) => [offset, text]);
}

function wind(ms: number): void {
  now += ms;
  backstage.timer.windTo(new Date(now));
}

test("the first piece is passed on at once, and what follows at most every tenth of a second", async () => {
  const writer = open();
  writer.push("One ");
  await expect.poll(() => woken).toBe(1);
  for (const word of ["two ", "three ", "four "]) writer.push(word);
  wind(99);
  expect(await pieces()).toEqual([[0, "One "]]);
  wind(1);
  await expect.poll(() => woken).toBe(2);
  expect(await pieces()).toEqual([
    [0, "One "],
    [4, "two three four "],
  ]);
  writer.push("five");
  expect(await writer.end()).toBe("One two three four five");
  wind(1_000);
  expect(woken).toBe(2);
});

test("a piece that could not be stored is stored with the next one", async () => {
  let isDown = true;
  const flaky = new Proxy(backstage.prisma, {
    get: (target, name) => {
      if (name !== "messagePiece" || !isDown) return Reflect.get(target, name);
      return { createMany: async () => Promise.reject(new Error("The database is away.")) };
    },
  });
  const writer = open(flaky);
  writer.push("One ");
  await expect.poll(() => backstage.timer.pending).toBeGreaterThan(0);
  isDown = false;
  writer.push("two");
  wind(100);
  await expect.poll(() => woken).toBe(1);
  expect(await pieces()).toEqual([[0, "One two"]]);
  await writer.end();
});

test("what comes after the end is nobody's", async () => {
  const writer = open();
  expect(await writer.end()).toBe("");
  writer.push("Too late.");
  expect(await writer.end()).toBe("");
  expect(await pieces()).toEqual([]);
});

test("no more is passed on than a message may hold", async () => {
  const writer = open();
  for (let piece = 0; piece < 50; piece++) writer.push("😀".repeat(500));
  const said = await writer.end();
  expect(said).toBe("😀".repeat(MAX_MESSAGE_CHARACTERS / 2));
  const stored = (await pieces()).map(([, text]) => text).join("");
  expect(said.startsWith(stored)).toBe(true);
});

import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { lockDirectory } from "../../src/db/lock.ts";
import { migrate, pendingMigrations } from "../../src/db/migrate.ts";
import { createCluster, emptyDump, prepareCluster } from "../../src/db/new-cluster.ts";
import { type Child, startChild } from "../support/child.ts";
import { insertRow, VALID_ROWS } from "./rows.ts";

let parent: string;
let directory: string;
let children: Child[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "gatehouse-embedded-"));
  directory = join(parent, "state", "data.db");
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  rmSync(parent, { recursive: true });
});

function start(name: string, target = directory): Child {
  const child = startChild(new URL(`children/${name}.ts`, import.meta.url), target);
  children.push(child);
  return child;
}

const locked = (pid: number) => ({
  name: "DatabaseLockedError",
  pid,
  directory,
  message: expect.stringContaining(`${directory} is in use by process ${pid} `),
});

describe("the embedded directory", () => {
  test("is made with its parents, and found again with its rows", async () => {
    const first = await openDatabase({ embeddedPath: directory });
    expect(first).toMatchObject({ engine: "pglite", location: directory });
    await migrate(first);
    await insertRow(first, "plan_tier", VALID_ROWS.plan_tier);
    await first.close();

    const second = await openDatabase({ embeddedPath: directory });
    expect(await pendingMigrations(second)).toEqual([]);
    expect(await second.prisma.planTier.count()).toBe(1);
    await second.close();
    expect(readdirSync(join(parent, "state"))).toEqual(["data.db"]);
  });

  test("is refused, untouched, when it holds something else", async () => {
    writeFileSync(join(parent, "letter.txt"), "Dear");
    await expect(openDatabase({ embeddedPath: parent })).rejects.toThrow("no database");
    expect(readdirSync(parent)).toEqual(["letter.txt"]);
    expect(existsSync(`${parent}.lock`)).toBe(false);
  });
});

describe("the files of a new database", () => {
  test("are made where none are prepared, and else copied: a database opens on both", async () => {
    const prepared = join(parent, "prepared");
    const [made, copied] = [join(parent, "made"), join(parent, "copied")];
    await createCluster(made, prepared);
    expect(existsSync(prepared)).toBe(false);
    await Promise.all([prepareCluster(prepared), prepareCluster(prepared)]);
    writeFileSync(join(prepared, "mark"), "");
    await createCluster(copied, prepared);
    expect([existsSync(join(made, "mark")), existsSync(join(copied, "mark"))]).toEqual([false, true]);
    expect(readdirSync(parent).sort()).toEqual(["copied", "made", "prepared"]);
    for (const embeddedPath of [made, copied]) {
      const database = await openDatabase({ embeddedPath });
      await migrate(database);
      await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
      await database.close();
    }
  }, 120_000);

  test("are what one in memory starts from, and there is nothing to start from where none are", async () => {
    const files = join(parent, "files");
    expect(emptyDump(files)).toBe(null);
    await createCluster(files);
    const dump = emptyDump(files);
    if (dump === null) throw new Error("There are files to start from.");
    const database = await openInMemory(dump);
    await migrate(database);
    await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
    await database.close();
  });
});

describe("the lock", () => {
  test("refuses a second process, naming the first, also by another name of the directory", async () => {
    const holder = start("hold-database");
    expect(await holder.line()).toBe("open");
    await expect(openDatabase({ embeddedPath: directory })).rejects.toMatchObject(locked(holder.pid));

    const alias = join(parent, "alias");
    symlinkSync(directory, alias);
    await expect(openDatabase({ embeddedPath: alias })).rejects.toMatchObject(locked(holder.pid));
  });

  test("refuses a second opening by the same process, and is free after close, called twice", async () => {
    const first = await openDatabase({ embeddedPath: directory });
    await expect(openDatabase({ embeddedPath: directory })).rejects.toMatchObject(locked(process.pid));
    await Promise.all([first.close(), first.close()]);
    const second = await openDatabase({ embeddedPath: directory });
    await second.ping();
    await second.close();
  });

  test("of a killed process is taken over", async () => {
    const holder = start("hold-database");
    await holder.line();
    await holder.kill();
    expect(readFileSync(`${directory}.lock`, "utf8")).toContain(`"pid":${holder.pid},`);
    const database = await openDatabase({ embeddedPath: directory });
    await database.ping();
    await database.close();
  });

  test.each([
    ["a process whose pid now belongs to another", () => ({ startTime: "1" }), true],
    ["a process on another host", () => ({ host: "elsewhere", pid: 4_000_000 }), false],
  ])("of %s", (_, change, takenOver) => {
    const target = join(parent, "target");
    lockDirectory(target);
    const record = JSON.parse(readFileSync(`${target}.lock`, "utf8"));
    writeFileSync(`${target}.lock`, JSON.stringify({ ...record, ...change() }));
    if (takenOver) lockDirectory(target).release();
    else expect(() => lockDirectory(target)).toThrow("is in use by process 4000000 on elsewhere");
    expect(existsSync(`${target}.lock`)).toBe(!takenOver);
  });

  test("of a process that is gone is not taken over by two: the second is refused while the first is at it", () => {
    const target = join(parent, "target");
    const lock = lockDirectory(target);
    const living = readFileSync(`${target}.lock`, "utf8");
    const gone = JSON.stringify({ ...JSON.parse(living), startTime: "1" });
    lock.release();
    writeFileSync(`${target}.lock`, gone);
    writeFileSync(`${target}.lock.takeover`, living);
    expect(() => lockDirectory(target)).toThrow(`is in use by process ${process.pid} `);

    writeFileSync(`${target}.lock.takeover`, gone);
    lockDirectory(target).release();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("of a killed process goes to exactly one of many takers", async () => {
    const target = join(parent, "target");
    const holder = start("take-lock", target);
    await holder.line();
    holder.send("go");
    expect(await holder.line()).toBe("taken");
    await holder.kill();

    const takers = Array.from({ length: 6 }, () => start("take-lock", target));
    await Promise.all(takers.map((taker) => taker.line()));
    for (const taker of takers) taker.send("go");
    const outcomes = await Promise.all(takers.map((taker) => taker.line()));
    expect(outcomes.sort()).toEqual([...Array(5).fill("DatabaseLockedError"), "taken"]);
    expect(readdirSync(parent)).toEqual(["target.lock"]);
  });
});

describe("kill -9 of a writer", () => {
  test("loses no acknowledged write", async () => {
    const database = await openDatabase({ embeddedPath: directory });
    await migrate(database);
    await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
    await database.close();

    const writer = start("write-users");
    const acknowledged: string[] = [];
    while (acknowledged.length < 200) acknowledged.push(await writer.line());
    acknowledged.push(...(await writer.kill()));

    const reopened = await openDatabase({ embeddedPath: directory });
    const users = await reopened.prisma.user.findMany({ select: { subject: true } });
    await reopened.close();
    const found = new Set(users.map((user) => user.subject));
    expect(acknowledged.filter((subject) => !found.has(subject))).toEqual([]);
  });
});

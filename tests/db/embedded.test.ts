import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { lockDirectory } from "../../src/db/lock.ts";
import { migrate, pendingMigrations } from "../../src/db/migrate.ts";
import { createCluster, emptyDump, prepareCluster } from "../../src/db/new-cluster.ts";
import { type Child, startChild, startWrapped } from "../support/child.ts";
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

/** Whether namespaces can be made: a container needs a right for it. */
const mayUnshare = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"]).status === 0;

/** Left by a process on another machine. */
const ELSEWHERE = JSON.stringify({ pid: 7, host: "elsewhere", bootId: "another", token: "t" });

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
  });

  test.each([
    ["before its files are complete", "gatehouse.draft", ["base", "PG_VERSION"]],
    ["when none is moved in", "gatehouse.made", []],
    ["when some are moved in", "gatehouse.made", ["base", "global"]],
  ])("that a start has left %s is made by the next", async (_, name, moved) => {
    mkdirSync(directory, { recursive: true });
    const files = join(directory, name);
    await createCluster(files);
    if (name.endsWith("draft")) for (const each of moved) rmSync(join(files, each), { recursive: true });
    else for (const each of moved) renameSync(join(files, each), join(directory, each));
    const database = await openDatabase({ embeddedPath: directory });
    await migrate(database);
    await database.close();
    expect(readdirSync(directory).filter((each) => /draft|made|holder/.test(each))).toEqual([]);
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
    expect(readFileSync(join(directory, "gatehouse.holder"), "utf8")).toContain(`"pid":${holder.pid},`);
    const database = await openDatabase({ embeddedPath: directory });
    await database.ping();
    // PostgreSQL, which has recovered, has not dropped it.
    const second = start("take-lock");
    await second.line();
    second.send("go");
    expect(await second.line()).toBe("DatabaseLockedError");
    await database.close();
  });

  test.each([
    ["an earlier version that runs", () => process.ppid, false],
    ["an earlier version whose pid is this process's now", () => process.pid, true],
    ["an earlier version that is gone", () => spawnSync("true").pid, true],
  ])("of %s", async (_, pid, takenOver) => {
    const record = { pid: pid(), startTime: "1", host: hostname(), token: "t", program: "server" };
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}.lock`, JSON.stringify(record));
    if (takenOver) (await lockDirectory(directory)).release();
    else
      await expect(lockDirectory(directory)).rejects.toMatchObject({
        ...locked(record.pid),
        program: "server",
      });
    expect(existsSync(`${directory}.lock`)).toBe(!takenOver);
  });

  test("of another machine that has ended is taken over on a local disk", async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "gatehouse.holder"), ELSEWHERE);
    (await lockDirectory(directory)).release();
    expect(readdirSync(directory)).toEqual(["gatehouse.lock"]);
  });

  test("of a killed process goes to exactly one of many takers", async () => {
    const target = join(parent, "target");
    mkdirSync(target);
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
    expect(readdirSync(target).sort()).toEqual(["gatehouse.holder", "gatehouse.lock"]);
  });
});

describe.skipIf(!mayUnshare)("the lock, between containers on one volume", () => {
  const PID_NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
  const NO_NETWORK = ["unshare", "--net"];
  const mounted = (mount: string) => ["unshare", "--mount", "sh", "-c", `${mount} && exec "$@"`, "sh"];

  function startIn(wrapper: readonly string[], name: string, target = directory): Child {
    const child = startWrapped(wrapper, new URL(`children/${name}.ts`, import.meta.url), target);
    children.push(child);
    return child;
  }

  async function taken(wrapper: readonly string[], target = directory): Promise<string> {
    const child = startIn(wrapper, "take-lock", target);
    await child.line();
    child.send("go");
    return await child.line();
  }

  test("is held against other PID and network namespaces, and free as soon as its holder is killed", async () => {
    const holder = startIn(PID_NAMESPACE, "hold-database");
    expect(await holder.line()).toBe("open");
    for (const wrapper of [PID_NAMESPACE, [...NO_NETWORK, ...PID_NAMESPACE], []]) {
      expect(await taken(wrapper)).toBe("DatabaseLockedError");
    }
    await holder.kill();
    expect(await taken(PID_NAMESPACE)).toBe("taken");
    await expect(openDatabase({ embeddedPath: directory })).rejects.toMatchObject({ pid: 1 });
  });

  test("goes to exactly one of many that start at once in namespaces of their own", async () => {
    mkdirSync(directory, { recursive: true });
    const takers = Array.from({ length: 5 }, () => startIn(PID_NAMESPACE, "take-lock"));
    await Promise.all(takers.map((taker) => taker.line()));
    for (const taker of takers) taker.send("go");
    const outcomes = await Promise.all(takers.map((taker) => taker.line()));
    expect(outcomes.sort()).toEqual([...Array(4).fill("DatabaseLockedError"), "taken"]);
  });

  test("is held against a container that has the directory itself mounted elsewhere", async () => {
    const [lock, other] = [startIn([], "hold-database"), join(parent, "other")];
    await lock.line();
    mkdirSync(other);
    expect(await taken(mounted(`mount --bind '${directory}' '${other}'`), other)).toBe("DatabaseLockedError");
  });

  test("of another machine is refused on a volume that may be shared without its locks", async () => {
    mkdirSync(directory, { recursive: true });
    const holder = join(parent, "holder");
    writeFileSync(holder, ELSEWHERE);
    // No network volume, but one that is not known to be local either.
    const volume = `mount -t ramfs none '${directory}' && cp '${holder}' '${directory}/gatehouse.holder'`;
    expect(await taken(mounted(volume))).toBe("DatabaseLockedError");
  });

  test("is refused on a volume that may not be written to", async () => {
    mkdirSync(directory, { recursive: true });
    expect(await taken(mounted(`mount -t tmpfs -o ro none '${directory}'`))).toBe("VolumeUnsupportedError");
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

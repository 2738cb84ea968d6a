import { describe, expect, it } from "vitest";
import { Turns } from "../../src/server/turns.ts";
import { post } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";

/** Turns whose clock and event loop go on by hand. */
function byHand() {
  const clock = { now: 0 };
  const deferred: (() => void)[] = [];
  const turns = new Turns({ now: () => clock.now, defer: (next) => deferred.push(next) });
  const began: string[] = [];
  return {
    clock,
    began,
    ask(name: string, key: object, cost = 1): void {
      const turn = turns.take(key, cost);
      if (turn) void turn.then(() => began.push(name));
      else began.push(name);
    },
    /** The event loop comes round. */
    async goRound(): Promise<void> {
      deferred.shift()?.();
      await Promise.resolve();
    },
    pending: () => deferred.length,
  };
}

describe("turns", () => {
  it("are there at once for some milliseconds of each round of the loop", async () => {
    const { ask, began, clock, goRound, pending } = byHand();
    const socket = {};
    ask("a", socket);
    clock.now += 4;
    ask("b", socket);
    clock.now += 1;
    ask("c", socket);
    expect(began).toEqual(["a", "b"]);
    await goRound();
    expect(began).toEqual(["a", "b", "c"]);
    await goRound();
    ask("d", socket);
    expect(began).toEqual(["a", "b", "c", "d"]);
    await goRound();
    expect(pending()).toBe(0);
  });

  it("are given one for each round of the loop while others wait, the newly come behind them", async () => {
    const { ask, began, clock, goRound } = byHand();
    const socket = {};
    ask("a", socket);
    clock.now += 10;
    for (const name of ["b", "c", "d"]) ask(name, socket);
    await goRound();
    ask("e", socket);
    expect(began).toEqual(["a", "b"]);
    for (let round = 0; round < 3; round += 1) await goRound();
    expect(began).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("are first of who has used least, however many the others ask for and whoever came first", async () => {
    const { ask, began, clock, goRound } = byHand();
    const [busy, dear, quiet] = [{}, {}, {}];
    ask("busy 0", busy, 10);
    ask("dear 0", dear, 15);
    clock.now += 10;
    for (let n = 1; n <= 3; n += 1) ask(`busy ${n}`, busy, 10);
    for (let n = 1; n <= 3; n += 1) ask(`dear ${n}`, dear, 20);
    await goRound();
    ask("quiet 1", quiet);
    ask("quiet 2", quiet);
    for (let round = 0; round < 7; round += 1) await goRound();
    expect(began.slice(2)).toEqual([
      "busy 1",
      "quiet 1",
      "quiet 2",
      "dear 1",
      "busy 2",
      "busy 3",
      "dear 2",
      "dear 3",
    ]);
  });

  it("forget what was used long ago", async () => {
    const { ask, began, clock, goRound } = byHand();
    const [old, young] = [{}, {}];
    ask("old 0", old, 1_000);
    await goRound();
    clock.now += 100_000;
    ask("young 0", young, 10);
    clock.now += 10;
    ask("young 1", young);
    ask("old 1", old);
    await goRound();
    await goRound();
    expect(began.slice(2)).toEqual(["old 1", "young 1"]);
  });
});

const SOCKETS = 20;
const EACH = 10;
/** Some milliseconds of work, of which nothing is waited for. */
const DEAR = `{ work ${Array.from({ length: 10 }, (_, n) => `a${n}: __schema { types { name fields { name type { name kind } } } }`).join(" ")} }`;

describe("twenty sockets that ask much at once", () => {
  it.each(["HTTP", "WebSocket"])("do not make somebody else wait over %s until they are done", async (by) => {
    const { url } = await startServer();
    const bystander = await new TestSocket(url).connect();
    const sockets = await connectAll(url);
    askAll(sockets);
    const query = "{ worked }";
    bystander.subscribe("b", query);
    const worked =
      by === "HTTP"
        ? (await post(url, { query })).json.data.worked
        : (await bystander.next("next", "b")).payload.data.worked;
    expect(worked).toBeLessThan((SOCKETS * EACH) / 4);
  });

  it("are served in turn: each has had its first answer before the others have had half of theirs", async () => {
    const { url } = await startServer();
    const sockets = await connectAll(url);
    askAll(sockets);
    const firsts = await Promise.all(sockets.map((socket) => socket.next("next")));
    // The how many-th piece of work each of them was.
    const worked = firsts.map(({ payload }) => payload.data.work as number);
    expect(Math.max(...worked)).toBeLessThan((SOCKETS * EACH) / 2);
  });
});

function connectAll(url: string): Promise<TestSocket[]> {
  return Promise.all(Array.from({ length: SOCKETS }, () => new TestSocket(url).connect()));
}

function askAll(sockets: readonly TestSocket[]): void {
  for (const socket of sockets) {
    for (let n = 0; n < EACH; n += 1) socket.subscribe(String(n), DEAR);
  }
}

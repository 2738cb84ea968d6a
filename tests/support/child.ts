import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Child {
  readonly pid: number;
  /** The next line of its standard output. Fails when it ends instead. */
  line(): Promise<string>;
  send(line: string): void;
  /** Ends it at once, as a crash would, and waits for the end; returns the lines it had still written. */
  kill(): Promise<string[]>;
}

/** Starts a TypeScript file as a process of its own, with the Node that runs the tests. */
export function startChild(file: URL, ...args: string[]): Child {
  return startWrapped([], file, ...args);
}

/** The same through other programs, such as `unshare`, which are given its command line. They must end with it. */
export function startWrapped(wrapper: readonly string[], file: URL, ...args: string[]): Child {
  const [program = process.execPath, ...rest] = [...wrapper, process.execPath, fileURLToPath(file), ...args];
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if (child.pid === undefined) throw new Error(`${file} did not start.`);
  return {
    pid: child.pid,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended without the line that was waited for.`);
      return value;
    },
    send(line) {
      child.stdin.write(`${line}\n`);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
      const rest: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) rest.push(next.value);
      return rest;
    },
  };
}

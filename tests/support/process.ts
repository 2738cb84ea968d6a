import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/gatehouse.js", import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process whose output can be waited for. */
export interface ObservedProcess {
  readonly pid: number;
  readonly ended: Promise<Exit>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
  /** Closes its standard output, as `head` does when it has enough. */
  stopReading(): void;
  /** Everything that it has printed so far. */
  readonly output: string;
  /** Waits until it has printed that; rejects when the process ends instead. */
  printed(text: string): Promise<void>;
  /** The same of its standard error. */
  complained(text: string): Promise<void>;
}

/** Starts `gatehouse …` with only that environment. It is killed when the test is over. */
export function startGatehouse(args: readonly string[], env: Record<string, string> = {}): ObservedProcess {
  return observe(spawn(process.execPath, [BIN, ...args], { env }));
}

/** Runs `gatehouse …` to its end with only that environment. */
export function gatehouse(args: readonly string[], env: Record<string, string> = {}): Promise<Exit> {
  return startGatehouse(args, env).ended;
}

/** Collects what a process prints; the process is killed when the test is over. */
export function observe(child: ChildProcessWithoutNullStreams): ObservedProcess {
  child.stdin.end();
  const { pid } = child;
  if (pid === undefined) throw new Error("The process did not start.");
  const output = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watcher of watchers) watcher();
  };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      notify();
    });
  }
  let over = false;
  const ended = once(child, "close").then(([code, signal]): Exit => {
    over = true;
    notify();
    return { code, signal, ...output };
  });

  function waitFor(stream: keyof typeof output, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (output[stream].includes(text)) resolve();
        else if (over)
          reject(new Error(`The process ended without "${text}":\n${output.stdout}${output.stderr}`));
        else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  }

  const observed: ObservedProcess = {
    pid,
    ended,
    printed: (text) => waitFor("stdout", text),
    complained: (text) => waitFor("stderr", text),
    stopReading: () => child.stdout.destroy(),
    get output() {
      return output.stdout;
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
  onTestFinished(async () => {
    await observed.end("SIGKILL");
  });
  return observed;
}

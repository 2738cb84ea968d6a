import { parseId } from "../../schema/ids.ts";
import { UsageError } from "../usage-error.ts";
import { ConnectionLost } from "./endpoint.ts";
import { watchProject } from "./watch-project.ts";
import { watchRun } from "./watch-run.ts";

export interface WatchCommandOptions {
  readonly url: string;
  readonly token?: string;
  readonly after?: string;
  readonly fromStart?: boolean;
  readonly json?: boolean;
}

/** How a process ends that a signal has ended: 128 and the signal's number. */
const STOPPED_BY = { SIGINT: 130, SIGTERM: 143 } as const;

/** gatehouse watch: follows a run or a project on a running server. Sets the exit code where it is not 0. */
export async function watch(id: string, options: WatchCommandOptions): Promise<void> {
  const watchThis = { run: watchRun, project: watchProject }[parseId(id)?.prefix ?? ""];
  if (!watchThis)
    throw new UsageError(`"${id}" is neither the id of a run (run_…) nor of a project (project_…).`);
  const endpoint = { url: graphqlUrl(options.url), token: options.token };
  const stop = new AbortController();
  let stopped: number | undefined;
  const listeners = Object.entries(STOPPED_BY).map(([signal, code]) => {
    const listener = () => {
      stopped ??= code;
      stop.abort();
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  // `gatehouse watch … | head` has seen enough.
  process.stdout.once("error", () => stop.abort());
  try {
    const { after, fromStart = false, json = false } = options;
    const completed = await watchThis({ endpoint, id, after, fromStart, json, signal: stop.signal });
    if (!completed) process.exitCode = 1;
  } catch (error) {
    if (stop.signal.aborted) return;
    if (!(error instanceof ConnectionLost)) throw error;
    throw new Error(
      `No server answers at ${endpoint.url} (${error.message}). Start one with "npx gatehouse serve", or say with --url where it is.`,
      { cause: error },
    );
  } finally {
    if (stop.signal.aborted) process.exitCode = stopped ?? 0;
    for (const remove of listeners) remove();
  }
}

function graphqlUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no URL of a server, like http://127.0.0.1:4000/graphql`);
  }
  if (url.pathname === "/") url.pathname = "/graphql";
  return url;
}

import { parseId } from "../../schema/ids.ts";
import { untilStopped } from "../client/until-stopped.ts";
import { UsageError } from "../usage-error.ts";
import { watchProject } from "./watch-project.ts";
import { watchRun } from "./watch-run.ts";

export interface WatchCommandOptions {
  /** The nearest server's unless given. */
  readonly url?: string;
  readonly token?: string;
  readonly after?: string;
  readonly fromStart?: boolean;
  readonly json?: boolean;
}

/** gatehouse watch: follows a run or a project on a running server. Sets the exit code where it is not 0. */
export async function watch(id: string, options: WatchCommandOptions): Promise<void> {
  const watchThis = { run: watchRun, project: watchProject }[parseId(id)?.prefix ?? ""];
  if (!watchThis)
    throw new UsageError(`"${id}" is neither the id of a run (run_…) nor of a project (project_…).`);
  const { url, token, after, fromStart = false, json = false } = options;
  await untilStopped({ url, token }, async (endpoint, signal) => {
    const completed = await watchThis({ endpoint, id, after, fromStart, json, signal });
    if (!completed) process.exitCode = 1;
  });
}

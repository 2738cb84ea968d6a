import type { NewEvent } from "../../domain/event/event.ts";
import { RUN_STATES } from "../../domain/run/state.ts";
import type { Transaction } from "../command/command.ts";
import { abandonRun } from "./abandon-run.ts";

const OPEN_STATES = RUN_STATES.filter(({ terminal }) => !terminal).map(({ name }) => name);

/** A project under its lock that accepts no command from now on. */
interface ClosingProject {
  readonly tx: Transaction;
  readonly now: Date;
  readonly projectId: string;
  /** The place in the log of the first event that the command will append. */
  readonly sequence: number;
}

/** Abandons every open run of a project that is archived: nothing could end them later. @returns the events */
export async function abandonOpenRuns({ projectId, ...log }: ClosingProject): Promise<NewEvent[]> {
  const where = { projectId, status: { in: OPEN_STATES } };
  const runs = await log.tx.run.findMany({ where, orderBy: { id: "asc" } });
  const events: NewEvent[] = [];
  for (const run of runs) {
    for (const event of await abandonRun({ ...log, run }, { actor: "SYSTEM", cause: "PROJECT_ARCHIVED" })) {
      events.push(event);
    }
  }
  return events;
}

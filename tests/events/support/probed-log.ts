import type { EventLog } from "../../../src/events/log.ts";

/** What is done at a reading of the log: before it asks the database, or with its answer in hand. */
type Probe = (projectId: string, after: number) => Promise<unknown> | undefined;

/** The real log, with a place for the test to step in at each reading, and a record of what was asked. */
export class ProbedLog implements EventLog {
  readonly #log: EventLog;
  /** Every reading so far: after which sequence. */
  readonly reads: number[] = [];
  /** The projects whose heads the last poll asked for: those that somebody listens to. */
  polled: readonly string[] = [];
  /** The same for owners. */
  polledOwners: readonly string[] = [];
  /** Resolves when the newest reading of owners' heads is over: what is appended then is after the beginning of their streams. */
  headsRead: Promise<unknown> = Promise.resolve();
  beforeRead: Probe = () => undefined;
  afterRead: Probe = () => undefined;

  constructor(log: EventLog) {
    this.#log = log;
  }

  async readAfter(projectId: string, sequence: number, limit: number) {
    this.reads.push(sequence);
    await this.beforeRead(projectId, sequence);
    const page = await this.#log.readAfter(projectId, sequence, limit);
    await this.afterRead(projectId, sequence);
    return page;
  }

  headsOfProjects(ids: readonly string[]) {
    this.polled = ids;
    return this.#log.headsOfProjects(ids);
  }

  headsOfMembers(ids: readonly string[]) {
    this.polledOwners = ids;
    const heads = this.#log.headsOfMembers(ids);
    this.headsRead = heads.catch(() => {});
    return heads;
  }
}

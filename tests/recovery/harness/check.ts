import type { Ledger, Write } from "./ledger.ts";

const EVENTS = `query ($id: ID!, $after: String) { project(id: $id) { events(first: 100, after: $after) {
  nodes { id sequence type actor subject correlationId detail } pageInfo { hasNextPage endCursor } } } }`;
const WHOLE = "query ($id: ID!) { verifyTimeline(projectId: $id) { ok checked fault { sequence problem } } }";
const JOBS = `query ($id: ID!) { project(id: $id) { artifactGeneration { status failure { message } }
  discussions(first: 10) { nodes { activity failure consensusFailure { message }
    rounds { status messages { status } } } } } }`;

interface LoggedEvent {
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  readonly actor: string;
  readonly correlationId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Asks a server that is up; anything but data is an error. */
export async function askServer<Data>(url: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(`A check failed: ${JSON.stringify(errors)}`);
  return data;
}

/**
 * Compares logs with what clients know. Called while no command is under way: then every write has an answer, and what
 * the log says of it must be exactly what that answer said.
 */
export class Checker {
  readonly #ledger: Ledger;
  /** How far each log has been read. */
  readonly #read = new Map<string, { sequence: number; cursor: string | null }>();
  readonly #seen = new Map<string, LoggedEvent[]>();
  readonly #checked = new Set<Write>();
  events = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Reads on in the logs of these projects, walks their hash chains, and looks for every acknowledged write. */
  async check(url: string, projectIds: Iterable<string>): Promise<void> {
    const { violations, writes } = this.#ledger;
    for (const projectId of projectIds) await this.#readLog(url, projectId);
    for (const write of writes) {
      if (write.result === null) violations.push(`${write.command} was given up without an answer`);
      else if (!this.#checked.has(write)) this.#checkWrite(write);
    }
  }

  /** Whether everything that jobs do is done. */
  async jobsAreDone(url: string): Promise<boolean> {
    for (const id of this.#ledger.projects) {
      const { project } = await askServer<JobsData>(url, JOBS, { id });
      if (project.artifactGeneration.status === "RUNNING") return false;
      if (project.discussions.nodes.some(({ activity }) => activity !== "IDLE")) return false;
    }
    return true;
  }

  /** Once the jobs are done: each has ended well, and each of its effects is there once. */
  async checkJobs(url: string): Promise<{ generations: number; discussions: number }> {
    const { violations, projects } = this.#ledger;
    const counts = { generations: 0, discussions: 0 };
    for (const id of projects) {
      const { project } = await askServer<JobsData>(url, JOBS, { id });
      const { status, failure } = project.artifactGeneration;
      if (status === "FAILED") violations.push(`The documents of ${id} failed: ${failure?.message}`);
      counts.discussions += project.discussions.nodes.length;
      for (const discussion of project.discussions.nodes) {
        const { rounds, failure, consensusFailure } = discussion;
        const unsaid = rounds
          .flatMap(({ messages }) => messages)
          .filter((each) => each.status !== "COMPLETED");
        if (failure !== null || consensusFailure !== null || unsaid.length > 0) {
          violations.push(`A discussion of ${id} ended as ${JSON.stringify(discussion)}`);
        }
      }
    }
    for (const write of this.#ledger.writes) {
      const types = (this.#seen.get(write.correlationId) ?? []).map(({ type }) => type);
      const count = (type: string) => types.filter((each) => each === type).length;
      if (write.command !== "generateArtifacts") continue;
      counts.generations += 1;
      if (count("artifact_generated") === 5 && count("generation_ended") === 1) continue;
      violations.push(`A generation left ${types.join(", ")}`);
    }
    return counts;
  }

  async #readLog(url: string, projectId: string): Promise<void> {
    const { violations, byCorrelation } = this.#ledger;
    const place = this.#read.get(projectId) ?? { sequence: 0, cursor: null };
    this.#read.set(projectId, place);
    for (;;) {
      const { project } = await askServer<EventsData>(url, EVENTS, { id: projectId, after: place.cursor });
      if (!project) return void violations.push(`The project ${projectId} is not there`);
      const { nodes, pageInfo } = project.events;
      for (const event of nodes) {
        this.events += 1;
        if (event.sequence !== place.sequence + 1) {
          violations.push(`The log of ${projectId} goes from ${place.sequence} to ${event.sequence}`);
        }
        place.sequence = event.sequence;
        this.#seen.set(event.correlationId, [...(this.#seen.get(event.correlationId) ?? []), event]);
        if (!byCorrelation.has(event.correlationId)) {
          violations.push(`Nobody asked for event ${event.sequence} (${event.type}) of ${projectId}`);
        }
      }
      place.cursor = pageInfo.endCursor ?? place.cursor;
      if (!pageInfo.hasNextPage) break;
    }
    const { verifyTimeline } = await askServer<WholeData>(url, WHOLE, { id: projectId });
    if (verifyTimeline.ok && verifyTimeline.checked >= place.sequence) return;
    violations.push(
      `The log of ${projectId} (${place.sequence}) is not whole: ${JSON.stringify(verifyTimeline)}`,
    );
  }

  /** Its events are in the log as it was told, and there are no others but what its jobs have added, each once. */
  #checkWrite(write: Write): void {
    this.#checked.add(write);
    // A refusal has been reported already: the load gives no command that may be refused.
    if (write.result?.events === undefined) return;
    const { violations } = this.#ledger;
    const found = this.#seen.get(write.correlationId) ?? [];
    const told = write.result.events;
    for (const { id, sequence } of told) {
      if (found.some((event) => event.id === id && event.sequence === sequence)) continue;
      violations.push(
        `${write.command} was acknowledged and event ${sequence} of ${write.projectId} is lost`,
      );
    }
    const others = found.filter(({ id }) => !told.some((event) => event.id === id));
    const twice = others.filter(({ actor }) => actor !== "LLM" && actor !== "SYSTEM");
    if (twice.length > 0) {
      violations.push(`${write.command} of ${write.projectId} took effect twice: ${JSON.stringify(twice)}`);
    }
  }

  /** What jobs have added: the same effect, under whichever attempt, may be there once only. */
  checkEffects(): void {
    for (const { command, correlationId } of this.#ledger.writes) {
      if (command !== "generateArtifacts" && command !== "startDiscussion") continue;
      const effects = new Set<string>();
      let rounds = 0;
      for (const { type, detail } of this.#seen.get(correlationId) ?? []) {
        const { attempt: _attempt, ...what } = detail;
        if (type === "round_completed") rounds += 1;
        // A summary's beginning does not name its round, and there is one after each.
        const effect = `${type} ${JSON.stringify(what)}${type === "summary_started" ? rounds : ""}`;
        if (effects.has(effect)) {
          this.#ledger.violations.push(`An effect is there twice, of ${correlationId}: ${effect}`);
        }
        effects.add(effect);
      }
    }
  }
}

interface EventsData {
  readonly project: {
    readonly events: {
      readonly nodes: readonly LoggedEvent[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  } | null;
}

interface WholeData {
  readonly verifyTimeline: { readonly ok: boolean; readonly checked: number; readonly fault: unknown };
}

interface JobsData {
  readonly project: {
    readonly artifactGeneration: {
      readonly status: string;
      readonly failure: { readonly message: string } | null;
    };
    readonly discussions: {
      readonly nodes: readonly {
        readonly activity: string;
        readonly failure: string | null;
        readonly consensusFailure: unknown;
        readonly rounds: readonly {
          readonly status: string;
          readonly messages: readonly { readonly status: string }[];
        }[];
      }[];
    };
  };
}

import type { CommandName, CommandResult } from "./commands.ts";

/** One command of a client, from its first try on. */
export interface Write {
  readonly command: CommandName;
  readonly input: Readonly<Record<string, unknown>>;
  /** The project in whose log it is recorded; unknown for a createProject without an answer. */
  projectId: string | null;
  /** Sent with every try: so the log shows what belongs to this command, whichever try made it. */
  readonly correlationId: string;
  tries: number;
  /** What the client was told, once it was. */
  result: CommandResult | null;
}

/** What the clients know: what they have asked for, and what was acknowledged. */
export class Ledger {
  readonly writes: Write[] = [];
  readonly byCorrelation = new Map<string, Write>();
  readonly projects = new Set<string>();
  /** Codes of the errors that tries met, and how often; `no answer` where there was none. */
  readonly errors = new Map<string, number>();
  /** What must not be, in words. */
  readonly violations: string[] = [];
  acknowledged = 0;
  #touched = new Set<string>();

  begin(write: Omit<Write, "tries" | "result">): Write {
    const begun = { ...write, tries: 0, result: null };
    this.writes.push(begun);
    this.byCorrelation.set(begun.correlationId, begun);
    return begun;
  }

  acknowledge(write: Write, result: CommandResult): void {
    write.result = result;
    this.acknowledged += 1;
    if (write.command === "createProject" && result.project) write.projectId = result.project.id;
    if (write.projectId) {
      this.projects.add(write.projectId);
      this.#touched.add(write.projectId);
    }
  }

  /** The projects of what was acknowledged since the last call. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  failed(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  /** Writes that were tried more than once. */
  get retried(): number {
    return this.writes.filter(({ tries }) => tries > 1).length;
  }
}

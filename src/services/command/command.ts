import type { KeyAccess } from "../../domain/account/permissions.ts";
import type { Refusal } from "../../domain/errors.ts";
import type { Actor, NewEvent } from "../../domain/event/event.ts";
import type { LogHead } from "../../events/chain.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { ProjectChanges } from "./project-changes.ts";

/** Who gives a command, and on whose errand. */
export interface Caller {
  readonly userId: string;
  /** The API key that it is given with, if it is one. */
  readonly key?: KeyAccess | null;
  readonly actor: Actor;
  /** Shared by all events that the command appends. */
  readonly correlationId: string;
  /** The same key and input again give the first result without a second effect, for 24 hours. */
  readonly idempotencyKey: string | null;
}

/** What a command came to: ids only, for the caller to read again with its own selection. */
export interface CommandResult {
  /** The thing that was made or changed. */
  readonly id: string;
  /** A part of it that has no row of its own: a milestone's key, a risk's id. */
  readonly part: string | null;
  readonly eventIds: readonly string[];
}

/** What a command's body hands back from inside its transaction. */
export interface Outcome {
  readonly id: string;
  readonly part?: string | undefined;
  /**
   * What it does to a project, or to several, whose rows were locked in the order of their ids; null when it is about
   * none, or leaves its row and its log as they are.
   */
  readonly log: LogEntry | readonly LogEntry[] | null;
  /** The users who may do or see something else from now on: whatever they have open is looked at again. */
  readonly accessChanged?: readonly string[] | undefined;
  /** Set when the command was refused: its refusal is on record, and nothing else has changed. */
  readonly refusal?: Refusal | undefined;
}

/** What a command does to a project's log, under its row lock, and to the row. */
export interface LogEntry {
  readonly head: LogHead;
  readonly events: readonly NewEvent[];
  readonly changes: ProjectChanges;
  /** Whether clients see the changes as the project's own: then they make a new version. */
  readonly bumpsVersion: boolean;
  /** When all that happens. */
  readonly at: Date;
}

export type Transaction = Prisma.TransactionClient;

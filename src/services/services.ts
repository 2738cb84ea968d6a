import type { Clock, IdSource, Timer } from "../domain/clock.ts";
import type { DiscussionTask } from "../domain/discussion/task.ts";
import type { EventRow } from "../events/log.ts";
import type { Wakeups } from "../events/wakeups.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { Runner, Usage } from "../llm/runner.ts";
import type { Transaction } from "./command/command.ts";

/** Enqueues what has to be done after a command, in the command's own transaction. */
export interface Outbox {
  /** To be awaited before a transaction that enqueues. @throws when the queue could not be started */
  ready(): Promise<void>;
  generateArtifacts(tx: Transaction, data: { readonly generationId: string }): Promise<void>;
  discuss(tx: Transaction, task: DiscussionTask): Promise<void>;
  /** After the commit: whoever works in this process need not wait for its next look. */
  committed(): void;
}

/** What a call used could not be booked as its provider told it: the answer is kept, and what was reserved counts. */
export interface UsageFault {
  readonly model: string;
  readonly usage: Usage | null;
  /** Why it could not be stored; absent where the figures themselves are impossible. */
  readonly error?: unknown;
}

/** What every use case needs: handed in once, where the application is put together. */
export interface Services {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly wakeups: Pick<Wakeups, "publish">;
  /** Told of every user whose rights changed, after the commit: what they have open is to be looked at again. */
  readonly onAccessChanged?: (userId: string) => void;
  /** Told of every event after its commit; for metrics. */
  readonly onAppended?: (events: readonly Pick<EventRow, "subject">[]) => void;
  /** Told of usage that could not be booked; for the log. */
  readonly onUsageFault?: (fault: UsageFault) => void;
}

/** What use cases need besides that have models do something. */
export interface ModelServices extends Services {
  readonly jobs: Outbox;
  readonly runner: Runner;
  readonly wakeups: Pick<Wakeups, "publish" | "publishDiscussion">;
  /** Paces what is passed on while a model speaks. */
  readonly timer: Timer;
  /** How long the writing of one document may take, in milliseconds. */
  readonly documentTimeoutMs: number;
}

import type { BoundedQueue } from "./bounded-queue.ts";
import { type EventLog, type EventRow, PAGE } from "./log.ts";

/**
 * The one reader of a project's log that all its live streams share: it reads the rows after the last one
 * that it handed out, and gives each to every queue.
 */
export class ProjectChannel {
  readonly #projectId: string;
  readonly #log: EventLog;
  readonly #warn: (error: unknown) => void;
  /** The live streams' queues, each with the last sequence that its stream had seen when it joined. */
  readonly #queues = new Map<BoundedQueue<EventRow>, number>();
  /** The last sequence that was handed out, and the last one that is known to exist. */
  #head: number;
  #wanted: number;
  #reading = false;
  /** Streams that use this channel, also those that still replay. */
  users = 0;

  constructor(projectId: string, head: number, log: EventLog, warn: (error: unknown) => void) {
    this.#projectId = projectId;
    this.#head = head;
    this.#wanted = head;
    this.#log = log;
    this.#warn = warn;
  }

  /**
   * Joins the live streams, if everything that was handed out so far has been seen: then whatever comes next
   * reaches the queue. Synchronous, so that nothing is handed out between the test and the joining.
   */
  tryJoin(queue: BoundedQueue<EventRow>, seen: number): boolean {
    if (seen < this.#head) return false;
    // Whoever is here already still needs the events between `head` and `seen`; nobody else does.
    if (this.#queues.size === 0) this.#head = seen;
    this.#queues.set(queue, seen);
    this.wake(seen);
    return true;
  }

  leave(queue: BoundedQueue<EventRow>): void {
    this.#queues.delete(queue);
  }

  /** The log is known to reach at least that sequence: reads up to there, unless it is reading already. */
  wake(sequence: number): void {
    this.#wanted = Math.max(this.#wanted, sequence);
    if (!this.#reading && this.#head < this.#wanted && this.#queues.size > 0) void this.#read();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#head < this.#wanted && this.#queues.size > 0) {
        const page = await this.#log.readAfter(this.#projectId, this.#head, PAGE);
        if (page.length === 0) break;
        for (const event of page) {
          if (event.sequence <= this.#head) continue;
          this.#head = event.sequence;
          for (const [queue, seen] of this.#queues) if (event.sequence > seen) queue.push(event);
        }
      }
    } catch (error) {
      // The rows stay in the log: the next wake-up or poll reads on from the same place.
      this.#warn(error);
    } finally {
      this.#reading = false;
    }
  }
}

import { MAX_MESSAGE_CHARACTERS } from "../../domain/discussion/limits.ts";
import { SaidText } from "../../domain/discussion/said-text.ts";
import { truncate } from "../../domain/text.ts";
import type { ModelServices } from "../services.ts";

/** At most so often a message's text is passed on: 10 times a second, for eyes as good as 30 and for the database better. */
export const PIECE_MS = 100;

/** Which message is being said. */
export interface Speech {
  readonly discussionId: string;
  readonly messageId: string;
  readonly attempt: number;
}

/**
 * Passes on what a model says while it says it: stores it piece by piece, where every process can read it, and wakes
 * those who listen, up to what a message may hold. A piece that could not be stored is stored with the next one, and the last one comes with the whole
 * message: storing may fail and cost nothing but time.
 */
export class PieceWriter {
  readonly #services: Pick<ModelServices, "prisma" | "clock" | "timer" | "wakeups">;
  readonly #speech: Speech;
  readonly #said = new SaidText();
  #text = "";
  #stored = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;
  #storing: Promise<void> | null = null;
  #ended = false;

  constructor(services: Pick<ModelServices, "prisma" | "clock" | "timer" | "wakeups">, speech: Speech) {
    this.#services = services;
    this.#speech = speech;
  }

  push(piece: string): void {
    // A call that was given up may go on speaking.
    if (this.#ended) return;
    this.#add(this.#said.take(piece));
    this.#schedule();
  }

  /** Stores nothing more, and waits for what is being stored. @returns all that was said */
  async end(): Promise<string> {
    this.#ended = true;
    this.#cancel?.();
    await this.#storing;
    this.#add(this.#said.end());
    return this.#text;
  }

  #add(text: string): void {
    this.#text += truncate(text, MAX_MESSAGE_CHARACTERS - this.#text.length);
  }

  #schedule(): void {
    if (this.#ended || this.#storing || this.#cancel || this.#stored === this.#text.length) return;
    const { clock, timer } = this.#services;
    const due = this.#lastAt + PIECE_MS;
    if (clock.now().getTime() >= due) {
      this.#store();
      return;
    }
    this.#cancel = timer.at(new Date(due), () => {
      this.#cancel = null;
      this.#store();
    });
  }

  #store(): void {
    if (this.#ended) return;
    const { prisma, clock, wakeups } = this.#services;
    const { discussionId, ...place } = this.#speech;
    const [from, to] = [this.#stored, this.#text.length];
    this.#lastAt = clock.now().getTime();
    // createMany: a create would read the row back.
    this.#storing = prisma.messagePiece
      .createMany({ data: [{ ...place, offset: from, text: this.#text.slice(from, to) }] })
      .then(
        () => {
          this.#stored = to;
          wakeups.publishDiscussion(discussionId);
        },
        () => {},
      )
      .then(() => {
        this.#storing = null;
        this.#schedule();
      });
  }
}

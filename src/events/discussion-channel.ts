import type { FeedMessage, FeedState } from "../domain/discussion/feed.ts";
import { isSaid } from "../domain/discussion/states.ts";
import type { DiscussionOutline, DiscussionSource, MessageOutline } from "./discussion-source.ts";

const UNHEARD = { attempt: 0, text: "", isSaid: false } as const;

/**
 * The one reader of a discussion that all who listen to it share: it keeps how the discussion stands, reads only what has
 * been added, and wakes them.
 */
export class DiscussionChannel {
  readonly #discussionId: string;
  readonly #source: DiscussionSource;
  readonly #warn: (error: unknown) => void;
  readonly #onChange: () => void;
  #messages = new Map<string, FeedMessage>();
  #state: FeedState | null = null;
  #reading = false;
  #isStale = false;

  constructor(
    discussionId: string,
    source: DiscussionSource,
    handlers: { readonly warn: (error: unknown) => void; readonly onChange: () => void },
  ) {
    this.#discussionId = discussionId;
    this.#source = source;
    this.#warn = handlers.warn;
    this.#onChange = handlers.onChange;
  }

  /** How the discussion stands; null until it has been read for the first time. */
  get state(): FeedState | null {
    return this.#state;
  }

  /** There may be more to read: reads it, and again if that is said meanwhile. */
  refresh(): void {
    this.#isStale = true;
    if (!this.#reading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#readOnce();
        this.#onChange();
      }
    } catch (error) {
      // What was said stays in the database: the next wake-up or poll reads on from the same place.
      this.#warn(error);
    } finally {
      this.#reading = false;
    }
  }

  async #readOnce(): Promise<void> {
    const outline = await this.#source.outline(this.#discussionId);
    if (!outline) {
      this.#state = { rounds: [], summary: null, isOver: true };
      return;
    }
    const messages = outline.rounds.flatMap((round) => round.messages);
    await this.#readSaid(messages.filter(({ id, status }) => isSaid(status) && !this.#known(id).isSaid));
    await this.#readRunning(messages.filter(({ status }) => status === "RUNNING"));
    this.#state = this.#stateOf(outline);
  }

  async #readSaid(outlines: readonly MessageOutline[]): Promise<void> {
    const contents = await this.#source.contents(outlines.map(({ id }) => id));
    for (const { id, attempt } of outlines) {
      const text = contents.get(id);
      if (text !== undefined) this.#messages.set(id, { id, attempt, text, isSaid: true });
    }
  }

  async #readRunning(outlines: readonly MessageOutline[]): Promise<void> {
    for (const { id, attempt } of outlines) {
      if (this.#known(id).attempt < attempt) this.#messages.set(id, { ...UNHEARD, id, attempt });
    }
    const wanted = outlines.map(({ id, attempt }) => ({
      messageId: id,
      attempt,
      from: this.#known(id).text.length,
    }));
    for (const { messageId, offset, text } of await this.#source.pieces(wanted)) {
      const known = this.#known(messageId);
      // A piece that is missing between the others comes with the whole message.
      if (offset === known.text.length)
        this.#messages.set(messageId, { ...known, id: messageId, text: known.text + text });
    }
  }

  #known(id: string): FeedMessage {
    return this.#messages.get(id) ?? { ...UNHEARD, id };
  }

  #stateOf({ rounds, summary, isOver }: DiscussionOutline): FeedState {
    return {
      summary,
      isOver,
      rounds: rounds.map(({ id, failure, messages }) => ({
        id,
        failure,
        messages: messages.map((message) => this.#known(message.id)),
      })),
    };
  }
}

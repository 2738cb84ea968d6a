import { type FeedItem, FeedReader } from "../domain/discussion/feed.ts";
import { DiscussionChannel } from "./discussion-channel.ts";
import type { DiscussionSource } from "./discussion-source.ts";
import { type Closable, OpenStreams } from "./open-streams.ts";
import { Waiter } from "./waiter.ts";
import type { Wakeups } from "./wakeups.ts";

export interface DiscussionHubOptions {
  readonly source: DiscussionSource;
  readonly wakeups: Pick<Wakeups, "listen">;
  /** How often everything that is listened to is looked at, in milliseconds, in case a wake-up was lost. */
  readonly pollMs: number;
  readonly warn: (error: unknown) => void;
}

/** Something that listeners are told, and of which discussion. */
export type DiscussionUpdate = FeedItem & { readonly discussionId: string };

interface Watched {
  readonly projectId: string;
  readonly channel: DiscussionChannel;
  readonly readers: Set<Waiter>;
}

/**
 * Streams of discussions: what has been said so far, then the rest as it is said, until the discussion is completed.
 *
 * Wake-ups only say that there is something to read, and a slow poll stands in for those that get lost, so it does not
 * matter in which process the models are asked. A slow reader holds nothing up and costs nothing: it is told later, in
 * larger pieces.
 */
export class DiscussionHub {
  readonly #options: DiscussionHubOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #streams = new OpenStreams();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(options: DiscussionHubOptions) {
    this.#options = options;
    this.#stopListening = options.wakeups.listen({
      onWakeup: ({ projectId }) => {
        for (const watched of this.#watched.values()) {
          if (watched.projectId === projectId) watched.channel.refresh();
        }
      },
      onDiscussion: (discussionId) => this.#watched.get(discussionId)?.channel.refresh(),
      onResync: () => this.poll(),
    });
    this.#timer = setInterval(() => this.poll(), options.pollMs);
    this.#timer.unref();
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** A discussion from its beginning. The caller has checked that the listener may see it. */
  stream(
    discussionId: string,
    projectId: string,
    signal?: AbortSignal,
  ): AsyncIterableIterator<DiscussionUpdate> {
    const reader = new Waiter();
    const state = { closed: false };
    const closable: Closable = {
      close() {
        state.closed = true;
        reader.wake();
      },
    };
    return this.#streams.open(closable, signal, this.#items(discussionId, projectId, reader, state));
  }

  /** Looks at everything that is listened to. */
  poll(): void {
    for (const { channel } of this.#watched.values()) channel.refresh();
  }

  /** Ends every stream. The server cuts its clients off first: to them a stream that ends is complete. */
  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#streams.close();
  }

  async *#items(
    discussionId: string,
    projectId: string,
    reader: Waiter,
    state: { readonly closed: boolean },
  ): AsyncGenerator<DiscussionUpdate> {
    const { channel, readers } = this.#enter(discussionId, projectId);
    readers.add(reader);
    const feed = new FeedReader();
    try {
      while (!state.closed) {
        const item = channel.state && feed.next(channel.state);
        if (item) yield { ...item, discussionId };
        else if (channel.state?.isOver) return;
        else await reader.sleep();
      }
    } finally {
      readers.delete(reader);
      if (readers.size === 0) this.#watched.delete(discussionId);
    }
  }

  #enter(discussionId: string, projectId: string): Watched {
    const known = this.#watched.get(discussionId);
    if (known) return known;
    const readers = new Set<Waiter>();
    const channel = new DiscussionChannel(discussionId, this.#options.source, {
      warn: this.#options.warn,
      onChange: () => {
        for (const reader of readers) reader.wake();
      },
    });
    const watched = { projectId, channel, readers };
    this.#watched.set(discussionId, watched);
    channel.refresh();
    return watched;
  }
}

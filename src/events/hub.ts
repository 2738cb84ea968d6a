import { BoundedQueue } from "./bounded-queue.ts";
import { type EventLog, type EventRow, replayPages } from "./log.ts";
import { OpenStreams } from "./open-streams.ts";
import { ProjectChannel } from "./project-channel.ts";
import { type StreamViewer, ViewerReader } from "./viewer-reader.ts";
import type { Wakeup, Wakeups } from "./wakeups.ts";

export interface EventHubOptions {
  readonly log: EventLog;
  readonly wakeups: Pick<Wakeups, "listen">;
  /** How many events a live stream of one project may lag behind before it is ended. */
  readonly maxBehind: number;
  /** How often everything is looked at, in milliseconds, in case a wake-up was lost. */
  readonly pollMs: number;
  readonly warn: (error: unknown) => void;
  /** Whether what a read failed with will pass, so that a stream waits for that; otherwise it ends with the error. */
  readonly passes: (error: unknown) => boolean;
}

/** A stream ended because its reader was too slow. */
export interface Lagged {
  readonly lagged: true;
  /** The last event that was delivered, after which the reader can go on. */
  readonly resumeAfter: { readonly projectId: string; readonly sequence: number };
}

export type StreamItem = EventRow | Lagged;

/** A stream that tells what comes next as far as it has that already, so that it can be worked on together. */
export interface ForeseenStream extends AsyncIterableIterator<StreamItem> {
  /** The events that come next, at most that many; none where it would have to wait for them. They come all the same. */
  upcoming(most: number): readonly EventRow[];
}

/** The page of the log that a stream is giving out. */
interface OpenPage {
  rows: readonly EventRow[];
  /** How many of them it has given out. */
  given: number;
}

/**
 * Streams of events: replayed from the log, then live, in order, without a gap or a duplicate.
 *
 * A wake-up only says that there is something to read; a slow poll stands in for those that get lost. A
 * stream replays pages of its own and joins its project's shared channel at the moment when it has seen
 * everything that the channel has handed out.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #channels = new Map<string, ProjectChannel>();
  readonly #viewers = new Map<string, Set<ViewerReader>>();
  readonly #streams = new OpenStreams();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  /** Resolves at the next poll: streams that could not read the log try again then. */
  #polled = Promise.withResolvers<void>();

  constructor(options: EventHubOptions) {
    this.#options = options;
    this.#stopListening = options.wakeups.listen({
      onWakeup: (wakeup) => this.#onWakeup(wakeup),
      onAccess: (userId) => this.#onAccess(userId),
      onResync: () => void this.poll(),
    });
    this.#timer = setInterval(() => void this.poll(), options.pollMs);
    this.#timer.unref();
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * A project's events after that sequence, then live until the reader, the signal or the hub ends it. The
   * caller has checked that the listener may see the project and that its log reaches that sequence.
   */
  projectStream(projectId: string, after: number, signal?: AbortSignal): ForeseenStream {
    const queue = new BoundedQueue<EventRow>(this.#options.maxBehind);
    const page: OpenPage = { rows: [], given: 0 };
    const stream = this.#streams.open(queue, signal, this.#projectEvents(projectId, after, queue, page));
    const upcoming = (most: number) => page.rows.slice(page.given, page.given + most);
    return Object.assign(stream, { upcoming });
  }

  /**
   * The events of all projects that a viewer is a member of, from now on: live only, because there is no one cursor
   * over many projects. Projects that they join later are included, those that they leave end. Nothing is kept for a
   * slow reader but the place where it is in each log, so it may take its time.
   */
  viewerStream(viewer: StreamViewer, signal?: AbortSignal): AsyncIterableIterator<StreamItem> {
    const reader = new ViewerReader(viewer);
    return this.#streams.open(reader.inbox, signal, this.#viewerEvents(reader));
  }

  /** Looks at the heads of everything that is listened to, in two statements at the most. */
  async poll(): Promise<void> {
    try {
      const { log } = this.#options;
      const [byProject] = await Promise.all([
        this.#channels.size > 0 ? log.headsOfProjects([...this.#channels.keys()]) : [],
        this.#refresh(
          [...this.#viewers.values()].flatMap((readers) => [...readers]),
          "LATER",
        ),
      ]);
      for (const { id, eventSequence } of byProject) {
        this.#onWakeup({ projectId: id, sequence: eventSequence });
      }
    } catch (error) {
      this.#options.warn(error);
    } finally {
      this.#endWaits();
    }
  }

  /** Ends every stream. The server cuts its clients off first: to them a stream that ends is complete. */
  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#streams.close();
    this.#endWaits();
  }

  #endWaits(): void {
    this.#polled.resolve();
    this.#polled = Promise.withResolvers();
  }

  /** A project's events after a sequence, in pages. While the log cannot be read it waits for the next poll and goes on at the same place. */
  async *#replay(
    projectId: string,
    after: number,
    stream: { readonly closed: boolean },
  ): AsyncGenerator<readonly EventRow[], void> {
    let last = after;
    while (!stream.closed) {
      try {
        for await (const page of replayPages(this.#options.log, projectId, last)) {
          yield page;
          last = page.at(-1)?.sequence ?? last;
        }
        return;
      } catch (error) {
        if (!this.#options.passes(error)) throw error;
        this.#options.warn(error);
      }
      await this.#polled.promise;
    }
  }

  async *#projectEvents(
    projectId: string,
    after: number,
    queue: BoundedQueue<EventRow>,
    open: OpenPage,
  ): AsyncGenerator<StreamItem> {
    const channel = this.#enterChannel(projectId, after);
    let last = after;
    try {
      do {
        for await (const page of this.#replay(projectId, last, queue)) {
          open.rows = page;
          open.given = 0;
          for (const event of page) {
            if (queue.closed) return;
            open.given += 1;
            yield event;
            last = event.sequence;
          }
          open.rows = [];
        }
        if (queue.closed) return;
      } while (!channel.tryJoin(queue, last));
      for (;;) {
        const next = await queue.next();
        if (next.kind === "closed") return;
        if (next.kind === "overflow") {
          return void (yield { lagged: true, resumeAfter: { projectId, sequence: last } });
        }
        yield next.item;
        last = next.item.sequence;
      }
    } finally {
      channel.leave(queue);
      channel.users -= 1;
      if (channel.users === 0) this.#channels.delete(projectId);
    }
  }

  async *#viewerEvents(reader: ViewerReader): AsyncGenerator<StreamItem> {
    const { userId } = reader.viewer;
    const readers = this.#viewers.get(userId) ?? new Set();
    this.#viewers.set(userId, readers.add(reader));
    try {
      await this.#refresh([reader], "START");
      for (;;) {
        const wakeup = await reader.inbox.next();
        if (!wakeup) return;
        const { projectId, sequence } = wakeup;
        const last = reader.places.get(projectId);
        if (last === undefined || sequence <= last) continue;
        for await (const page of this.#replay(projectId, last, reader.inbox)) {
          for (const event of page) {
            // They may have left the project while its page was read, and even joined it again.
            const place = reader.places.get(projectId);
            if (reader.inbox.closed || place === undefined) break;
            if (event.sequence <= place) continue;
            reader.places.set(projectId, event.sequence);
            yield event;
          }
          if (reader.inbox.closed || !reader.places.has(projectId)) break;
        }
      }
    } finally {
      readers.delete(reader);
      if (readers.size === 0) this.#viewers.delete(userId);
    }
  }

  /**
   * Sees which projects viewers are members of now, in one statement: what they have left ends, what they have joined
   * begins with the event by which they joined, and what is there already when a stream starts begins at its end.
   */
  async #refresh(readers: readonly ViewerReader[], when: "START" | "LATER"): Promise<void> {
    if (readers.length === 0) return;
    // What happens while the heads are read may be of a project that they are yet to be members of.
    for (const reader of readers) reader.reading += 1;
    try {
      const userIds = [...new Set(readers.map(({ viewer }) => viewer.userId))];
      const heads = Map.groupBy(await this.#options.log.headsOfMembers(userIds), ({ userId }) => userId);
      for (const reader of readers) reader.enter(heads.get(reader.viewer.userId) ?? [], when);
    } finally {
      for (const reader of readers) reader.reading -= 1;
    }
  }

  #enterChannel(projectId: string, head: number): ProjectChannel {
    let channel = this.#channels.get(projectId);
    if (!channel) {
      channel = new ProjectChannel(projectId, head, this.#options.log, this.#options.warn);
      this.#channels.set(projectId, channel);
    }
    channel.users += 1;
    return channel;
  }

  #onWakeup(wakeup: Wakeup): void {
    for (const readers of this.#viewers.values()) for (const reader of readers) reader.offer(wakeup);
    this.#channels.get(wakeup.projectId)?.wake(wakeup.sequence);
  }

  #onAccess(userId: string): void {
    this.#refresh([...(this.#viewers.get(userId) ?? [])], "LATER").catch(this.#options.warn);
  }
}

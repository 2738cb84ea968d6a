/** A message as those who listen see it: how much of it is said, and whether that is all. */
export interface FeedMessage {
  readonly id: string;
  readonly attempt: number;
  readonly text: string;
  readonly isSaid: boolean;
}

export interface FeedRound {
  readonly id: string;
  /** In the order in which they speak. */
  readonly messages: readonly FeedMessage[];
  /** Why it failed; null unless it did. */
  readonly failure: string | null;
}

/** A discussion as it stands at one moment. Later ones only add to it, but that an attempt may begin a message anew. */
export interface FeedState {
  readonly rounds: readonly FeedRound[];
  /** What the latest summary came to: its id, and why it failed if it did. Null until one is over. */
  readonly summary: { readonly id: string; readonly failure: string | null } | null;
  /** Whether nothing more will come. */
  readonly isOver: boolean;
}

/** Something that listeners are told. */
export type FeedItem =
  | { readonly kind: "RoundStarted"; readonly roundId: string }
  | {
      readonly kind: "MessageStarted";
      readonly roundId: string;
      readonly messageId: string;
      readonly attempt: number;
    }
  | {
      readonly kind: "MessageDelta";
      readonly messageId: string;
      readonly attempt: number;
      /** Where in the message's text it begins, in UTF-16 units. */
      readonly offset: number;
      readonly text: string;
    }
  | { readonly kind: "MessageCompleted"; readonly roundId: string; readonly messageId: string }
  | { readonly kind: "ConsensusReached"; readonly summaryId: string }
  | {
      readonly kind: "DiscussionFailed";
      readonly during: "ROUND" | "SUMMARY";
      readonly roundId: string | null;
      readonly reason: string;
    };

interface Heard {
  readonly attempt: number;
  readonly offset: number;
  readonly isSaid: boolean;
}

/**
 * One listener's place in a discussion: what they have been told already. From that and from how things stand follows
 * what comes next, so that whoever comes late or reads slowly gets the text so far in one piece, then the rest, and it
 * costs no queue to keep them waiting.
 */
export class FeedReader {
  readonly #rounds = new Set<string>();
  readonly #messages = new Map<string, Heard>();
  readonly #ended = new Set<string>();

  /** The next thing to tell, null when everything is told. What it returns counts as told. */
  next({ rounds, summary }: FeedState): FeedItem | null {
    for (const round of rounds) {
      const item = this.#nextOf(round);
      if (item) return item;
    }
    if (!summary || this.#ended.has(summary.id)) return null;
    this.#ended.add(summary.id);
    return summary.failure === null
      ? { kind: "ConsensusReached", summaryId: summary.id }
      : { kind: "DiscussionFailed", during: "SUMMARY", roundId: null, reason: summary.failure };
  }

  #nextOf({ id: roundId, messages, failure }: FeedRound): FeedItem | null {
    if (!this.#rounds.has(roundId)) {
      this.#rounds.add(roundId);
      return { kind: "RoundStarted", roundId };
    }
    for (const message of messages) {
      const item = this.#nextOfMessage(roundId, message);
      if (item) return item;
    }
    if (failure === null || this.#ended.has(roundId)) return null;
    this.#ended.add(roundId);
    return { kind: "DiscussionFailed", during: "ROUND", roundId, reason: failure };
  }

  #nextOfMessage(roundId: string, message: FeedMessage): FeedItem | null {
    const { id: messageId, attempt, text, isSaid } = message;
    const heard = this.#messages.get(messageId) ?? { attempt: 0, offset: 0, isSaid: false };
    if (heard.isSaid) return null;
    if (attempt > heard.attempt) {
      this.#messages.set(messageId, { attempt, offset: 0, isSaid: false });
      return { kind: "MessageStarted", roundId, messageId, attempt };
    }
    // What a person says is there at once: it needs no pieces.
    if (attempt > 0 && text.length > heard.offset) {
      this.#messages.set(messageId, { ...heard, offset: text.length });
      return {
        kind: "MessageDelta",
        messageId,
        attempt,
        offset: heard.offset,
        text: text.slice(heard.offset),
      };
    }
    if (!isSaid) return null;
    this.#messages.set(messageId, { ...heard, isSaid: true });
    return { kind: "MessageCompleted", roundId, messageId };
  }
}

import { z } from "zod";
import type { Wakeup, WakeupListener } from "./wakeups.ts";

/** What a kind of wake-up is between nodes. */
interface WakeupKind<Payload> {
  /** What arrives is checked: other versions of this program, and others, may use the same carrier. */
  readonly schema: z.ZodType<Payload>;
  /** Of the wake-ups of one key that wait to be sent, one goes out. */
  key(payload: Payload): string;
  /** Whether the waiting one already says what the new one says. */
  covers(waiting: Payload, next: Payload): boolean;
  tell(listener: WakeupListener, payload: Payload): void;
}

const logKind: WakeupKind<Wakeup> = {
  schema: z.object({ projectId: z.string(), sequence: z.number().int() }),
  key: ({ projectId }) => projectId,
  covers: (waiting, next) => waiting.sequence >= next.sequence,
  tell: (listener, wakeup) => listener.onWakeup(wakeup),
};

const discussionKind: WakeupKind<string> = {
  schema: z.string(),
  key: (discussionId) => discussionId,
  covers: () => true,
  tell: (listener, discussionId) => listener.onDiscussion?.(discussionId),
};

const accessKind: WakeupKind<string> = {
  schema: z.string(),
  key: (userId) => userId,
  covers: () => true,
  tell: (listener, userId) => listener.onAccess?.(userId),
};

/**
 * Everything that nodes tell each other. A new kind is an entry here, what listeners do with it, and a method of
 * `Wakeups` that publishes it; every carrier carries it then. Payloads are small: PostgreSQL takes 8,000 bytes.
 */
export const WAKEUP_KINDS = { log: logKind, discussion: discussionKind, access: accessKind };

export type WakeupKindName = keyof typeof WAKEUP_KINDS;
export type WakeupPayload<Kind extends WakeupKindName> = z.output<(typeof WAKEUP_KINDS)[Kind]["schema"]>;

/** The kind of that name, for code that treats all alike. Null for a name that is none. */
export function wakeupKind(name: string): WakeupKind<unknown> | null {
  return Object.hasOwn(WAKEUP_KINDS, name) ? (WAKEUP_KINDS[name as WakeupKindName] as never) : null;
}

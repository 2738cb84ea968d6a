import type { WakeupCarrier } from "./wakeup-carrier.ts";
import { type WakeupKindName, type WakeupPayload, wakeupKind } from "./wakeup-kinds.ts";
import { packWakeups, unpackWakeups, type WakeupMessage } from "./wakeup-texts.ts";
import type { WakeupListener, Wakeups } from "./wakeups.ts";

export interface CarriedWakeupsOptions {
  readonly carrier: WakeupCarrier;
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void };
}

/**
 * Wake-ups for the listeners of this process at once and, with a carrier, for those of all nodes. What piles up while
 * the carrier is busy goes out together, one of each key; that it cannot send is said once, until it can again.
 */
export function createWakeups(options: CarriedWakeupsOptions | null): Wakeups {
  const listeners = new Set<WakeupListener>();
  const waiting = new Map<string, WakeupMessage>();
  let sending: Promise<void> | null = null;
  let isFailing = false;

  function publish<Kind extends WakeupKindName>(name: Kind, payload: WakeupPayload<Kind>): void {
    tell(name, payload);
    if (!options) return;
    const kind = wakeupKind(name);
    const key = `${name} ${kind?.key(payload)}`;
    const before = waiting.get(key);
    if (before && kind?.covers(before[1], payload)) return;
    waiting.set(key, [name, payload]);
    sending ??= send(options);
  }

  function tell(name: string, payload: unknown): void {
    const kind = wakeupKind(name);
    for (const listener of listeners) kind?.tell(listener, payload);
  }

  function resync(): void {
    for (const listener of listeners) listener.onResync();
  }

  async function send({ carrier, log }: CarriedWakeupsOptions): Promise<void> {
    while (waiting.size > 0) {
      const { text, count } = packWakeups([...waiting.values()], carrier.maxBytes);
      for (const key of [...waiting.keys()].slice(0, count)) waiting.delete(key);
      try {
        await carrier.send(text);
        if (isFailing) log.info({}, "wake-ups are sent again");
        isFailing = false;
      } catch (error) {
        const message = "wake-ups cannot be sent: other nodes see what happens at their next poll";
        if (!isFailing) log.warn({ err: error }, message);
        isFailing = true;
      }
    }
    sending = null;
  }

  const receiver = {
    onText(text: string) {
      const messages = unpackWakeups(text);
      // Whatever it was meant to say, looking at everything answers it.
      if (!messages) return resync();
      for (const [name, payload] of messages) tell(name, payload);
    },
    onConnected: resync,
  };

  return {
    publish: (wakeup) => publish("log", wakeup),
    publishDiscussion: (discussionId) => publish("discussion", discussionId),
    publishAccess: (userId) => publish("access", userId),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      await options?.carrier.start(receiver);
    },
    async stop() {
      await sending;
      await options?.carrier.stop();
    },
  };
}

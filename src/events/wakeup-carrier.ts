/** Who hears what a carrier brings. */
export interface WakeupReceiver {
  /** A text that some node has sent, this one included. */
  onText(text: string): void;
  /** The connection stands, for the first time or again: what was sent before may have been lost. */
  onConnected(): void;
}

/** Takes short texts to every node. It may lose them while a connection is down. */
export interface WakeupCarrier {
  /** How long a text may be, in bytes. */
  readonly maxBytes: number;
  /** @throws when it could not be sent */
  send(text: string): Promise<void>;
  start(receiver: WakeupReceiver): Promise<void>;
  stop(): Promise<void>;
}

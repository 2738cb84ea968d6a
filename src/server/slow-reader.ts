import type { WebSocket } from "ws";

/** So many bytes may wait for a client to read them. A live event is a few hundred; the largest answers are some megabytes. */
export const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
/** The client may come back later: what it had subscribed to goes on after the last cursor that it has seen. */
const TRY_AGAIN_LATER = 1013;

/**
 * Closes the socket of a client that does not read what it is sent, so that nothing more is kept for it. Subscriptions
 * pause by themselves until their last event is on its way; answers to queries and pings do not, however many are asked for.
 *
 * @returns whether that was so
 */
export function endSlowReader(socket: WebSocket): boolean {
  if (socket.bufferedAmount <= MAX_UNREAD_BYTES) return false;
  socket.close(TRY_AGAIN_LATER, "The client does not read what it is sent.");
  return true;
}

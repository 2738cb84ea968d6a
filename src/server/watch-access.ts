import type { Viewer } from "../auth/viewer.ts";

/**
 * Calls `onLoss`, once, when the viewer may have nothing open any more: suspended, or the key revoked.
 *
 * @returns what ends the watch
 */
export type WatchAccess = (viewer: Viewer, onLoss: (reason: Error) => void) => () => void;

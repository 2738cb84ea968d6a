import type { Viewer } from "../auth/viewer.ts";

/** What every operation knows, whichever transport brought it. */
export interface RequestContext {
  readonly viewer: Viewer;
  /** One per operation: in the response's headers, every log line and every event that the command appends. */
  readonly correlationId: string;
  /** Aborts when the client is gone. */
  readonly signal?: AbortSignal;
}

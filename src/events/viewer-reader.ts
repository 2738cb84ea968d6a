import type { MemberHead } from "./log.ts";
import { WakeupInbox } from "./wakeup-inbox.ts";
import type { Wakeup } from "./wakeups.ts";

/** Whose projects are streamed, and the one that their key is bound to, if it is. */
export interface StreamViewer {
  readonly userId: string;
  readonly key?: { readonly projectId: string | null } | null;
}

/** One listener to everything that happens in a viewer's projects: where it is in each log. */
export class ViewerReader {
  readonly viewer: StreamViewer;
  readonly inbox = new WakeupInbox();
  /** The sequence up to which each project's log is read; what is not here is not theirs. */
  readonly places = new Map<string, number>();
  /** How many reads of their memberships are under way: until they are over, every wake-up may be of their projects. */
  reading = 0;

  constructor(viewer: StreamViewer) {
    this.viewer = viewer;
  }

  offer(wakeup: Wakeup): void {
    if (this.reading > 0 || this.places.has(wakeup.projectId)) this.inbox.push(wakeup);
  }

  /** Takes over which projects are theirs now. */
  enter(heads: readonly MemberHead[], when: "START" | "LATER"): void {
    const bound = this.viewer.key?.projectId ?? null;
    const mine = heads.filter(({ projectId }) => bound === null || projectId === bound);
    const ids = new Set(mine.map(({ projectId }) => projectId));
    for (const projectId of this.places.keys()) if (!ids.has(projectId)) this.places.delete(projectId);
    for (const { projectId, sinceSequence, eventSequence: sequence } of mine) {
      const known = this.places.has(projectId);
      if (!known) this.places.set(projectId, when === "START" ? sequence : sinceSequence - 1);
      this.inbox.push({ projectId, sequence });
    }
  }
}

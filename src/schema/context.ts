import type { AccessWatch } from "../auth/access-watch.ts";
import type { Viewer } from "../auth/viewer.ts";
import type { DiscussionHub } from "../events/discussion-hub.ts";
import type { EventHub } from "../events/hub.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { ModelServices } from "../services/services.ts";
import type { Loaders } from "./loaders.ts";

/** What every resolver gets. */
export interface GraphQLContext {
  readonly viewer: Viewer;
  readonly correlationId: string;
  readonly signal?: AbortSignal;
  readonly services: ModelServices;
  /** For reads only; whatever is read is scoped to the viewer. */
  readonly prisma: PrismaClient;
  readonly hub: EventHub;
  readonly discussions: DiscussionHub;
  /** Ends what is open when its viewer may not have it any more. */
  readonly access: AccessWatch;
  readonly loaders: Loaders;
  /** Whether fields may take what they need from a row that already has it. The answer is the same without, and slower. */
  readonly shortcuts: boolean;
}

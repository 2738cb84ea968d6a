import type { Clock, IdSource } from "../domain/clock.ts";
import type { EventRow } from "../events/log.ts";
import type { Wakeups } from "../events/wakeups.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";

/** What every use case needs: handed in once, where the application is put together. */
export interface Services {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly wakeups: Pick<Wakeups, "publish">;
  /** Told of every event after its commit; for metrics. */
  readonly onAppended?: (events: readonly Pick<EventRow, "subject">[]) => void;
}

import type { Prisma } from "../../generated/prisma/client.ts";
import type { ModelServices } from "../services.ts";

/** Beyond what a model may take: a job that failed is tried again, or waits for its turn. */
const GRACE_MS = 5 * 60_000;
/** How many are taken up in one look; the next one takes more. */
const BATCH = 100;

/** A kind of work that waits for models. */
export interface StalledWork {
  /** How long it may rest while somebody is at it, without the grace. */
  readonly longestSilenceMs: number;
  /** The ids of at most so many pieces of work that run, and where nothing has happened since. */
  readonly find: (since: Date, limit: number) => Promise<readonly string[]>;
  /**
   * Enqueues one again, unless something has happened in it since: notes that it happens now, so that the next look
   * leaves it alone. @returns whether it did
   */
  readonly resume: (tx: Prisma.TransactionClient, id: string, since: Date) => Promise<boolean>;
}

/**
 * Enqueues the work again that runs and has nobody who does it: its job was lost, or ended by a worker that had been taken
 * for dead. Work that somebody does after all is not harmed: whoever is overtaken writes nothing.
 *
 * @returns how much there was
 */
export async function resumeStalled(
  { prisma, clock, jobs }: ModelServices,
  { longestSilenceMs, find, resume }: StalledWork,
): Promise<number> {
  const since = new Date(clock.now().getTime() - longestSilenceMs - GRACE_MS);
  await jobs.ready();
  let resumed = 0;
  for (const id of await find(since, BATCH)) {
    if (await prisma.$transaction((tx) => resume(tx, id, since))) resumed += 1;
  }
  if (resumed > 0) jobs.committed();
  return resumed;
}

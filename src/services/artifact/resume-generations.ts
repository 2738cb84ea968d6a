import type { ModelServices } from "../services.ts";

/** Longer than a document may take: what has not begun another by then has nobody who runs it. */
const GRACE_MS = 5 * 60_000;
const BATCH = 100;

/**
 * Enqueues the generations again that run and have nobody who runs them: their job was lost, or ended by a worker that had
 * been taken for dead. One that is run after all is not harmed: whoever is overtaken writes nothing.
 *
 * @returns how many there were
 */
export async function resumeGenerations(services: ModelServices): Promise<number> {
  const { prisma, clock, jobs, documentTimeoutMs } = services;
  const now = clock.now();
  const stalled = {
    status: "RUNNING",
    activeAt: { lt: new Date(now.getTime() - documentTimeoutMs - GRACE_MS) },
  };
  const generations = await prisma.artifactGeneration.findMany({
    where: stalled,
    select: { id: true },
    take: BATCH,
  });
  let resumed = 0;
  for (const { id } of generations) {
    await prisma.$transaction(async (tx) => {
      const { count } = await tx.artifactGeneration.updateMany({
        where: { ...stalled, id },
        data: { activeAt: now },
      });
      if (count !== 1) return;
      await jobs.generateArtifacts(tx, { generationId: id });
      resumed += 1;
    });
  }
  if (resumed > 0) jobs.committed();
  return resumed;
}

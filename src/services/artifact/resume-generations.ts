import { resumeStalled } from "../model/resume-stalled.ts";
import type { ModelServices } from "../services.ts";

/** Enqueues the generations again that run and have nobody who runs them. @returns how many there were */
export function resumeGenerations(services: ModelServices): Promise<number> {
  const { prisma, clock, jobs, documentTimeoutMs } = services;
  const stalled = (since: Date) => ({ status: "RUNNING", activeAt: { lt: since } });
  return resumeStalled(services, {
    // Every document that is begun is noted, and none may take longer.
    longestSilenceMs: documentTimeoutMs,
    async find(since, take) {
      const where = stalled(since);
      const generations = await prisma.artifactGeneration.findMany({ where, select: { id: true }, take });
      return generations.map(({ id }) => id);
    },
    async resume(tx, id, since) {
      const { count } = await tx.artifactGeneration.updateMany({
        where: { ...stalled(since), id },
        data: { activeAt: clock.now() },
      });
      if (count !== 1) return false;
      await jobs.generateArtifacts(tx, { generationId: id });
      return true;
    },
  });
}

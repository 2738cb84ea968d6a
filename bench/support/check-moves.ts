import type { Database } from "../../src/db/database.ts";
import { verifyTimeline } from "../../src/services/event/verify-timeline.ts";
import type { MovingProject } from "./moves.ts";
import { check } from "./run-bench.ts";

/** @throws unless every acknowledged move, and nothing else, is in its project's log and on its row, chain and all */
export async function checkMoves({ prisma }: Database, projects: readonly MovingProject[]): Promise<void> {
  for (const { id, eventsBefore, moves, stage } of projects) {
    const row = await prisma.project.findUniqueOrThrow({ where: { id } });
    const expected = eventsBefore + moves;
    const events = await prisma.event.count({ where: { projectId: id } });
    const transitions = await prisma.event.count({
      where: { projectId: id, type: "transition", sequence: { gt: eventsBefore } },
    });
    const found = { head: row.eventSequence, events, transitions: transitions + eventsBefore };
    const all = Object.values(found).every((count) => count === expected);
    check(all, `Project ${id} should have ${expected} events: ${JSON.stringify(found)}`);
    check(row.stageNumber === stage, `Project ${id} is in stage ${row.stageNumber} instead of ${stage}`);
    const report = await verifyTimeline(prisma, id);
    const whole = report !== null && report.fault === null && report.checked === expected;
    check(whole, `The chain of project ${id} is broken: ${JSON.stringify(report)}`);
  }
  const keys = projects.flatMap((project) => project.keys);
  let stored = 0;
  for (let from = 0; from < keys.length; from += 1_000) {
    const key = { in: keys.slice(from, from + 1_000) };
    const records = await prisma.idempotencyRecord.findMany({ where: { key } });
    stored += records.filter(({ outcome }) => outcome !== null).length;
  }
  check(stored === keys.length, `${stored} of ${keys.length} idempotency keys have an outcome`);
}

/** @throws unless the first moves of each set have left the same rows, but for ids, times and what follows from them */
export async function checkAlike(sets: readonly [Database, readonly MovingProject[]][]): Promise<void> {
  const traces = await Promise.all(sets.map(([database, projects]) => traceOf(database, projects)));
  for (const trace of traces) check(trace === traces[0], `Moves differ:\n${traces[0]}\n${trace}`);
}

async function traceOf({ prisma }: Database, [project]: readonly MovingProject[]): Promise<string> {
  if (!project) throw new Error("There is no project.");
  const { id, eventsBefore, versionBefore, moves, keys } = project;
  const { version, ...row } = await prisma.project.findUniqueOrThrow({ where: { id } });
  const events = await prisma.event.findMany({
    where: { projectId: id, sequence: { gt: eventsBefore, lte: eventsBefore + 2 } },
    orderBy: { sequence: "asc" },
  });
  const record = await prisma.idempotencyRecord.findFirstOrThrow({
    where: { key: { in: keys.slice(0, 1) } },
  });
  const about = (subjectId: string) => (subjectId === id ? "the project" : "something else");
  return JSON.stringify({
    versionsPerMove: (version - versionBefore) / moves,
    ...{ status: row.status, progress: row.progressPercent },
    command: record.command,
    outcomeKeys: Object.keys((record.outcome as { result: object }).result).sort(),
    hashLength: record.requestHash.length,
    events: events.map(
      ({ sequence, subject, subjectId, type, fromState, toState, actor, reason, detail }) => ({
        ...{ sequence, subject, type, fromState, toState, actor, reason, detail },
        about: about(subjectId),
      }),
    ),
  });
}

import { randomUUID } from "node:crypto";
import { type Founder, makeProject } from "./founder.ts";

/** The two stages that the projects move between: back is always open, forth needs the gate's PROCEED. */
export const LOWER = 1;
export const UPPER = 2;

/** A project, and what its log must hold if every acknowledged move is in it. */
export interface MovingProject {
  readonly id: string;
  /** The log's length before the first move. */
  readonly eventsBefore: number;
  readonly versionBefore: number;
  stage: typeof LOWER | typeof UPPER;
  moves: number;
  /** How many of them carried an idempotency key. */
  readonly keys: string[];
}

export interface Move {
  readonly projectId: string;
  readonly to: typeof LOWER | typeof UPPER;
  readonly idempotencyKey: string | null;
}

/** Makes the move, or throws. @returns the sequence of the event that it appended */
export type Mover = (move: Move) => Promise<number>;

export async function makeMovingProjects(founder: Founder, count: number): Promise<MovingProject[]> {
  const projects: MovingProject[] = [];
  for (let number = 1; number <= count; number += 1) {
    const id = await makeProject(founder, `Mover ${number}`, UPPER);
    const row = await founder.services.prisma.project.findUniqueOrThrow({ where: { id } });
    const before = { eventsBefore: row.eventSequence, versionBefore: row.version };
    projects.push({ id, ...before, stage: UPPER, moves: 0, keys: [] });
  }
  return projects;
}

/** Lets each client move its share of the projects in turn, one move at a time, until the time is over. */
export async function driveMoves(
  mover: Mover,
  projects: readonly MovingProject[],
  { clients, ms, withKey }: { clients: number; ms: number; withKey: boolean },
): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  const startedAt = performance.now();
  const client = async (number: number) => {
    const share = projects.filter((_, at) => at % clients === number);
    for (let turn = 0; performance.now() - startedAt < ms; turn += 1) {
      const project = share[turn % share.length];
      if (!project) return;
      const sentAt = performance.now();
      await move(mover, project, withKey);
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return { times, seconds: (performance.now() - startedAt) / 1000 };
}

async function move(mover: Mover, project: MovingProject, withKey: boolean): Promise<void> {
  const to = project.stage === UPPER ? LOWER : UPPER;
  const idempotencyKey = withKey ? randomUUID() : null;
  const sequence = await mover({ projectId: project.id, to, idempotencyKey });
  project.stage = to;
  project.moves += 1;
  if (idempotencyKey !== null) project.keys.push(idempotencyKey);
  const expected = project.eventsBefore + project.moves;
  if (sequence !== expected) throw new Error(`A move has the sequence ${sequence} instead of ${expected}.`);
}

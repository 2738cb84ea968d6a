import { v7 } from "uuid";
import { answerOf } from "./answer-of.ts";
import { comparedReads } from "./compared-reads.ts";
import type { Founder } from "./founder.ts";
import { inTurn, mover, reader } from "./gunners.ts";
import { type MovingProject, makeMovingProjects } from "./moves.ts";
import type { Gunner } from "./raw-load.ts";
import { check } from "./run-bench.ts";

export interface Workload {
  readonly name: string;
  /** What each connection does. */
  readonly gunners: readonly Gunner[];
}

/** Before the ids that are seeded by SQL: what is made then is in no newest page. */
const LONG_AGO = Date.UTC(2024, 0, 1);
/** Of ten requests. */
const MIX = { small: 6, nested: 1, transition: 3 } as const;

/**
 * Projects that can be moved and that come after all seeded ones in lists, so that what is read meanwhile stays the same.
 * Make them before anything else is asked: the founder's plan ends at 1,000 projects.
 */
export function makeOldMovingProjects(founder: Founder, count: number): Promise<MovingProject[]> {
  const ids = { next: () => v7({ msecs: LONG_AGO }) };
  return makeMovingProjects({ ...founder, services: { ...founder.services, ids } }, count);
}

/** The small read, the nested read, the guarded transition, and of ten requests six, one and three of them. */
export async function mixedWorkloads(
  url: string,
  projectId: string,
  moving: readonly MovingProject[],
  connections: number,
): Promise<Workload[]> {
  const read = async (name: string): Promise<Gunner> => {
    const asked = comparedReads(projectId).find((each) => each.name === name)?.asked.ours;
    check(asked !== undefined, `There is no read "${name}".`);
    return reader(asked, await answerOf(url, asked));
  };
  const [small, nested] = [await read("small"), await read("nested")];
  const each = (make: (connection: number) => Gunner) =>
    Array.from({ length: connections }, (_, connection) => make(connection));
  const movers = each((connection) => mover(moving.filter((_, at) => at % connections === connection)));
  const times = (count: number, gunner: Gunner) => Array<Gunner>(count).fill(gunner);
  const mixed = each((connection) => {
    const move = movers[connection] ?? small;
    const ten = [...times(MIX.small, small), ...times(MIX.nested, nested), ...times(MIX.transition, move)];
    // Each begins elsewhere, lest all ask for the nested page at once.
    return inTurn([...ten.slice(connection % ten.length), ...ten.slice(0, connection % ten.length)]);
  });
  return [
    { name: "small read", gunners: each(() => small) },
    { name: "nested read", gunners: each(() => nested) },
    { name: "guarded transition", gunners: movers },
    { name: "mix: 6 small, 1 nested, 3 transitions", gunners: mixed },
  ];
}

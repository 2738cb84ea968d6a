import { stageOf } from "../../src/domain/stage/stage.ts";
import { encodeId } from "../../src/schema/ids.ts";
import type { Asked } from "./compared-reads.ts";
import { MOVE } from "./movers.ts";
import { LOWER, type MovingProject, UPPER } from "./moves.ts";
import { type Gunner, graphqlRequest, type Shot } from "./raw-load.ts";

/** Asks for the same again and again. @param answer what it is: its length is held against it, and a short one itself */
export function reader({ body }: Asked, answer: string): Gunner {
  const expected = Buffer.byteLength(answer);
  const shot: Shot = {
    request: graphqlRequest(body),
    fits: (got, bytes) => bytes === expected && answer.startsWith(got.slice(0, 200)),
  };
  return () => shot;
}

/** Moves projects of its own between two stages in turn, and counts what was acknowledged in them. */
export function mover(projects: readonly MovingProject[]): Gunner {
  let turn = 0;
  return () => {
    const project = projects[turn % projects.length];
    turn += 1;
    if (!project) throw new Error("Nothing to move.");
    const to = project.stage === UPPER ? LOWER : UPPER;
    const input = { projectId: encodeId("project", project.id), to: stageOf(to).name };
    return {
      request: graphqlRequest(JSON.stringify({ query: MOVE, variables: { input } })),
      fits: (body) => {
        if (!body.includes('"TransitionStageSuccess"')) return false;
        project.stage = to;
        project.moves += 1;
        return body.includes(`"sequence":${project.eventsBefore + project.moves}}`);
      },
    };
  };
}

/** Does what the others do, in that order, over and over. */
export function inTurn(gunners: readonly Gunner[]): Gunner {
  let turn = 0;
  return () => {
    const next = gunners[turn % gunners.length];
    turn += 1;
    if (!next) throw new Error("Nothing to do.");
    return next();
  };
}

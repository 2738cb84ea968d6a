import type { Database } from "../../src/db/database.ts";
import { stageOf } from "../../src/domain/stage/stage.ts";
import { encodeId } from "../../src/schema/ids.ts";
import { transitionStage } from "../../src/services/stage/transition-stage.ts";
import { ApiClient } from "./api-client.ts";
import type { Founder } from "./founder.ts";
import type { Mover } from "./moves.ts";
import { sqlTransactions } from "./sql-transactions.ts";
import { transitionBySql } from "./transition-by-sql.ts";

/** A guarded transition, as clients ask for it. */
export const MOVE = `mutation Move($input: TransitionStageInput!) {
  transitionStage(input: $input) {
    __typename
    ... on TransitionStageSuccess { project { id stage } events { id sequence } }
    ... on Error { message }
  }
}`;

interface MoveData {
  readonly transitionStage:
    | {
        readonly __typename: "TransitionStageSuccess";
        readonly project: { readonly stage: string };
        readonly events: readonly { readonly sequence: number }[];
      }
    | { readonly __typename: "GuardRejectedError"; readonly message: string };
}

/** Moves through the API, over kept connections. */
export function apiMover(url: string, connections: number): Mover {
  const client = new ApiClient(url, connections);
  return async ({ projectId, to, idempotencyKey }) => {
    const stage = stageOf(to).name;
    const input = { projectId: encodeId("project", projectId), to: stage, idempotencyKey };
    const { transitionStage: result } = await client.execute<MoveData>(MOVE, { input });
    const moved = result.__typename === "TransitionStageSuccess" && result.project.stage === stage;
    const event = moved ? result.events[0] : undefined;
    if (!event) throw new Error(`A move came to ${JSON.stringify(result)}`);
    return event.sequence;
  };
}

/** Moves by the service that the API calls; what it would have read for its answer is not read. */
export function commandMover({ services, caller }: Founder): Mover {
  return async ({ projectId, to, idempotencyKey }) => {
    let sequence = 0;
    const wakeups = {
      publish: (wakeup: { sequence: number }) => {
        sequence = wakeup.sequence;
      },
    };
    await transitionStage({ ...services, wakeups }, caller(idempotencyKey), { projectId, to });
    return sequence;
  };
}

/** Moves by SQL written for this one thing, over the driver below Prisma. */
export function sqlMover(database: Database, userId: string): Mover {
  const transactions = sqlTransactions(database);
  return (move) => transactions((query) => transitionBySql(query, userId, move));
}

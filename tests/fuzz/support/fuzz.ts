import fc from "fast-check";
import { type GraphQLSchema, parse, validate } from "graphql";
import { drawFrom } from "./draw.ts";
import { faultOf } from "./judge.ts";
import { drawMutated } from "./mutate.ts";
import { drawOperation } from "./operation.ts";
import { drawRequest, type Request, sendRequest } from "./request.ts";
import { makeWorld, type World } from "./world.ts";

export interface FuzzOptions {
  readonly url: string;
  readonly schema: GraphQLSchema;
  readonly seed: number;
  /** How many operations, in whole batches. */
  readonly count: number;
  /** Valid operations in valid requests; or such with something about them changed. */
  readonly what: "valid" | "mutated";
  /** Told after every batch. */
  readonly onProgress?: (done: number) => Promise<void> | void;
}

/** How often the answers had this status. */
export type Tally = ReadonlyMap<number, number>;

/** So many are sent at once. */
const BATCH = 20;
/** Commands use a world up: its project is archived, its run abandoned. */
const BATCHES_PER_WORLD = 10;

/**
 * Sends generated operations and holds every answer against what no answer may be.
 * @returns how often which status came
 * @throws with the request and the answer at the first fault
 */
export async function fuzz(options: FuzzOptions): Promise<Tally> {
  const { url, schema, seed, count, what, onProgress } = options;
  const tally = new Map<number, number>();
  let world: World | undefined;
  let batches = 0;

  const nextWorld = async (): Promise<World> => {
    if (!world || batches % BATCHES_PER_WORLD === 0) {
      world = await makeWorld(`World ${batches}`, (query, variables) => ask(url, query, variables));
    }
    batches += 1;
    return world;
  };

  const property = fc.asyncProperty(fc.gen(), async (generate) => {
    const draw = drawFrom(generate);
    const known = await nextWorld();
    const requests = Array.from({ length: BATCH }, () => {
      const operation = drawOperation(draw, schema, known);
      if (what === "mutated") return drawMutated(draw, operation, schema);
      const errors = validate(schema, parse(operation.query));
      if (errors.length > 0) throw new Error(`The generator is wrong: ${errors[0]}\n${operation.query}`);
      return drawRequest(draw, operation);
    });
    await Promise.all(
      requests.map(async (request) => {
        const status = await tryOne(url, request);
        tally.set(status, (tally.get(status) ?? 0) + 1);
      }),
    );
    await onProgress?.(batches * BATCH);
  });
  // The server remembers, so that a smaller example would be of another server: the first one is told.
  const details = await fc.check(property, { seed, numRuns: Math.ceil(count / BATCH), endOnFailure: true });
  if (details.failed)
    throw new Error(`Seed ${seed}, batch ${details.numRuns}`, { cause: details.errorInstance });
  return tally;
}

async function tryOne(url: string, request: Request): Promise<number> {
  const answer = await sendRequest(url, request);
  const fault = faultOf(request, answer);
  if (fault === null) return answer.status;
  throw new Error(
    `${fault}\nasked: ${JSON.stringify(request)}\nanswered: ${answer.status} ${answer.text.slice(0, 2_000)}`,
  );
}

/** The data of an operation that must succeed. */
export async function ask(url: string, query: string, variables: object): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors || !data) throw new Error(`The world could not be made: ${JSON.stringify(errors)}`);
  return data;
}

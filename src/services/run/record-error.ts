import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { MAX_SAMPLE, MAX_SAMPLES, normalizeMessage, signatureOf } from "../../domain/run/signature.ts";
import { truncate } from "../../domain/text.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { encodeAdvice } from "../escalation/advice.ts";
import { afterFailure } from "../escalation/after-failure.ts";
import type { Services } from "../services.ts";
import { aboutWorkstream } from "./about.ts";
import { placeOfWorkstream } from "./place.ts";
import { type LockedWorkstream, runWorkstreamCommand } from "./run-command.ts";

/**
 * Records an error of a step, and says what the agent is to do: try again, or, from the third failure of the same
 * signature on, wait for the answer of a person. The same signature again in the same workstream and step counts up, in
 * one statement: two at once are two, whoever comes first.
 *
 * @returns the error's id, with the advice as its part
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 */
export async function recordError(
  services: Services,
  caller: Caller,
  raw: RunInput<"recordError">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.recordError, raw);
  const { workstreamId, leaseToken, step, errorCode, message, context } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const request = { command: "recordError", ...place, workstreamId, leaseToken, input };
  return runWorkstreamCommand(services, caller, request, async (locked) => {
    const { tx, run, workstream, now } = locked;
    const normalized = normalizeMessage(message);
    const signature = await knownSignature(locked, normalized);
    const samples = JSON.stringify([truncate(message, MAX_SAMPLE)]);
    const contextJson = context ? JSON.stringify(context) : null;
    const [row] = await tx.$queryRaw<{ id: string; count: number }[]>`
      INSERT INTO run_error AS e (id, run_id, workstream_id, step_name, error_code, signature, normalized_message,
                                  message, samples, context, count, first_seen_at, last_seen_at)
      VALUES (${services.ids.next()}::uuid, ${run.id}::uuid, ${workstreamId}::uuid, ${step}, ${errorCode},
              ${signature}, ${truncate(normalized, MAX_SAMPLE)}, ${message}, ${samples}::jsonb,
              ${contextJson}::jsonb, 1, ${now}, ${now})
      ON CONFLICT (run_id, workstream_id, step_name, signature) DO UPDATE
        SET count = e.count + 1,
            last_seen_at = GREATEST(e.last_seen_at, EXCLUDED.last_seen_at),
            context = coalesce(EXCLUDED.context, e.context),
            samples = CASE WHEN jsonb_array_length(e.samples) < ${MAX_SAMPLES} AND NOT e.samples @> EXCLUDED.samples
                           THEN e.samples || EXCLUDED.samples ELSE e.samples END
      RETURNING e.id, e.count`;
    if (!row) throw new Error("An error that was recorded has no row");
    const { id, count } = row;
    const recorded: NewEvent = {
      ...aboutWorkstream(workstream),
      type: "error_recorded",
      reason: truncate(message, MAX_SAMPLE),
      detail: { key: workstream.key, step, errorCode, signature, count },
    };
    const failure = { step, errorCode, message, hash: signature };
    const { advice, events } = await afterFailure(services, locked, failure);
    return { id, part: encodeAdvice(advice), events: [recorded, ...events] };
  });
}

/** How many of a run's newest errors an error that is new to the run is compared with. */
const COMPARED = 20;

/**
 * What an error is grouped by in its run. Where an earlier release, which normalised differently, has grouped the same failure
 * under another signature, that one stays until the run ends: a breaker that has counted it goes on counting.
 */
async function knownSignature({ tx, run }: LockedWorkstream, normalized: string): Promise<string> {
  const signature = signatureOf(normalized);
  const recorded = await tx.$queryRaw<{ signature: string; message: string | null }[]>`
    SELECT signature, CASE WHEN signature = ${signature} THEN NULL ELSE message END AS message FROM run_error
    WHERE run_id = ${run.id}::uuid ORDER BY signature = ${signature} DESC, last_seen_at DESC, id DESC LIMIT ${COMPARED}`;
  if (recorded[0]?.signature === signature) return signature;
  const same = recorded.find(({ message }) => message !== null && normalizeMessage(message) === normalized);
  return same?.signature ?? signature;
}

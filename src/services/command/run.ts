import type { Services } from "../services.ts";
import type { Caller, CommandResult, Outcome, Transaction } from "./command.ts";
import { claimKey, idempotentRequest, storeOutcome } from "./idempotency.ts";

/** How long a command may wait for a connection, and how long its transaction may take. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 } as const;

/**
 * The frame of every command: one transaction around the body, the idempotency key claimed and settled in
 * it, and after the commit the wake-up. The body locks what it changes, applies the rules, writes, and
 * appends its events.
 *
 * A refusal is part of the outcome: its event is committed, and then it is thrown. Any other error rolls
 * everything back. Where the database fails, the client's transaction says whether anything can have been stored.
 *
 * @throws IdempotencyMismatchError, and whatever the body throws or is refused with
 */
export async function runCommand(
  services: Services,
  caller: Caller,
  command: string,
  input: unknown,
  body: (tx: Transaction) => Promise<Outcome>,
): Promise<CommandResult> {
  const { userId, idempotencyKey } = caller;
  const request = idempotencyKey === null ? null : idempotentRequest(userId, idempotencyKey, command, input);
  const done = await services.prisma.$transaction(async (tx) => {
    const earlier = request && (await claimKey(tx, request, services.clock.now()));
    if (earlier) return { result: earlier };
    const outcome = await body(tx);
    const { id, part = null, events, refusal } = outcome;
    const result = { id, part, eventIds: events.map((event) => event.id) };
    if (request) await storeOutcome(tx, request, refusal ? { refusal: refusal.toJSON() } : { result });
    return { result, outcome };
  }, TRANSACTION);

  const { result, outcome } = done;
  const newest = outcome?.events.at(-1);
  if (outcome && newest) {
    services.onAppended?.(outcome.events);
    const { projectId, sequence } = newest;
    services.wakeups.publish({ projectId, ownerId: outcome.ownerId, sequence });
  }
  if (outcome?.refusal) throw outcome.refusal;
  return result;
}

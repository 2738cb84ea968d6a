import { PERMISSIONS } from "../../domain/account/permissions.ts";
import { GuardRejectedError } from "../../domain/errors.ts";
import { chainEvents } from "../../events/chain.ts";
import type { Services } from "../services.ts";
import type { Caller, CommandResult, Outcome, Transaction } from "./command.ts";
import { claimKey, idempotentRequest } from "./idempotency.ts";
import { isSystem, missingPermission, permissionFor } from "./permission.ts";
import { settle } from "./settle.ts";

/** How long a command may wait for a connection, and how long its transaction may take. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 } as const;

/**
 * The frame of every command: one transaction around the body, the idempotency key claimed and settled in
 * it, and after the commit the wake-up. The body locks what it changes, applies the rules, writes, and says what
 * is to be appended to its project's log; what every command writes at its end is written by one statement.
 *
 * A refusal is part of the outcome: its event is committed, and then it is thrown. Any other error rolls
 * everything back. Where the database fails, the client's transaction says whether anything can have been stored.
 *
 * @param checkRepeat is called before a first result is given again: who may not see it any more is refused by it
 * @throws IdempotencyMismatchError; GuardRejectedError (NOT_PERMITTED) for a key; and whatever the body throws or is refused with
 */
export async function runCommand(
  services: Services,
  caller: Caller,
  command: string,
  input: unknown,
  body: (tx: Transaction) => Promise<Outcome>,
  checkRepeat: (tx: Transaction) => Promise<void> = async () => {},
): Promise<CommandResult> {
  const { userId, idempotencyKey } = caller;
  if (!isSystem(caller) && PERMISSIONS[permissionFor(command, input as object)].roles === null) {
    const missing = missingPermission(caller, command, input as object, null);
    if (missing) throw new GuardRejectedError(missing);
  }
  const asked = { input, apiKeyId: caller.key?.id ?? null };
  const request = idempotencyKey === null ? null : idempotentRequest(userId, idempotencyKey, command, asked);
  const done = await services.prisma.$transaction(async (tx) => {
    const { clock, ids } = services;
    const earlier = request && (await claimKey(tx, request, clock.now(), () => checkRepeat(tx)));
    if (earlier) return { result: earlier, logs: [] };
    const outcome = await body(tx);
    const { id, part = null, refusal } = outcome;
    const logs = [outcome.log ?? []].flat().map((log) => {
      const events = chainEvents(log.head, log.events, { ...caller, at: log.at }, () => ids.next());
      return { ...log, events };
    });
    const eventIds = logs.flatMap(({ events }) => events.map((event) => event.id));
    const result = { id, part, eventIds };
    const [first = null, ...others] = logs;
    for (const log of others) await settle(tx, { log, key: null });
    await settle(tx, {
      log: first,
      key: request && { request, outcome: refusal ? { refusal: refusal.toJSON() } : { result } },
    });
    return { result, logs, outcome };
  }, TRANSACTION);

  const { result, logs, outcome } = done;
  for (const { events } of logs) {
    const newest = events.at(-1);
    if (!newest) continue;
    services.onAppended?.(events);
    const { projectId, sequence } = newest;
    services.wakeups.publish({ projectId, sequence });
  }
  for (const changed of outcome?.accessChanged ?? []) services.onAccessChanged?.(changed);
  if (outcome?.refusal) throw outcome.refusal;
  return result;
}

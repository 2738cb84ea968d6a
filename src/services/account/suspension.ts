import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { ConflictError, GuardRejectedError, NotFoundError, ValidationError } from "../../domain/errors.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { runCommand } from "../command/run.ts";
import type { Services } from "../services.ts";

/**
 * Refuses a user everything from now on, with every key of theirs, and ends what they have open. Their data stays, and
 * what others may do in their projects too.
 *
 * @param isAdmin whether the caller is named by ADMIN_SUBJECTS
 * @throws GuardRejectedError (ADMIN_REQUIRED) before anything is looked up; ValidationError, also for oneself;
 *   NotFoundError; ConflictError when they are suspended
 */
export function suspendUser(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  raw: AccountInput<"suspendUser">,
): Promise<CommandResult> {
  return setSuspension(services, caller, isAdmin, "suspendUser", raw, services.clock.now());
}

/**
 * Lets a suspended user in again. Keys that were not revoked work again.
 *
 * @throws as `suspendUser`
 */
export function reinstateUser(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  raw: AccountInput<"reinstateUser">,
): Promise<CommandResult> {
  return setSuspension(services, caller, isAdmin, "reinstateUser", raw, null);
}

async function setSuspension(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  command: "suspendUser" | "reinstateUser",
  raw: AccountInput<"suspendUser">,
  suspendedAt: Date | null,
): Promise<CommandResult> {
  if (!isAdmin) {
    throw new GuardRejectedError({ ...blockerOf("ADMIN_REQUIRED"), from: null, to: null, allowed: [] });
  }
  const input = parseInput(accountInputs[command], raw);
  const { userId: id } = input;
  if (id === caller.userId)
    throw new ValidationError([{ path: "userId", message: "must not be you yourself" }]);
  return runCommand(services, caller, command, input, async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id, suspendedAt: suspendedAt ? null : { not: null } },
      data: { suspendedAt, updatedAt: services.clock.now() },
    });
    if (count === 0) {
      const user = await tx.user.findUnique({ where: { id }, select: { id: true } });
      if (!user) throw new NotFoundError("There is no such user.");
      const state = suspendedAt ? "SUSPENDED" : "ACTIVE";
      throw new ConflictError(`The user is ${state} already.`, state);
    }
    return { id, log: null, accessChanged: [id] };
  });
}

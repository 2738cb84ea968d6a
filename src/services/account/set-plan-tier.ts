import { z } from "zod";
import { PLANS } from "../../domain/account/plan.ts";
import { GuardRejectedError, NotFoundError } from "../../domain/errors.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { runCommand } from "../command/run.ts";
import type { Services } from "../services.ts";

const inputSchema = z.object({ userId: z.uuid(), plan: z.enum(PLANS) });

/**
 * Puts a user on another plan; it counts at once. A user belongs to no project, so no log takes an event.
 *
 * @param isAdmin whether the caller is named by ADMIN_SUBJECTS
 * @throws GuardRejectedError (ADMIN_REQUIRED) before anything is looked up; ValidationError, NotFoundError
 */
export async function setPlanTier(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  raw: z.input<typeof inputSchema>,
): Promise<CommandResult> {
  if (!isAdmin) {
    throw new GuardRejectedError({ ...blockerOf("ADMIN_REQUIRED"), from: null, to: null, allowed: [] });
  }
  const input = parseInput(inputSchema, raw);
  return runCommand(services, caller, "setPlanTier", input, async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { id: input.userId },
      data: { plan: input.plan, updatedAt: services.clock.now() },
    });
    if (count === 0) throw new NotFoundError("There is no such user.");
    return { id: input.userId, log: null };
  });
}

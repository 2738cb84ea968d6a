import { v7 } from "uuid";
import { createUserDirectory } from "../../src/auth/users.ts";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/db/database.ts";
import { DEVELOPER } from "../../src/domain/account/identity.ts";
import { loadPlanTiers } from "../../src/services/account/load-plan-tiers.ts";
import type { Caller } from "../../src/services/command/command.ts";
import type { Services } from "../../src/services/services.ts";
import { createProject } from "../../src/services/stage/create-project.ts";
import { decideGate } from "../../src/services/stage/decide-gate.ts";
import { openGate } from "../../src/services/stage/open-gate.ts";

/** Gives commands without a server, as the user that the server's requests will have. */
export interface Founder {
  readonly userId: string;
  readonly services: Services;
  caller(idempotencyKey?: string | null): Caller;
}

/** The development user, on a plan that allows 1,000 projects. */
export async function makeFounder({ prisma }: Database): Promise<Founder> {
  await loadPlanTiers(prisma);
  const newId = () => v7();
  const userId = await createUserDirectory({ prisma, clock: systemClock, newId }).idOf(DEVELOPER);
  await prisma.user.update({ where: { id: userId }, data: { plan: "CTO_SCALE" } });
  return {
    userId,
    services: { prisma, clock: systemClock, ids: { next: newId }, wakeups: { publish() {} } },
    caller: (idempotencyKey = null) => ({
      userId,
      actor: "FOUNDER",
      correlationId: newId(),
      idempotencyKey,
    }),
  };
}

/** A project in that stage, moved there by gates that were decided PROCEED: it may move back and forth below it. */
export async function makeProject(founder: Founder, name: string, stage: number): Promise<string> {
  const { services, caller } = founder;
  const { id: projectId } = await createProject(services, caller(), { name });
  for (let from = 0; from < stage; from += 1) {
    const gate = await openGate(services, caller(), { projectId });
    await decideGate(services, caller(), { gateId: gate.id, decision: "PROCEED", reason: "It holds." });
  }
  return projectId;
}

import type { EscalationStatus } from "../../domain/escalation/state.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";

/** The escalations of all projects that somebody sees; where a status is given, those that stand so. */
export function inboxOf(asker: Asker, status?: EscalationStatus | null) {
  return {
    project: projectsSeenBy(asker),
    ...(status != null && { status }),
  } satisfies Prisma.AgentEscalationWhereInput;
}

import { DEVELOPER } from "../../domain/account/identity.ts";
import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { ConflictError, GuardRejectedError, NotFoundError } from "../../domain/errors.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult, LogEntry, Transaction } from "../command/command.ts";
import { runCommand } from "../command/run.ts";
import type { Services } from "../services.ts";
import { moveMemberships, transferred } from "./ownership.ts";

const REASON = "Adopted from the local user, whom nobody is while authentication is on.";

/** How many projects belong to the local user, whom nobody is while authentication is on. */
export function countLocalProjects(prisma: Pick<PrismaClient, "project">): Promise<number> {
  const { issuer, subject } = DEVELOPER;
  return prisma.project.count({ where: { owner: { issuer, subject } } });
}

/**
 * Gives all projects of the local user, the archived ones too, to the user with that subject and the caller's own issuer.
 * `part` of the result is how many they were.
 *
 * @param isAdmin whether the caller is named by ADMIN_SUBJECTS
 * @throws GuardRejectedError (ADMIN_REQUIRED) before anything is looked up; ValidationError; ConflictError for a
 *   suspended user, and where authentication is off, so that the caller is the local user
 */
export async function adoptProjects(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  raw: AccountInput<"adoptProjects">,
): Promise<CommandResult> {
  if (!isAdmin) {
    throw new GuardRejectedError({ ...blockerOf("ADMIN_REQUIRED"), from: null, to: null, allowed: [] });
  }
  const { subject } = parseInput(accountInputs.adoptProjects, raw);
  const own = await services.prisma.user.findUnique({
    where: { id: caller.userId },
    select: { issuer: true },
  });
  if (!own) throw new NotFoundError("There is no such user.");
  if (own.issuer === DEVELOPER.issuer) {
    const message = "Authentication is off, and the projects are the local user's: yours. Turn it on first.";
    throw new ConflictError(message, "NO_AUTHENTICATION");
  }
  return runCommand(services, caller, "adoptProjects", { subject }, (tx) =>
    adopt(services, tx, { issuer: own.issuer, subject }),
  );
}

/**
 * The same for whoever has the database itself: nobody's permission is asked for.
 *
 * @param to the `iss` and `sub` of the tokens of the user, who is made if they have not signed in yet
 * @returns the user's id, and in `part` how many projects they were
 * @throws ValidationError, ConflictError for a suspended user
 */
export async function adoptProjectsAsOperator(
  services: Services,
  to: { readonly issuer: string; readonly subject: string },
): Promise<CommandResult> {
  const { subject } = parseInput(accountInputs.adoptProjects, { subject: to.subject });
  const identity = { issuer: to.issuer, subject };
  const userId = await services.prisma.$transaction((tx) => findOrMake(services, tx, identity));
  const caller = {
    userId,
    actor: "SYSTEM",
    correlationId: services.ids.next(),
    idempotencyKey: null,
  } as const;
  return runCommand(services, caller, "adoptProjects", { subject }, (tx) => adopt(services, tx, identity));
}

interface LocalProject {
  readonly id: string;
  readonly owner_id: string;
  readonly event_sequence: number;
  readonly event_hash: string;
}

async function adopt(
  services: Services,
  tx: Transaction,
  to: { readonly issuer: string; readonly subject: string },
) {
  const userId = await findOrMake(services, tx, to);
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { suspendedAt: true } });
  if (user.suspendedAt) throw new ConflictError("The user is suspended: reinstate them first.", "SUSPENDED");
  const now = services.clock.now();
  // All or none. In one order, so that two at once do not wait for each other.
  const projects = await tx.$queryRaw<LocalProject[]>`
    SELECT p.id, p.owner_id, p.event_sequence, p.event_hash
    FROM project p JOIN user_account u ON u.id = p.owner_id
    WHERE u.issuer = ${DEVELOPER.issuer} AND u.subject = ${DEVELOPER.subject}
    ORDER BY p.id FOR NO KEY UPDATE OF p`;
  if (projects.length > 0) {
    await moveMemberships(
      tx,
      projects.map(({ id }) => id),
      userId,
      now,
    );
    await raisePlan(tx, userId, now);
  }
  const log = projects.map((project): LogEntry => {
    const head = { projectId: project.id, sequence: project.event_sequence, hash: project.event_hash };
    const event = transferred(project.id, { from: project.owner_id, to: userId, role: null, reason: REASON });
    return { head, events: [event], changes: { ownerId: userId }, bumpsVersion: true, at: now };
  });
  const former = projects.map(({ owner_id }) => owner_id).slice(0, 1);
  return { id: userId, part: String(projects.length), log, accessChanged: [...former, userId] };
}

/** On a lower plan than the local user's, parts of the documents would be locked that were open. */
async function raisePlan(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE user_account u SET plan = l.plan, updated_at = ${now}
    FROM user_account l JOIN plan_tier local ON local.plan = l.plan, plan_tier own
    WHERE u.id = ${userId}::uuid AND l.issuer = ${DEVELOPER.issuer} AND l.subject = ${DEVELOPER.subject}
      AND own.plan = u.plan AND own.rank < local.rank`;
}

async function findOrMake(
  { ids, clock }: Services,
  tx: Transaction,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<string> {
  const now = clock.now();
  await tx.user.createMany({
    data: [{ id: ids.next(), issuer, subject, createdAt: now, updatedAt: now }],
    skipDuplicates: true,
  });
  const user = await tx.user.findUniqueOrThrow({
    where: { issuer_subject: { issuer, subject } },
    select: { id: true },
  });
  return user.id;
}

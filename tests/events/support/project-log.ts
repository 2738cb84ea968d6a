import { afterAll, beforeAll } from "vitest";
import { createUserDirectory } from "../../../src/auth/users.ts";
import type { Database } from "../../../src/db/database.ts";
import type { EventSubject } from "../../../src/domain/event/event.ts";
import { chainEvents } from "../../../src/events/chain.ts";
import type { Wakeup, Wakeups } from "../../../src/events/wakeups.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import type { Caller } from "../../../src/services/command/command.ts";
import { settle } from "../../../src/services/command/settle.ts";
import type { Services } from "../../../src/services/services.ts";
import { createProject } from "../../../src/services/stage/create-project.ts";
import { TestClock } from "../../support/clock.ts";
import { createTestDatabase } from "../../support/database.ts";
import { SequentialIds } from "../../support/ids.ts";

const PLENTY_OF_PROJECTS = { plan: "CTO_SCALE" };

/** Writes projects and events to a real database, as commands do, and wakes whom it is told to wake. */
export class LogWriter {
  readonly #services: Services;

  constructor(database: Pick<Database, "prisma">, wakeups: Pick<Wakeups, "publish" | "publishAccess">) {
    this.#services = {
      prisma: database.prisma,
      clock: new TestClock(),
      ids: new SequentialIds(),
      wakeups,
      onAccessChanged: (userId) => wakeups.publishAccess(userId),
    };
  }

  /** Somebody who owns projects. */
  async owner(subject: string = crypto.randomUUID()): Promise<string> {
    const { prisma, clock, ids } = this.#services;
    await loadPlanTiers(prisma);
    const users = createUserDirectory({ prisma, clock, newId: () => ids.next() });
    const id = await users.idOf({ issuer: "test", subject, displayName: null });
    await prisma.user.update({ where: { id }, data: PLENTY_OF_PROJECTS });
    return id;
  }

  /** A project whose log holds one event. */
  async project(ownerId: string): Promise<string> {
    const { id } = await createProject(this.#services, this.#caller(ownerId), { name: "Ledger" });
    return id;
  }

  /** Appends that many events in one commit and publishes the wake-up. */
  async append(projectId: string, count = 1, subject: EventSubject = "STAGE"): Promise<Wakeup> {
    const wakeup = await this.appendQuietly(projectId, count, subject);
    this.#services.wakeups.publish(wakeup);
    return wakeup;
  }

  /** The same, but the wake-up is only returned. */
  async appendQuietly(projectId: string, count = 1, subject: EventSubject = "STAGE"): Promise<Wakeup> {
    const { prisma, clock, ids } = this.#services;
    const event = { subject, subjectId: projectId, type: "project_updated" };
    return prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM project WHERE id = ${projectId}::uuid FOR UPDATE`;
        const { eventSequence, eventHash, ownerId } = await tx.project.findUniqueOrThrow({
          where: { id: projectId },
        });
        const head = { projectId, sequence: eventSequence, hash: eventHash };
        const at = clock.now();
        const events = chainEvents(head, Array(count).fill(event), { ...this.#caller(ownerId), at }, () =>
          ids.next(),
        );
        await settle(tx, { log: { head, events, changes: {}, bumpsVersion: false, at }, key: null });
        const { sequence } = events[events.length - 1] ?? head;
        return { projectId, sequence };
      },
      { maxWait: 20_000, timeout: 20_000 },
    );
  }

  #caller(userId: string): Caller {
    return { userId, actor: "FOUNDER", correlationId: this.#services.ids.next(), idempotencyKey: null };
  }
}

/** One database for all tests of a file: each makes projects of its own. Call it outside the tests. */
export function useDatabase(create: () => Promise<Database> = createTestDatabase): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await create();
  });
  afterAll(() => database?.close());
  return () => {
    if (!database) throw new Error("The database is there from the file's first test on.");
    return database;
  };
}

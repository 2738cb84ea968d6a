import { createUserDirectory } from "../../../src/auth/users.ts";
import type { Database } from "../../../src/db/database.ts";
import type { DiscussionInput } from "../../../src/domain/discussion/inputs.ts";
import type { DiscussionTask } from "../../../src/domain/discussion/task.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import type { Caller } from "../../../src/services/command/command.ts";
import { WITH_ROUNDS } from "../../../src/services/discussion/discussion.ts";
import { runDiscussionTask } from "../../../src/services/discussion/run-task.ts";
import { startDiscussion } from "../../../src/services/discussion/start-discussion.ts";
import type { ModelServices } from "../../../src/services/services.ts";
import { createProject } from "../../../src/services/stage/create-project.ts";
import { TestClock } from "../../support/clock.ts";
import { HandTimer } from "../../support/hand-timer.ts";
import { SequentialIds } from "../../support/ids.ts";
import type { TalkRunner } from "../../support/talk-runner.ts";

/** Discussions without a server and a queue: the test runs the jobs. */
export class Backstage {
  readonly #database: Database;
  readonly #userId: string;
  readonly ids = new SequentialIds();
  readonly clock = new TestClock();
  readonly timer = new HandTimer();

  private constructor(database: Database, userId: string) {
    this.#database = database;
    this.#userId = userId;
  }

  static async open(database: Database): Promise<Backstage> {
    const ids = new SequentialIds();
    await loadPlanTiers(database.prisma);
    const users = createUserDirectory({
      prisma: database.prisma,
      clock: new TestClock(),
      newId: () => ids.next(),
    });
    const userId = await users.idOf({ issuer: "test", subject: "ada", displayName: null });
    await database.prisma.user.update({ where: { id: userId }, data: { plan: "CTO_SCALE" } });
    return new Backstage(database, userId);
  }

  get prisma() {
    return this.#database.prisma;
  }

  caller(): Caller {
    return { userId: this.#userId, actor: "FOUNDER", correlationId: this.ids.next(), idempotencyKey: null };
  }

  /** A discussion whose first round nobody has begun to hold. */
  async start(runner: TalkRunner, input: Partial<DiscussionInput<"startDiscussion">> = {}) {
    const tasks: DiscussionTask[] = [];
    const services: ModelServices = {
      prisma: this.prisma,
      clock: this.clock,
      ids: this.ids,
      timer: this.timer,
      wakeups: { publish() {}, publishDiscussion() {} },
      runner,
      documentTimeoutMs: 60_000,
      jobs: {
        ready: async () => {},
        generateArtifacts: async () => {},
        discuss: async (_tx, task) => void tasks.push(task),
        committed: () => {},
      },
    };
    const { id: projectId } = await createProject(services, this.caller(), { name: "Ledger" });
    const asked = { projectId, question: "Do we build it?", type: "DISCUSS", ...input } as const;
    const { id } = await startDiscussion(services, this.caller(), asked);
    return { services, tasks, id, projectId, caller: () => this.caller() };
  }

  read(id: string) {
    return this.prisma.discussion.findUniqueOrThrow({
      where: { id },
      include: { ...WITH_ROUNDS, consensus: true },
    });
  }

  /** The types of a project's events about discussions, in order. */
  async events(projectId: string) {
    const rows = await this.prisma.event.findMany({
      where: { projectId, subject: "DISCUSSION" },
      orderBy: { sequence: "asc" },
    });
    return rows.map(({ type }) => type);
  }
}

export const unstopped = () => new AbortController().signal;

/** Runs every job that is there and that comes of it. */
export async function runAll({
  services,
  tasks,
}: {
  services: ModelServices;
  tasks: DiscussionTask[];
}): Promise<void> {
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    await runDiscussionTask(services, task, unstopped());
  }
}

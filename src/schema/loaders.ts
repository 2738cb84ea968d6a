import DataLoader from "dataloader";
import type { Role } from "../domain/account/permissions.ts";
import type { DrawnWorkstream } from "../domain/run/diagram.ts";
import type { WorkstreamStatus } from "../domain/run/state.ts";
import type { Journey } from "../domain/stage/journey.ts";
import type { SystemRisk } from "../domain/stage/system-risk.ts";
import type {
  AgentEscalation,
  Artifact,
  DecisionGate,
  Discussion,
  Message,
  PrismaClient,
  Round,
  Run,
  StageConfig,
  Workstream,
} from "../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../services/account/seen-by.ts";
import { readDependencies } from "../services/run/read-dependencies.ts";
import { type ErrorGroup, readErrorGroups } from "../services/run/read-error-groups.ts";
import { readRunGraphs, readWorkstreamCounts } from "../services/run/read-run.ts";
import { JOURNEY_RELATIONS, toJourney } from "../services/stage/journey.ts";
import { readSystemRisks } from "../services/stage/signals.ts";

type Loader<T> = DataLoader<string, T | null>;

/**
 * Reads that many objects of one operation need, one statement for all of them. They batch and do not cache:
 * a later field of the same mutation, or a later event of the same subscription, must see what is true then.
 */
export interface Loaders {
  readonly journeys: Loader<Journey>;
  readonly systemRisks: Loader<SystemRisk[]>;
  readonly gates: Loader<DecisionGate>;
  readonly stageConfigs: Loader<StageConfig>;
  readonly artifacts: Loader<Artifact>;
  readonly discussions: Loader<Discussion>;
  readonly rounds: Loader<Round>;
  readonly messages: Loader<Message>;
  /** All documents of a project, by the project's id. */
  readonly documents: Loader<Artifact[]>;
  readonly runs: Loader<Run>;
  readonly workstreams: Loader<Workstream>;
  /** What a workstream depends on, by the workstream's id. */
  readonly dependencies: Loader<Workstream[]>;
  readonly workstreamCounts: Loader<Map<WorkstreamStatus, number>>;
  readonly runGraphs: Loader<DrawnWorkstream[]>;
  readonly escalations: Loader<AgentEscalation>;
  /** How many questions wait for an answer of the viewer, by the viewer's id; nothing for anybody else's. */
  readonly pendingEscalationCounts: Loader<number>;
  readonly errorGroups: Loader<ErrorGroup[]>;
  /** The viewer's role, by the project's id. */
  readonly roles: Loader<Role>;
}

/** The loaders of one operation, scoped to its viewer: what belongs to someone else is not there. */
export function createLoaders(prisma: PrismaClient, viewer: Asker, now: () => Date): Loaders {
  const project = projectsSeenBy(viewer);
  return {
    journeys: batched(async (ids) => {
      const rows = await prisma.project.findMany({
        where: { id: { in: ids }, ...project },
        include: JOURNEY_RELATIONS,
      });
      return new Map(rows.map((row) => [row.id, toJourney(row)]));
    }),
    systemRisks: batched((ids) => readSystemRisks(prisma, viewer, ids, now())),
    gates: batched(async (ids) =>
      byId(await prisma.decisionGate.findMany({ where: { id: { in: ids }, project } })),
    ),
    stageConfigs: batched(async (ids) =>
      byId(await prisma.stageConfig.findMany({ where: { id: { in: ids }, project } })),
    ),
    artifacts: batched(async (ids) =>
      byId(await prisma.artifact.findMany({ where: { id: { in: ids }, project } })),
    ),
    discussions: batched(async (ids) =>
      byId(await prisma.discussion.findMany({ where: { id: { in: ids }, project } })),
    ),
    rounds: batched(async (ids) =>
      byId(await prisma.round.findMany({ where: { id: { in: ids }, discussion: { project } } })),
    ),
    messages: batched(async (ids) =>
      byId(
        await prisma.message.findMany({
          where: { id: { in: ids }, round: { discussion: { project } } },
        }),
      ),
    ),
    documents: batched(async (projectIds) =>
      Map.groupBy(
        await prisma.artifact.findMany({ where: { projectId: { in: projectIds }, project } }),
        ({ projectId }) => projectId,
      ),
    ),
    runs: batched(async (ids) => byId(await prisma.run.findMany({ where: { id: { in: ids }, project } }))),
    workstreams: batched(async (ids) =>
      byId(await prisma.workstream.findMany({ where: { id: { in: ids }, run: { project } } })),
    ),
    dependencies: batched((ids) => readDependencies(prisma, viewer, ids)),
    workstreamCounts: batched((ids) => readWorkstreamCounts(prisma, viewer, ids)),
    runGraphs: batched((ids) => readRunGraphs(prisma, viewer, ids)),
    pendingEscalationCounts: batched(async (userIds) => {
      if (!userIds.includes(viewer.userId)) return new Map();
      const count = await prisma.agentEscalation.count({ where: { project, status: "PENDING" } });
      return new Map([[viewer.userId, count]]);
    }),
    roles: batched(async (projectIds) => {
      const rows = await prisma.projectMember.findMany({
        where: { projectId: { in: projectIds }, userId: viewer.userId },
        select: { projectId: true, role: true },
      });
      return new Map(rows.map(({ projectId, role }) => [projectId, role as Role]));
    }),
    errorGroups: batched((ids) => readErrorGroups(prisma, viewer, ids)),
    escalations: batched(async (ids) =>
      byId(await prisma.agentEscalation.findMany({ where: { id: { in: ids }, project } })),
    ),
  };
}

function batched<T>(read: (ids: string[]) => Promise<Map<string, T>>): Loader<T> {
  return new DataLoader(
    async (ids) => {
      const found = await read([...new Set(ids)]);
      return ids.map((id) => found.get(id) ?? null);
    },
    { cache: false },
  );
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

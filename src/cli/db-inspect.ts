import { loadConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { RUN_STATES, WORKSTREAM_STATES } from "../domain/run/state.ts";
import { askServer, openForCommand } from "./open-for-command.ts";
import { refuseOutdated } from "./refuse-outdated.ts";
import { schemaVersion } from "./schema-version.ts";
import { countTable, sum } from "./table.ts";

type Counts = Readonly<Record<string, number>>;

interface Inspection {
  readonly database: string;
  readonly engine: Database["engine"];
  readonly schemaVersion: string;
  readonly sizeBytes: number;
  readonly projects: number;
  readonly runs: { readonly total: number; readonly byStatus: Counts };
  readonly workstreams: { readonly total: number; readonly byStatus: Counts };
  readonly stepAttempts: number;
  /** How many kinds of errors there are, and how often they happened. */
  readonly errors: { readonly kinds: number; readonly occurrences: number };
  readonly events: { readonly total: number; readonly byType: Counts };
}

/** gatehouse db-inspect: counts what the database holds. */
export async function inspectDatabase({ json = false }: { readonly json?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const query =
    "{ viewer { projects { nodes { name runs { nodes { title status workstreamCounts { status count } } } } } } }";
  const database = await openForCommand(config, {
    command: "db-inspect",
    make: false,
    instead: askServer(config, query),
  });
  let inspection: Inspection;
  try {
    await refuseOutdated(database);
    inspection = await inspect(database);
  } finally {
    await database.close();
  }
  console.log(json ? JSON.stringify(inspection, null, 2) : describe(inspection));
}

/** As of one moment: a server may be writing. */
async function inspect(database: Database): Promise<Inspection> {
  const { prisma, location, engine } = database;
  const version = await schemaVersion(database);
  const [size, projects, runs, workstreams, stepAttempts, errors, events] = await prisma.$transaction(
    [
      prisma.$queryRaw<{ bytes: bigint }[]>`SELECT pg_database_size(current_database()) AS bytes`,
      prisma.project.count(),
      prisma.run.groupBy({ by: "status", _count: { _all: true }, orderBy: { status: "asc" } }),
      prisma.workstream.groupBy({ by: "status", _count: { _all: true }, orderBy: { status: "asc" } }),
      prisma.stepAttempt.count(),
      prisma.runError.aggregate({ _count: { _all: true }, _sum: { count: true } }),
      prisma.event.groupBy({ by: "type", _count: { _all: true }, orderBy: { type: "asc" } }),
    ],
    { isolationLevel: "RepeatableRead" },
  );
  const runsByStatus = byStatus(RUN_STATES, runs);
  const workstreamsByStatus = byStatus(WORKSTREAM_STATES, workstreams);
  const byType = Object.fromEntries(events.map(({ type, _count }) => [type, countOf(_count)]));
  return {
    database: location,
    engine,
    schemaVersion: version,
    sizeBytes: Number(size[0]?.bytes ?? 0),
    projects,
    runs: { total: sum(runsByStatus), byStatus: runsByStatus },
    workstreams: { total: sum(workstreamsByStatus), byStatus: workstreamsByStatus },
    stepAttempts,
    errors: { kinds: errors._count._all, occurrences: errors._sum.count ?? 0 },
    events: { total: sum(byType), byType },
  };
}

interface Group {
  readonly status: string;
  readonly _count: unknown;
}

/** Every state in the machine's order, those that nothing is in too. */
function byStatus(states: readonly { readonly name: string }[], groups: readonly Group[]): Counts {
  const counts = new Map(groups.map(({ status, _count }) => [status, countOf(_count)]));
  return Object.fromEntries(states.map(({ name }) => [name, counts.get(name) ?? 0]));
}

/** In a batch Prisma's types lose which counts were asked for. */
function countOf(count: unknown): number {
  return (count as { readonly _all: number })._all;
}

function describe(inspection: Inspection): string {
  const { database, engine, sizeBytes, projects, runs, workstreams, stepAttempts, errors, events } =
    inspection;
  return [
    `Database        ${database}${engine === "pglite" ? " (embedded)" : ""}`,
    `Schema version  ${inspection.schemaVersion}`,
    `Size            ${(sizeBytes / 1e6).toFixed(1)} MB`,
    `Projects        ${projects}`,
    "",
    countTable("Runs", runs.byStatus),
    "",
    countTable("Workstreams", workstreams.byStatus),
    "",
    `Step attempts   ${stepAttempts}`,
    `Errors          ${errors.occurrences} of ${errors.kinds} kinds`,
    "",
    countTable("Events", events.byType),
  ].join("\n");
}

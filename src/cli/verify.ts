import { loadConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { escapeUnseen, plainLine } from "../domain/plain-line.ts";
import { encodeId, parseId } from "../schema/ids.ts";
import { verifyTimeline } from "../services/event/verify-timeline.ts";
import { askServer, openForCommand } from "./open-for-command.ts";
import { refuseOutdated } from "./refuse-outdated.ts";
import { UsageError } from "./usage-error.ts";

interface Fault {
  readonly project: string;
  readonly name: string;
  readonly sequence: number;
  readonly event: string | null;
  readonly problem: string;
}

/** gatehouse verify: walks the log of every project, or of one, and names the first event that does not fit. */
export async function verify(
  project: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const only = project === undefined ? undefined : projectUuid(project);
  const config = loadConfig(process.env);
  const query = `{ verifyTimeline(projectId: "${project ?? "project_…"}") { ok checked fault { problem } } }`;
  const database = await openForCommand(config, {
    command: "verify",
    make: false,
    instead: askServer(config, query),
  });
  try {
    await refuseOutdated(database);
    const { logs, faults } = await walkLogs(database, only);
    if (only !== undefined && logs === 0)
      throw new Error(`There is no project ${project} in ${database.location}.`);
    if (json)
      console.log(escapeUnseen(JSON.stringify({ logs, whole: logs - faults.length, faults }, null, 2)));
    else report(logs, faults);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

async function walkLogs({ prisma }: Database, only: string | undefined) {
  const projects = await prisma.project.findMany({
    where: only === undefined ? {} : { id: only },
    select: { id: true, name: true },
    orderBy: { id: "asc" },
  });
  const faults: Fault[] = [];
  for (const { id, name } of projects) {
    const fault = (await verifyTimeline(prisma, id))?.fault;
    if (!fault) continue;
    const { sequence, eventId, problem } = fault;
    const event = eventId ? encodeId("event", eventId) : null;
    faults.push({ project: encodeId("project", id), name, sequence, event, problem });
  }
  return { logs: projects.length, faults };
}

function report(logs: number, faults: readonly Fault[]): void {
  for (const { project, name, sequence, event, problem } of faults) {
    console.error(
      `${project} (${plainLine(name)}): sequence ${sequence}${event ? `, ${event}` : ""}: ${problem}`,
    );
  }
  console.log(`${logs - faults.length} of ${logs} logs are whole`);
}

function projectUuid(id: string): string {
  const parsed = parseId(id);
  if (parsed?.prefix === "project") return parsed.uuid;
  throw new UsageError(`"${id}" is not the id of a project: project_…`);
}

import { loadConfig } from "../config.ts";
import { openDatabase } from "../db/database.ts";
import { encodeId } from "../schema/ids.ts";
import { verifyTimeline } from "../services/event/verify-timeline.ts";
import { run } from "./run.ts";

/** npm run verify: walks the log of every project and names the first event that does not fit. */
await run(async () => {
  const database = await openDatabase(loadConfig(process.env));
  try {
    const projects = await database.prisma.project.findMany({
      select: { id: true, name: true },
      orderBy: { id: "asc" },
    });
    let broken = 0;
    for (const { id, name } of projects) {
      const report = await verifyTimeline(database.prisma, id);
      const fault = report?.fault;
      if (!fault) continue;
      broken += 1;
      const event = fault.eventId ? `, ${encodeId("event", fault.eventId)}` : "";
      console.error(
        `${encodeId("project", id)} (${name}): sequence ${fault.sequence}${event}: ${fault.problem}`,
      );
    }
    console.log(`${projects.length - broken} of ${projects.length} logs are whole`);
    if (broken > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
});

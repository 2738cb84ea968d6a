/** Makes the demo project in the database named by the first argument and stands still after as many events as the second says. */
import { v7 } from "uuid";
import { createUserDirectory } from "../../../src/auth/users.ts";
import { systemClock as clock } from "../../../src/clock.ts";
import { openDatabase } from "../../../src/db/database.ts";
import { DEVELOPER } from "../../../src/domain/account/identity.ts";
import { createLocalWakeups } from "../../../src/events/local-wakeups.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import { loadDemoProject } from "../../../src/services/demo/demo-project.ts";

const [embeddedPath = "", events = "1"] = process.argv.slice(2);
const { prisma } = await openDatabase({ embeddedPath });
await loadPlanTiers(prisma);
const ids = { next: () => v7() };
const users = createUserDirectory({ prisma, clock, newId: ids.next });
let appended = 0;
const onAppended = (more: readonly unknown[]) => {
  appended += more.length;
  if (appended < Number(events)) return;
  console.log("cut");
  // Holds the only thread, so that the end comes here and nowhere later.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
await loadDemoProject(
  { prisma, clock, ids, wakeups: createLocalWakeups(), onAppended },
  await users.idOf(DEVELOPER),
);

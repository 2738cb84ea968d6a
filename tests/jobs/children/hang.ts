import { openDatabase } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { handleJob } from "../../../src/jobs/job-handler.ts";
import { createJobQueue } from "../../../src/jobs/job-queue.ts";
import { hanging, QUICK, recordLog } from "../support.ts";

// Arguments: the embedded directory, or a server's URL. Enqueues a job, tells when it runs, and never ends it.
const [place = ""] = process.argv.slice(2);
const database = await openDatabase(
  place.startsWith("postgres") ? { databaseUrl: place, embeddedPath: "" } : { embeddedPath: place },
);
await migrate(database);
const queue = createJobQueue({ database, log: recordLog().log, onFinished: () => {}, cadence: QUICK });
const hang = handleJob(hanging, ({ data, attempt }) => {
  process.stdout.write(`running ${data.n}, attempt ${attempt}\n`);
  return new Promise(() => {});
});
await queue.start([hang]);
await queue.enqueue(hanging, { n: 7 });

// Reads over HTTP: the nested page of 20 projects, and one project with its stages. Measured: requests per second and
// response times (autocannon in this process, the real server in another) at 1 and 16 connections; the answer's size;
// the SQL statements of one operation. Each answer must be, byte for byte, the one that a server in this process gave.
// Not measured: anything cached, tokens (the server runs with the development user), a network.
import autocannon from "autocannon";
import { makePlace } from "./support/place.ts";
import { type ReadOperation, readOperations, seedPortfolio } from "./support/portfolio.ts";
import { rehearse } from "./support/rehearse.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { percentile } from "./support/statistics.ts";

const CONNECTIONS = [1, 16];
const WARM_UP_SECONDS = 2;
const SECONDS = 5;

await runBench("Reads over HTTP", async (scope) => {
  const place = await makePlace(scope);
  const projectIds = await seedPortfolio(place);
  const operations = readOperations(projectIds);
  const rehearsals = await rehearse(place, operations);
  for (const { operation, statements } of rehearsals) {
    const small = rehearsals.find(({ operation: other }) => other.name === operation.sameStatementsAs);
    const problem = `${operation.name} takes ${statements} statements, ${small?.operation.name} ${small?.statements}`;
    check(!small || small.statements === statements, problem);
  }

  const server = await startServer(scope, place);
  const rows = [];
  for (const { operation, statements, answer } of rehearsals) {
    if (!operation.measured) continue;
    for (const connections of CONNECTIONS) {
      await load(server.url, operation, answer, connections, WARM_UP_SECONDS);
      const { times, seconds } = await load(server.url, operation, answer, connections, SECONDS);
      rows.push([
        operation.name,
        connections,
        times.length,
        times.length / seconds,
        ...[50, 95, 99].map((percent) => percentile(times, percent)),
        Buffer.byteLength(answer) / 1000,
        statements,
      ]);
    }
  }
  await server.stop();

  printTable(["read", "connections", "n", "per s", "p50 ms", "p95 ms", "p99 ms", "KB", "statements"], rows);
  const database = await place.open();
  scope.defer(() => database.close());
  await printSetting(database);
});

async function load(
  url: string,
  { query, variables }: ReadOperation,
  expectBody: string,
  connections: number,
  duration: number,
): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  const run = autocannon({
    url: `${url}/graphql`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
    connections,
    duration,
    expectBody,
  });
  run.on("response", (_client, _status, _bytes, ms) => times.push(ms));
  const { duration: seconds, errors, timeouts, non2xx, mismatches } = await run;
  const bad = { errors, timeouts, non2xx, mismatches };
  check(
    Object.values(bad).every((count) => count === 0) && times.length > 0,
    `Bad answers: ${JSON.stringify(bad)}`,
  );
  return { times, seconds };
}

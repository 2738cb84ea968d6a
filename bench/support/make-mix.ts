import type { Database } from "../../src/db/database.ts";
import { makeFounder } from "./founder.ts";
import { makeOldMovingProjects } from "./mixed-workloads.ts";
import type { MovingProject } from "./moves.ts";
import { makePlace, type Place } from "./place.ts";
import { check, type Scope } from "./run-bench.ts";
import { seedBySql } from "./seed-by-sql.ts";

/** The founder's plan has room for 1,000, those that are moved included. */
const PROJECTS = 900;

/** A place for mixed workloads: projects to read, that many to move, and the newest one of all. */
export interface MixPlace {
  readonly place: Place;
  readonly database: Database;
  readonly moving: readonly MovingProject[];
  readonly projectId: string;
}

/** Makes and fills one on a PostgreSQL server; its database is closed at the end. */
export async function makeMix(scope: Scope, movingCount: number): Promise<MixPlace> {
  const place = await makePlace(scope);
  const databaseUrl = place.settings.DATABASE_URL;
  check(databaseUrl !== undefined, "The seed needs a PostgreSQL server: set BENCH_DATABASE_URL.");
  const database = await place.open();
  scope.defer(() => database.close());
  const founder = await makeFounder(database);
  const moving = await makeOldMovingProjects(founder, movingCount);
  const size = { projects: PROJECTS, talking: 200, eventsPerProject: 20 };
  const [projectId = ""] = await seedBySql(databaseUrl, founder.userId, size);
  return { place, database, moving, projectId };
}

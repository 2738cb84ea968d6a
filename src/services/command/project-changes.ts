import type { JsonValue } from "../../domain/event/event.ts";
import { Prisma } from "../../generated/prisma/client.ts";

/** What commands change in a project's own row. What is left out, or undefined, stays. */
export interface ProjectChanges {
  readonly ownerId?: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: string;
  readonly stageNumber?: number;
  readonly stageEnteredAt?: Date;
  readonly progressPercent?: number;
  readonly archivedAt?: Date;
  readonly riskDismissals?: JsonValue;
  readonly models?: JsonValue;
  readonly settings?: JsonValue;
}

const json = (value: unknown) => JSON.stringify(value);

const ASSIGNMENTS: Readonly<{
  [Field in keyof ProjectChanges]-?: (value: NonNullable<ProjectChanges[Field]>) => Prisma.Sql;
}> = {
  ownerId: (value) => Prisma.sql`owner_id = ${value}::uuid`,
  name: (value) => Prisma.sql`name = ${value}`,
  description: (value) => Prisma.sql`description = ${value}`,
  status: (value) => Prisma.sql`status = ${value}`,
  stageNumber: (value) => Prisma.sql`stage_number = ${value}`,
  stageEnteredAt: (value) => Prisma.sql`stage_entered_at = ${value}`,
  progressPercent: (value) => Prisma.sql`progress_percent = ${value}`,
  archivedAt: (value) => Prisma.sql`archived_at = ${value}`,
  riskDismissals: (value) => Prisma.sql`risk_dismissals = ${json(value)}::jsonb`,
  models: (value) => Prisma.sql`models = ${json(value)}::jsonb`,
  settings: (value) => Prisma.sql`settings = ${json(value)}::jsonb`,
};

/** The changes as an UPDATE sets them. */
export function assignmentsOf(changes: ProjectChanges): Prisma.Sql[] {
  const assignment = ASSIGNMENTS as Readonly<Record<string, (value: unknown) => Prisma.Sql>>;
  return Object.entries(changes).flatMap(([field, value]) =>
    value === undefined ? [] : [assignment[field]?.(value) ?? unknownField(field)],
  );
}

function unknownField(field: string): never {
  throw new Error(`No command changes a project's ${field}`);
}

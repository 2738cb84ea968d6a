import pg from "pg";

export interface SeedSize {
  /** How many projects there are; the viewer owns 1,000 of them at most, every n-th, the newest one included. */
  readonly projects: number;
  /** How many of the newest projects have discussions; of the others every tenth has. */
  readonly talking: number;
  readonly eventsPerProject: number;
}

/** The most projects that a plan lets anybody own. */
const PER_OWNER = 1_000;
/** Made without their secondary indexes, which are quicker built at the end than row by row. */
const BULK_TABLES = ["event", "project", "project_member", "stage_config", "decision_gate", "message"];

/**
 * Fills a migrated database on a PostgreSQL server by SQL alone, a million rows in some ten seconds, with
 * rows that are the same every time. The events' hashes are no chain: nothing here reads them.
 *
 * @param databaseUrl of a superuser: foreign keys are not checked meanwhile
 * @returns the ids of the viewer's projects, newest first
 */
export async function seedBySql(databaseUrl: string, viewerId: string, size: SeedSize): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("SET synchronous_commit = off");
    await client.query("SET maintenance_work_mem = '256MB'");
    await client.query(ID_FUNCTION);
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(SECONDARY_INDEXES, [
      BULK_TABLES,
    ]);
    for (const { name } of indexes) await client.query(`DROP INDEX "${name}"`);
    const owners = Math.ceil(size.projects / PER_OWNER);
    await client.query(OWNERS, [owners]);
    await client.query(PROJECTS, [size.projects, owners, viewerId, size.eventsPerProject]);
    await client.query(MEMBERS);
    await client.query(STAGES, [size.projects]);
    await client.query(GATES, [size.projects]);
    await client.query(EVENTS, [size.projects, size.eventsPerProject]);
    await client.query(DISCUSSIONS, [size.projects, size.talking]);
    await client.query(ROUNDS);
    await client.query(MESSAGES);
    for (const { definition } of indexes) await client.query(definition);
    await client.query("VACUUM (ANALYZE)");
    const { rows } = await client.query<{ id: string }>(
      "SELECT id FROM project WHERE owner_id = $1 ORDER BY id DESC",
      [viewerId],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/** An id that says what it is of and grows with the number, as UUIDv7s grow with time. */
const ID_FUNCTION = `
  CREATE FUNCTION pg_temp.id(kind int, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0190' || lpad(to_hex(kind), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid
  $$`;

const SECONDARY_INDEXES = `
  SELECT indexname AS name, indexdef AS definition FROM pg_indexes
  WHERE schemaname = 'public' AND tablename = ANY ($1)
    AND indexname NOT IN (SELECT conname FROM pg_constraint)`;

const OWNERS = `
  INSERT INTO user_account (id, issuer, subject, plan, created_at, updated_at)
  SELECT pg_temp.id(1, n), 'seed', 'owner ' || n, 'CTO_SCALE', now(), now() FROM generate_series(1, $1 - 1) AS n`;

/** A minute lies between a project and the next; the newest one is of today. */
const PROJECTS = `
  INSERT INTO project (id, owner_id, name, description, stage_number, stage_entered_at, progress_percent,
                       event_sequence, event_hash, created_at, updated_at)
  SELECT pg_temp.id(2, n), CASE n % $2 WHEN 0 THEN $3::uuid ELSE pg_temp.id(1, n % $2) END, 'Product ' || n,
         'What number ' || n || ' is, for whom it is and why they would want it.', 2, made, n % 101, $4,
         repeat('0', 64), made, made
  FROM generate_series(1, $1::int) AS n, LATERAL (SELECT now() - ($1::int - n) * interval '1 minute' AS made) AS at`;

/** Every project has its owner for a member; those that were there before have theirs. */
const MEMBERS = `
  INSERT INTO project_member (project_id, user_id, role, since_sequence, created_at, updated_at)
  SELECT id, owner_id, 'OWNER', 1, created_at, updated_at FROM project ON CONFLICT DO NOTHING`;

const STAGES = `
  INSERT INTO stage_config (id, project_id, stage_number, milestones, exit_criteria, created_at, updated_at)
  SELECT pg_temp.id(3, n * 5 + stage), pg_temp.id(2, n), stage,
         jsonb_build_object(
           'chosen', jsonb_build_object('title', 'Chosen', 'weight', 40, 'completed', stage < 2, 'template', true,
                                        'position', 0, 'completedAt', CASE WHEN stage < 2 THEN '2026-01-05T08:00:00.000Z' END),
           'gate_proceed', jsonb_build_object('title', 'Gate passed', 'weight', 60, 'completed', false,
                                              'template', true, 'position', 1, 'completedAt', NULL)),
         '["People pay for it"]', now(), now()
  FROM generate_series(1, $1::int) AS n, generate_series(1, 5) AS stage`;

const GATES = `
  INSERT INTO decision_gate (id, project_id, stage_number, gate_type, status, decision, decided_by, decided_at,
                             reason, created_at)
  SELECT pg_temp.id(4, n * 3 + gate), pg_temp.id(2, n), gate, 'stage_advance',
         CASE WHEN gate < 2 THEN 'DECIDED' ELSE 'PENDING' END, CASE WHEN gate < 2 THEN 'PROCEED' END,
         CASE WHEN gate < 2 THEN 'FOUNDER' END, CASE WHEN gate < 2 THEN now() END,
         CASE WHEN gate < 2 THEN 'It holds.' END, now()
  FROM generate_series(1, $1::int) AS n, generate_series(0, 2) AS gate`;

const EVENTS = `
  INSERT INTO event (id, project_id, sequence, correlation_id, subject, subject_id, type, actor, reason, detail,
                     hash, created_at)
  SELECT pg_temp.id(5, n * $2::int + sequence), pg_temp.id(2, n), sequence, pg_temp.id(6, n * $2::int + sequence),
         CASE WHEN sequence % 4 = 0 THEN 'GATE' ELSE 'STAGE' END,
         CASE WHEN sequence % 4 = 0 THEN pg_temp.id(4, n * 3) ELSE pg_temp.id(2, n) END,
         CASE WHEN sequence % 4 = 0 THEN 'gate_opened' ELSE 'project_updated' END, 'FOUNDER', NULL,
         jsonb_build_object('draft', sequence), repeat('0', 64),
         now() - ($1::int - n) * interval '1 minute'
  FROM generate_series(1, $1::int) AS n, generate_series(1, $2::int) AS sequence`;

const DISCUSSIONS = `
  INSERT INTO discussion (id, project_id, question, type, models, planned_rounds, consensus_threshold,
                          correlation_id, created_at, updated_at)
  SELECT pg_temp.id(7, n * 3 + number), pg_temp.id(2, n), 'What do we build first, and for whom? Question ' || number,
         'DISCUSS', '["claude", "gpt", "gemini", "grok"]', 2, 0.8, pg_temp.id(6, n), now(), now()
  FROM generate_series(1, $1::int) AS n, generate_series(0, 2) AS number WHERE n > $1 - $2::int OR n % 10 = 0`;

const ROUNDS = `
  INSERT INTO round (id, discussion_id, round_number, type, status, is_planned, started_at, ended_at)
  SELECT ('01900008' || substr(id::text, 9, 16) || lpad(number::text, 1) || substr(id::text, 26))::uuid, id, number,
         CASE number WHEN 1 THEN 'PARALLEL' ELSE 'SEQUENTIAL' END, 'COMPLETED', true, now(), now()
  FROM discussion, generate_series(1, 2) AS number`;

const MESSAGES = `
  INSERT INTO message (id, round_id, kind, model, status, position, content, attempt, "timestamp")
  SELECT ('01900009' || substr(round.id::text, 9, 17) || position || substr(round.id::text, 27))::uuid, round.id, 'ANSWER',
         ('[0:3]={claude,gpt,gemini,grok}'::text[])[position], 'COMPLETED', position,
         'Point ' || position || ': ' || repeat('what people do today costs them an hour a day. ', 4), 1, now()
  FROM round, generate_series(0, 3) AS position`;

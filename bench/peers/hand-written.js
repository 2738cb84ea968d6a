// The limit: each read is one prepared statement whose JSON PostgreSQL makes itself, behind nothing but node:http. No
// GraphQL, no authorisation, no log. Arguments and output as of the other peer; the path names the read.
import { createServer } from "node:http";
import pg from "pg";

const [connectionString, poolSize] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: Number(poolSize) });

/** JSON writes times as ISO 8601 by itself; to_char takes ten times as long, which was most of the nested read. */
const TIME = (column) => column;
const LIST = (row, from) => `(SELECT coalesce(json_agg(${row}), '[]') FROM ${from})`;

const STAGES = LIST(
  `json_build_object('id', s.id, 'stageNumber', s.stage_number, 'version', s.version, 'updatedAt', ${TIME("s.updated_at")})`,
  "(SELECT * FROM stage_config WHERE project_id = p.id ORDER BY stage_number) s",
);
const MESSAGES = LIST(
  `json_build_object('id', m.id, 'kind', m.kind, 'model', m.model, 'status', m.status, 'content', m.content,
                     'timestamp', ${TIME('m."timestamp"')})`,
  "(SELECT * FROM message WHERE round_id = r.id ORDER BY position) m",
);
const ROUNDS = LIST(
  `json_build_object('id', r.id, 'roundNumber', r.round_number, 'status', r.status,
                     'startedAt', ${TIME("r.started_at")}, 'messages', ${MESSAGES})`,
  "(SELECT * FROM round WHERE discussion_id = d.id ORDER BY round_number) r",
);
const DISCUSSIONS = `(
  SELECT json_build_object(
    'pageInfo', json_build_object('hasNextPage', count(*) > 5),
    'nodes', coalesce(json_agg(json_build_object(
      'id', d.id, 'question', d.question, 'status', d.status, 'createdAt', ${TIME("d.created_at")},
      'rounds', ${ROUNDS}) ORDER BY d.id DESC) FILTER (WHERE place <= 5), '[]'))
  FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS place FROM discussion
        WHERE project_id = p.id ORDER BY id DESC LIMIT 6) d)`;
const GATES = `json_build_object(
  'totalCount', (SELECT count(*) FROM decision_gate WHERE project_id = p.id),
  'nodes', ${LIST(
    `json_build_object('id', g.id, 'gateType', g.gate_type, 'status', g.status, 'decidedAt', ${TIME("g.decided_at")})`,
    "(SELECT * FROM decision_gate WHERE project_id = p.id ORDER BY id LIMIT 10) g",
  )})`;
const EVENTS = `json_build_object('nodes', (
  SELECT coalesce(json_agg(json_build_object(
    'id', e.id, 'sequence', e.sequence, 'type', e.type, 'createdAt', ${TIME("e.created_at")}) ORDER BY e.sequence), '[]')
  FROM (SELECT * FROM event WHERE project_id = p.id ORDER BY sequence DESC LIMIT 10) e))`;

/** A page of projects, one more being read to know whether there is a next page. */
const projects = (node, further = "") => `
  SELECT json_build_object('data', json_build_object('projects', json_build_object(${further}
    'pageInfo', json_build_object(
      'hasNextPage', count(*) > $1,
      'endCursor', encode((min(p.id::text) FILTER (WHERE place <= $1))::bytea, 'base64')),
    'nodes', coalesce(json_agg(${node} ORDER BY p.id DESC) FILTER (WHERE place <= $1), '[]'))))::text AS answer
  FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS place FROM project
        WHERE archived_at IS NULL ORDER BY id DESC LIMIT $1::int + 1) p`;

const READS = {
  "/nested": {
    values: ({ first }) => [first],
    text: projects(`json_build_object(
      'id', p.id, 'name', p.name, 'status', p.status, 'stageNumber', p.stage_number,
      'progressPercent', p.progress_percent, 'createdAt', ${TIME("p.created_at")},
      'stages', ${STAGES}, 'discussions', ${DISCUSSIONS})`),
  },
  "/small": {
    values: ({ id }) => [id],
    text: `
      SELECT json_build_object('data', json_build_object('project', json_build_object(
        'id', p.id, 'name', p.name, 'description', p.description, 'status', p.status,
        'stageNumber', p.stage_number, 'progressPercent', p.progress_percent, 'stages', ${STAGES})))::text AS answer
      FROM project p WHERE id = $1`,
  },
  "/counts": {
    values: ({ first }) => [first],
    text: projects(
      `json_build_object('id', p.id, 'name', p.name, 'gates', ${GATES}, 'events', ${EVENTS})`,
      "'totalCount', (SELECT count(*) FROM project WHERE archived_at IS NULL),",
    ),
  },
};

const server = createServer((req, res) => {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", async () => {
    const { text, values } = READS[req.url];
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    const { rows } = await pool.query({ name: req.url, text, values: values(variables) });
    const body = Buffer.from(rows[0].answer);
    res.writeHead(200, { "content-type": "application/json", "content-length": body.byteLength });
    res.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.once("disconnect", () => process.exit(0));

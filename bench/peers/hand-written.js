// The limit: each read is one prepared statement whose JSON PostgreSQL makes itself, behind nothing but node:http. No
// GraphQL, no authorisation, no log. Arguments and output as of the other peer; the path names the read.
//
// Lists are joined laterally and the outermost objects put together here: each level at which PostgreSQL puts an object together
// copies all that is in it.
import { createServer } from "node:http";
import pg from "pg";

const [connectionString, poolSize] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: Number(poolSize) });
/** JSON as it comes. */
const AS_TEXT = { getTypeParser: () => (text) => text };

/** Rows as a JSON list. JSON writes times as ISO 8601 by itself, in a tenth of the time that to_char takes. */
const LIST = (row, from) => `(SELECT coalesce(json_agg(${row}), '[]') AS list FROM ${from})`;
/** Whether there are more than so many: one more is looked for, and nothing of it read. */
const MORE = (than, from) => `(SELECT count(*) > ${than} FROM (SELECT FROM ${from} LIMIT ${than} + 1) more)`;

const STAGES = LIST(
  "json_build_object('id', s.id, 'stageNumber', s.stage_number, 'version', s.version, 'updatedAt', s.updated_at)",
  "(SELECT * FROM stage_config WHERE project_id = p.id ORDER BY stage_number) s",
);
const MESSAGES = LIST(
  `json_build_object('id', m.id, 'kind', m.kind, 'model', m.model, 'status', m.status, 'content', m.content,
                     'timestamp', m."timestamp")`,
  "(SELECT * FROM message WHERE round_id = r.id ORDER BY position) m",
);
const ROUNDS = LIST(
  `json_build_object('id', r.id, 'roundNumber', r.round_number, 'status', r.status, 'startedAt', r.started_at,
                     'messages', messages.list)`,
  `(SELECT * FROM round WHERE discussion_id = d.id ORDER BY round_number) r, LATERAL ${MESSAGES} messages`,
);
const DISCUSSIONS = LIST(
  `json_build_object('id', d.id, 'question', d.question, 'status', d.status, 'createdAt', d.created_at,
                     'rounds', rounds.list)`,
  `(SELECT * FROM discussion WHERE project_id = p.id ORDER BY id DESC LIMIT 5) d, LATERAL ${ROUNDS} rounds`,
);
const GATES = LIST(
  "json_build_object('id', g.id, 'gateType', g.gate_type, 'status', g.status, 'decidedAt', g.decided_at)",
  "(SELECT * FROM decision_gate WHERE project_id = p.id ORDER BY id LIMIT 10) g",
);
const EVENTS = LIST(
  "json_build_object('id', e.id, 'sequence', e.sequence, 'type', e.type, 'createdAt', e.created_at)",
  `(SELECT * FROM (SELECT * FROM event WHERE project_id = p.id ORDER BY sequence DESC LIMIT 10) newest
    ORDER BY sequence) e`,
);

const UNARCHIVED = "project WHERE archived_at IS NULL";
const PAGE = `(SELECT * FROM ${UNARCHIVED} ORDER BY id DESC LIMIT $1::int) p`;
const PAGE_INFO = `json_build_object(
  'hasNextPage', ${MORE("$1::int", UNARCHIVED)},
  'endCursor', encode((SELECT min(id::text) FROM ${PAGE})::bytea, 'base64'))`;

/** Each column is a field of the answer's outermost object. */
const READS = {
  "/nested": {
    field: "projects",
    values: ({ first }) => [first],
    text: `
      SELECT ${PAGE_INFO} AS "pageInfo", (
        SELECT coalesce(json_agg(json_build_object(
          'id', p.id, 'name', p.name, 'status', p.status, 'stageNumber', p.stage_number,
          'progressPercent', p.progress_percent, 'createdAt', p.created_at, 'stages', stages.list,
          'discussions', json_build_object(
            'pageInfo', json_build_object('hasNextPage', ${MORE("5", "discussion WHERE project_id = p.id")}),
            'nodes', discussions.list))), '[]')
        FROM ${PAGE}, LATERAL ${STAGES} stages, LATERAL ${DISCUSSIONS} discussions) AS "nodes"`,
  },
  "/small": {
    field: "project",
    values: ({ id }) => [id],
    text: `
      SELECT to_json(id) AS "id", to_json(name) AS "name", coalesce(to_json(description), 'null') AS "description",
             to_json(status) AS "status", stage_number AS "stageNumber", progress_percent AS "progressPercent",
             ${STAGES} AS "stages"
      FROM project p WHERE id = $1`,
  },
  "/counts": {
    field: "projects",
    values: ({ first }) => [first],
    text: `
      SELECT (SELECT count(*) FROM ${UNARCHIVED}) AS "totalCount", ${PAGE_INFO} AS "pageInfo", (
        SELECT coalesce(json_agg(json_build_object(
          'id', p.id, 'name', p.name,
          'gates', json_build_object(
            'totalCount', (SELECT count(*) FROM decision_gate WHERE project_id = p.id), 'nodes', gates.list),
          'events', json_build_object('nodes', events.list))), '[]')
        FROM ${PAGE}, LATERAL ${GATES} gates, LATERAL ${EVENTS} events) AS "nodes"`,
  },
};

const server = createServer((req, res) => {
  const chunks = [];
  req.on("data", (chunk) => chunks.push(chunk));
  req.on("end", async () => {
    const { field, text, values } = READS[req.url];
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    const { rows } = await pool.query({ name: req.url, text, values: values(variables), types: AS_TEXT });
    const fields = Object.entries(rows[0]).map(([name, json]) => `"${name}":${json}`);
    const body = Buffer.from(`{"data":{"${field}":{${fields.join(",")}}}}`);
    res.writeHead(200, { "content-type": "application/json", "content-length": body.byteLength });
    res.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.once("disconnect", () => process.exit(0));

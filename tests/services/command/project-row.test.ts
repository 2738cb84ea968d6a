import { expect, test } from "vitest";
import { JOURNEY_RELATIONS } from "../../../src/services/stage/journey.ts";
import { projectRow, toProjectRow } from "../../../src/services/stage/project-row.ts";
import { insertRow, VALID_ROWS } from "../../db/rows.ts";
import { LogWriter, useDatabase } from "../../events/support/project-log.ts";

const database = useDatabase();

test("a project that is read by hand is the one that Prisma reads", async () => {
  const { prisma } = database();
  const writer = new LogWriter(database(), { publish() {}, publishAccess() {} });
  const project_id = await writer.project(await writer.owner());
  const gate = { ...VALID_ROWS.decision_gate, project_id };
  const proceed = {
    status: "DECIDED",
    decision: "PROCEED",
    decided_by: "FOUNDER",
    decided_at: gate.created_at,
  };
  const gates = [
    {},
    proceed,
    { ...proceed, superseded_at: gate.created_at },
    { ...proceed, decision: "NARROW" },
    { status: "EXPIRED" },
  ];
  for (const about of gates) {
    await insertRow(database(), "decision_gate", { ...gate, ...about, id: crypto.randomUUID() });
  }
  const run_id = crypto.randomUUID();
  await insertRow(database(), "run", { ...VALID_ROWS.run, id: run_id, project_id });
  const workstream_id = crypto.randomUUID();
  await insertRow(database(), "workstream", { ...VALID_ROWS.workstream, id: workstream_id, run_id });
  const asked = { ...VALID_ROWS.agent_escalation, project_id, run_id, workstream_id };
  for (const problem of ["The first?", "The second?"]) {
    const id = crypto.randomUUID();
    const question = { id, error_signature: `p:e:${id}`, plain_english_problem: problem };
    await insertRow(database(), "agent_escalation", { ...asked, ...question });
  }
  const document = { ...VALID_ROWS.artifact, project_id };
  const failed = { generation_status: "FAILED", failure_reason: "INTERNAL", failure_message: "It failed." };
  await insertRow(database(), "artifact", { ...document, id: crypto.randomUUID(), type: "BRIEF", ...failed });
  await insertRow(database(), "artifact", { ...document, id: crypto.randomUUID(), type: "RISK_LOG" });
  await prisma.project.update({
    where: { id: project_id },
    data: {
      status: "PARKED",
      stageNumber: 2,
      stageEnteredAt: new Date("2026-03-04T05:06:07.008Z"),
      archivedAt: new Date("2026-03-04T05:06:07.008Z"),
      models: ["a", 'ü"\n'],
      settings: { defaultRounds: 2, consensusThreshold: 0.125, systemPromptOverride: null },
      riskDismissals: [{ kind: "x", level: 1, since: null }],
    },
  });

  const [answer] = await prisma.$transaction(
    (tx) => tx.$queryRaw<{ read: unknown }[]>`SELECT ${projectRow(project_id)} AS read`,
  );
  const row = toProjectRow(answer?.read);
  const read = await prisma.project.findUniqueOrThrow({
    where: { id: project_id },
    include: { ...JOURNEY_RELATIONS, gates: { ...JOURNEY_RELATIONS.gates, orderBy: { id: "asc" } } },
  });
  expect(read).toMatchObject(row);
  const counts = [row.stageConfigs, row.gates, row.escalations, row.artifacts].map(({ length }) => length);
  expect(counts).toEqual([5, 2, 1, 1]);
});

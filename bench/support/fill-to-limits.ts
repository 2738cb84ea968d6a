import type { Database } from "../../src/db/database.ts";
import { MAX_ANNOTATIONS } from "../../src/domain/artifact/annotation.ts";
import { MAX_ATTEMPTS, MAX_GUIDANCE, MAX_OPTIONS, MAX_PROBLEM } from "../../src/domain/escalation/inputs.ts";
import { MAX_ERROR_MESSAGE, MAX_RESULT_KB } from "../../src/domain/run/inputs.ts";
import { MAX_SAMPLE, MAX_SAMPLES } from "../../src/domain/run/signature.ts";
import { MAX_RISKS } from "../../src/domain/stage/risk.ts";

const KILOBYTE = 1_024;
/** Characters of a section, and of a line of a list in one. */
const PARAGRAPHS = 8_000;
const LINE = 500;
/** As long as a model's longest message. */
const MESSAGE = 30_000;

const text = (length: number) =>
  "What people do today costs them an hour a day. ".repeat(length / 47 + 1).slice(0, length);
const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index));

/** Makes everything that is in a database as large as the inputs allow, so that what is too cheap shows. */
export async function fillToLimits({ prisma }: Database): Promise<void> {
  const object = JSON.stringify({ text: text(15 * KILOBYTE) });
  const result = JSON.stringify({ text: text((MAX_RESULT_KB - 1) * KILOBYTE) });
  const at = "2026-01-01T00:00:00.000Z";
  const risks = list(MAX_RISKS, (index) => ({
    id: `01900000-0000-7000-8000-${String(index).padStart(12, "0")}`,
    type: "market",
    message: text(1_000),
    blocking: false,
    dismissed: false,
    raisedAt: at,
    dismissedAt: null,
  }));
  await prisma.$transaction(async (tx) => {
    // The log refuses changes, and what is measured here is not verified.
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`UPDATE event SET reason = ${text(2_000)}, detail = detail || ${object}::jsonb`;
    await tx.$executeRaw`UPDATE project SET description = ${text(10_000)}`;
    await tx.$executeRaw`UPDATE stage_config SET exit_criteria = ${JSON.stringify(list(20, () => text(500)))}::jsonb, blocking_risks = blocking_risks || ${JSON.stringify(risks)}::jsonb`;
    await tx.$executeRaw`UPDATE decision_gate SET reason = ${text(2_000)}, context = ${object}::jsonb`;
    await tx.$executeRaw`UPDATE discussion SET question = ${text(10_000)}`;
    await tx.$executeRaw`UPDATE message SET content = ${text(MESSAGE)} WHERE status = 'COMPLETED'`;
    await tx.$executeRaw`UPDATE run SET metadata = ${object}::jsonb`;
    await tx.$executeRaw`UPDATE workstream SET metadata = ${object}::jsonb, steps = ${JSON.stringify(list(50, (index) => `step ${index} ${text(80)}`))}::jsonb`;
    await tx.$executeRaw`UPDATE step_attempt SET result = ${result}::jsonb`;
    await tx.$executeRaw`UPDATE run_error SET message = ${text(MAX_ERROR_MESSAGE)}, normalized_message = ${text(MAX_ERROR_MESSAGE)}, samples = ${JSON.stringify(list(MAX_SAMPLES, () => text(MAX_SAMPLE)))}::jsonb, context = ${object}::jsonb`;
    await tx.$executeRaw`UPDATE agent_escalation SET plain_english_problem = ${text(MAX_PROBLEM)}, recommended_action = ${text(2_000)}, attempts_summary = ${JSON.stringify(list(MAX_ATTEMPTS, () => text(1_000)))}::jsonb,
      options = ${JSON.stringify(list(MAX_OPTIONS, (index) => ({ value: `option_${index}`, label: text(100), description: text(1_000) })))}::jsonb, founder_guidance = CASE WHEN status = 'RESOLVED' THEN ${text(MAX_GUIDANCE)} END`;
  });
  for (const { id, currentContent } of await prisma.artifact.findMany()) {
    if (currentContent === null) continue;
    const [section = ""] = Object.keys(currentContent);
    const annotations = list(MAX_ANNOTATIONS, (index) => ({
      id: `01900000-0000-7000-8000-${String(index).padStart(12, "0")}`,
      section,
      note: text(2_000),
      createdAt: at,
    }));
    const previousContent = stretched(currentContent) as object;
    // Every section has changed.
    const changed = JSON.parse(JSON.stringify(previousContent).replaceAll("costs them", "takes them"));
    await prisma.artifact.update({
      where: { id },
      data: {
        currentContent: changed,
        previousContent,
        previousOrigin: { model: null, generatedAt: at, sources: {} },
        annotations,
      },
    });
  }
}

/** The same content with texts that are as long as a section's paragraphs, and the lines of its lists, may be. */
function stretched(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => (typeof item === "string" ? text(LINE) : stretched(item)));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stretched(each)]));
  }
  // Names and the words of choices are short.
  return typeof value === "string" && value.includes(" ") ? text(PARAGRAPHS) : value;
}

import { z } from "zod";
import { escalationDefaults } from "../escalation/inputs.ts";
import { jsonObject, jsonObjectUpTo, optionalText, requiredText } from "../text.ts";
import { MAX_WORKSTREAMS } from "./graph.ts";
import { DEFAULT_LEASE_SECONDS, MAX_LEASE_SECONDS, MIN_LEASE_SECONDS } from "./lease.ts";
import { RUN_STATES, WORKSTREAM_STATES } from "./state.ts";

/** How much a step's result or an error's context may hold, in kilobytes of JSON: less than a request may hold in all. */
export const MAX_RESULT_KB = 192;
/** How much of an error's message is kept, in characters. */
export const MAX_ERROR_MESSAGE = 20_000;

const MAX_STEPS = 50;

/** How a step attempt can end when an agent says so. */
export const STEP_OUTCOMES = ["SUCCESS", "FAILURE", "SKIPPED"] as const;
export const STEP_STATUSES = ["IN_PROGRESS", ...STEP_OUTCOMES] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

const id = z.uuid();
const reason = optionalText(2_000).optional();
const title = requiredText(255);
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$/,
    "must be 1 to 100 letters, digits and . _ / : -, and begin with a letter or a digit",
  );
const runStatus = z.enum(RUN_STATES.map((state) => state.name));
const workstreamStatus = z.enum(WORKSTREAM_STATES.map((state) => state.name));
const leaseSeconds = z
  .number()
  .int()
  .min(MIN_LEASE_SECONDS, `must be at least ${MIN_LEASE_SECONDS}`)
  .max(MAX_LEASE_SECONDS, `must not be more than ${MAX_LEASE_SECONDS.toLocaleString("en")}`)
  .default(DEFAULT_LEASE_SECONDS);
const largeObject = jsonObjectUpTo(MAX_RESULT_KB);

const workstream = z.object({
  key: name,
  title: title.optional(),
  dependsOn: z.array(name).max(MAX_WORKSTREAMS).default([]),
  steps: z.array(name).max(MAX_STEPS, `must not be more than ${MAX_STEPS}`).default([]),
  metadata: jsonObject.default({}),
});

const AGENT_OR_PERSON = { message: "must have a leaseToken or takeBack: true, and not both" };

function isEitherAgentOrPerson(input: {
  leaseToken?: string | undefined;
  takeBack?: boolean | undefined;
}): boolean {
  return input.leaseToken === undefined || input.takeBack !== true;
}

/** What every command on a run is given, and the rules for it. Whether the graph has a cycle is looked at afterwards. */
export const runInputs = {
  createRun: z.object({
    projectId: id,
    title,
    workstreams: z
      .array(workstream)
      .max(MAX_WORKSTREAMS, `must not be more than ${MAX_WORKSTREAMS.toLocaleString("en")}`)
      .default([]),
    metadata: jsonObject.default({}),
    escalations: escalationDefaults.optional(),
  }),
  transitionRun: z.object({ runId: id, to: runStatus, reason }),
  createWorkstream: workstream.extend({ runId: id, replaces: name.optional() }),
  transitionWorkstream: z
    .object({
      workstreamId: id,
      to: workstreamStatus,
      leaseToken: id.optional(),
      takeBack: z.boolean().optional(),
      reason,
    })
    .refine(isEitherAgentOrPerson, AGENT_OR_PERSON),
  claimWorkstream: z
    .object({
      runId: id.optional(),
      projectId: id.optional(),
      agent: requiredText(255),
      sessionId: requiredText(255).optional(),
      leaseSeconds,
    })
    .refine((input) => (input.runId === undefined) !== (input.projectId === undefined), {
      message: "must name a run or a project, and not both",
    }),
  heartbeatWorkstream: z.object({ workstreamId: id, leaseToken: id, leaseSeconds }),
  releaseWorkstream: z
    .object({ workstreamId: id, leaseToken: id.optional(), takeBack: z.boolean().optional(), reason })
    .refine(isEitherAgentOrPerson, AGENT_OR_PERSON)
    .refine((input) => input.leaseToken !== undefined || input.takeBack === true, {
      message:
        "must have the leaseToken, or say takeBack: true, with which a person takes the work from the agent",
    }),
  startStep: z.object({ workstreamId: id, leaseToken: id, step: name }),
  completeStep: z.object({
    attemptId: id,
    leaseToken: id,
    status: z.enum(STEP_OUTCOMES),
    result: largeObject.optional(),
  }),
  recordError: z.object({
    workstreamId: id,
    leaseToken: id,
    step: name,
    errorCode: name,
    message: requiredText(MAX_ERROR_MESSAGE),
    context: largeObject.optional(),
  }),
  recordRunEvent: z
    .object({
      runId: id,
      workstreamId: id.optional(),
      leaseToken: id.optional(),
      type: name,
      payload: jsonObject.default({}),
    })
    .refine((input) => (input.workstreamId === undefined) === (input.leaseToken === undefined), {
      message: "must have both a workstream and its lease, or neither",
    }),
} as const;

export type RunCommand = keyof typeof runInputs;
/** What a caller hands in, before it is checked. */
export type RunInput<Name extends RunCommand> = z.input<(typeof runInputs)[Name]>;
/** What it is then. */
export type WorkstreamPlan = z.output<typeof workstream>;

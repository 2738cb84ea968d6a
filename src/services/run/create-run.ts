import { ValidationError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { graphIssues } from "../../domain/run/graph.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { settle } from "../../domain/run/readiness.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByRule, runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun } from "./about.ts";

/**
 * Creates a run with all its workstreams and what they depend on. Those that depend on nothing are READY at once.
 *
 * @throws ValidationError for a key that is given twice, a dependency on what is not there, on itself or
 *   twice on the same, and for a cycle; NotFoundError, GuardRejectedError (ARCHIVED)
 */
export async function createRun(
  services: Services,
  caller: Caller,
  raw: RunInput<"createRun">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.createRun, raw);
  const { projectId, title, workstreams, metadata, escalations } = input;
  const issues = graphIssues(workstreams);
  if (issues.length > 0) throw new ValidationError(issues);

  const request = { command: "createRun", projectId, input, unrecorded: ["workstreams"] };
  return runLockedCommand(services, caller, request, async ({ tx, head, now }) => {
    if (head.archived) {
      const rejection = { ...blockerOf("ARCHIVED"), from: null, to: null, allowed: [] };
      // There is no run that it could be about.
      return refusedByRule(rejection, { subject: "STAGE", subjectId: projectId });
    }
    const runId = services.ids.next();
    const sequence = head.eventSequence + 1;
    await tx.run.create({
      data: {
        id: runId,
        projectId,
        title,
        metadata,
        createdSequence: sequence,
        answerWithin: escalations?.answerWithinSeconds ?? null,
        onExpiry: escalations?.onExpiry ?? "WAIT",
        createdAt: now,
        updatedAt: now,
      },
    });
    const ids = new Map(workstreams.map(({ key }) => [key, services.ids.next()]));
    const waiting = { status: "PENDING", blockedBy: null, replaced: false } as const;
    const changes = settle(workstreams.map(({ key, dependsOn }) => ({ key, dependsOn, ...waiting })));
    const ready = new Set(changes.map(({ key }) => key));
    await tx.workstream.createMany({
      data: workstreams.map((plan, position) => ({
        id: idOf(ids, plan.key),
        runId,
        key: plan.key,
        title: plan.title ?? plan.key,
        status: ready.has(plan.key) ? "READY" : "PENDING",
        readySequence: ready.has(plan.key) ? sequence : null,
        position,
        steps: plan.steps,
        metadata: plan.metadata,
        createdAt: now,
        updatedAt: now,
      })),
    });
    await tx.workstreamDependency.createMany({
      data: workstreams.flatMap(({ key, dependsOn }) =>
        dependsOn.map((dependency) => ({
          workstreamId: idOf(ids, key),
          dependsOnId: idOf(ids, dependency),
          runId,
        })),
      ),
    });
    const created: NewEvent = {
      ...aboutRun(runId),
      type: "run_created",
      toState: "PENDING",
      detail: { title, workstreams: workstreams.length, ready: ready.size },
    };
    return { id: runId, events: [created] };
  });
}

function idOf(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`There is no workstream "${key}"`);
  return id;
}

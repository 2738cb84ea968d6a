import { checkModels, defaultModels } from "../../domain/discussion/participants.ts";
import { QuotaExceededError, ValidationError } from "../../domain/errors.ts";
import type { LockedProject } from "../command/project.ts";
import type { ModelServices } from "../services.ts";

/** How many models the plan of the project's owner lets into a discussion. */
async function maxModels({ tx, row }: LockedProject): Promise<number> {
  const { planTier } = await tx.user.findUniqueOrThrow({
    where: { id: row.ownerId },
    select: { planTier: { select: { maxModels: true } } },
  });
  return planTier.maxModels;
}

/**
 * The models that take part: those that are named, else the project's.
 *
 * @throws ValidationError that lists the models when one is named that there is not, QuotaExceededError when they are
 *   more than the plan allows
 */
export async function participants(
  { runner }: Pick<ModelServices, "runner">,
  project: LockedProject,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  const limit = await maxModels(project);
  const wanted = named ?? defaultModels(project.row.models as string[], runner.models, limit);
  const checked = checkModels(wanted, runner.models, limit);
  if ("models" in checked) return checked.models;
  if ("unknown" in checked) throw unknownModel("models", checked.unknown, runner.models);
  const message = `The plan allows ${limit} models in a discussion, not ${checked.tooMany}.`;
  throw new QuotaExceededError(message, limit, checked.tooMany);
}

/** The error for names that no model has: it lists those that there are. */
export function unknownModel(
  path: string,
  unknown: readonly string[],
  models: readonly string[],
): ValidationError {
  const names = unknown.map((name) => `"${name}"`).join(", ");
  return new ValidationError([
    { path, message: `must name models that there are: ${models.join(", ")}; not ${names}` },
  ]);
}

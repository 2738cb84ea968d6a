/** What naming the models of a discussion comes to. */
export type Participants =
  | { readonly models: readonly string[] }
  /** Names that no model has. */
  | { readonly unknown: readonly string[] }
  /** More than the plan allows. */
  | { readonly tooMany: number; readonly limit: number };

/** Who takes part where nobody is named: the project's models, else the first ones that the plan allows. */
export function defaultModels(
  ofProject: readonly string[],
  available: readonly string[],
  limit: number,
): readonly string[] {
  const known = ofProject.filter((name) => available.includes(name));
  return known.length > 0 ? known : available.slice(0, limit);
}

/** Checks the names of models against those that there are, and their number against what the plan allows. */
export function checkModels(
  named: readonly string[],
  available: readonly string[],
  limit: number,
): Participants {
  const unknown = named.filter((name) => !available.includes(name));
  if (unknown.length > 0) return { unknown };
  return named.length > limit ? { tooMany: named.length, limit } : { models: named };
}

/** Names of models in a message: "@claude". An address such as ada@example.com names nobody. */
const MENTION = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?)/gu;

/** Whom a message asks by name. */
export interface Mentions {
  /** Each once, in the order in which they are named. */
  readonly models: readonly string[];
  /** Names that no model of the discussion has. */
  readonly unknown: readonly string[];
}

/** Finds the models that a message names. Case does not matter. */
export function parseMentions(content: string, models: readonly string[]): Mentions {
  const names = [...new Set([...content.matchAll(MENTION)].map(([, name = ""]) => name.toLowerCase()))];
  const found = names.map((name) => ({ name, model: models.find((model) => model.toLowerCase() === name) }));
  return {
    models: found.flatMap(({ model }) => model ?? []),
    unknown: found.flatMap(({ name, model }) => (model === undefined ? [name] : [])),
  };
}

import type { Facts } from "./facts/facts.ts";
import type { Users } from "./facts/people.ts";
import { usersIn } from "./facts/users.ts";
import type { Sources } from "./sources.ts";
import { clip, quotedFirst, upperFirst } from "./text.ts";

/** A line of a document, with the limit that the documents set. */
export const asLine = (text: string) => clip(text, 500);
/** A name in a document. */
export const asLabel = (text: string) => clip(text, 200);
/** A paragraph or several. */
export const asProse = (text: string) => clip(text, 8_000);

/** Puts the project's users and its product into a domain's text. */
export function fill(template: string, { product }: Pick<Facts, "product">, users: Users): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = { users: users.short, product }[name.toLowerCase()];
    if (value === undefined) throw new Error(`The domain's text has an unknown placeholder: {${name}}`);
    return /^\p{Lu}/u.test(name) ? upperFirst(value) : value;
  });
}

export interface Audience {
  readonly users: Users;
  /** What the brief says of them in words that name nobody we can speak of; empty where it names them. */
  readonly inItsWords: string;
}

/** Who the users are according to the brief, so that whoever edits it is heard in the documents after it. */
export function audienceOf(sources: Sources, facts: Facts): Audience {
  const text = sources.text("BRIEF.targetUser");
  if (text === undefined || text.includes(facts.users.full)) return { users: facts.users, inItsWords: "" };
  const users = usersIn(text);
  return { users: users ?? facts.users, inItsWords: users ? "" : quotedFirst(text, 120) };
}

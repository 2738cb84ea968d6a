import type { Capability } from "./facts/clauses.ts";
import type { Facts } from "./facts/facts.ts";
import { clip, flow, joined, withoutStop } from "./text.ts";
import { fill } from "./voice.ts";

/** Short enough to be quoted as a whole wherever other documents refer to it. */
const MAX_PROMISE = 260;

/** What the product promises, in one sentence, in the project's own words as far as it has any. */
export function promiseOf(facts: Facts): string {
  const outcome = `so that ${fill(facts.domain.outcome, facts, facts.users)}`;
  const core = [coreOf(facts, 2), coreOf(facts, 1)];
  const all = [...core.map((one) => `${one}, ${outcome}.`), ...core.map((one) => `${one}.`)];
  return all.find((one) => one.length <= MAX_PROMISE) ?? clip(`${core[1]}.`, MAX_PROMISE);
}

function coreOf(facts: Facts, most: number): string {
  const { capabilities, users, pitch, domain, product } = facts;
  const doings = capabilities.filter(({ by }) => by === "USERS");
  const isTheirs = ({ who = users.short }: Capability) => who === users.short;
  // Where only others do something, such as the families of grandparents, it is them whom we let.
  const doer = doings.some(isTheirs) ? users.short : (doings[0]?.who ?? users.short);
  const theirs = doings.filter(({ who = users.short }) => who === doer);
  const ours = capabilities.filter(({ by }) => by === "PRODUCT").map(({ phrase }) => phrase);
  const things = capabilities.filter(({ by }) => by === "THING").map(({ phrase }) => phrase);
  if (theirs.length > 0) {
    const phrases = theirs.slice(0, ours.length > 0 ? 1 : most).map(({ phrase }) => phrase);
    return `We let ${doer} ${joined([...phrases, ...ours.slice(0, most - 1)])}`;
  }
  const [first, second] = ours;
  if (first !== undefined) {
    const addressed = addressing(first, users.short);
    return `We ${joined([addressed, ...(second !== undefined && most > 1 ? [second] : [])])}`;
  }
  if (things.length > 0) return `We give ${users.short} ${joined(things.slice(0, most + 1))} in one place`;
  if (pitch !== null && domain.key === "general") {
    return `With ${product} we keep one promise to ${users.short}: ${withoutStop(clip(pitch, 140))}`;
  }
  return flow(`With ${product} we`, fill(domain.promise, facts, users));
}

/** "tell them what to order" → "tell shop owners what to order": the first time somebody has to be named. */
export function addressing(phrase: string, users: string): string {
  if (/\bthem\b/i.test(phrase)) return phrase.replace(/\bthem\b/i, users);
  return phrase.toLowerCase().includes(users.toLowerCase()) ? phrase : `${phrase} for ${users}`;
}

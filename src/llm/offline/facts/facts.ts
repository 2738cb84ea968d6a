import type { GenerationContext } from "../../../domain/artifact/context.ts";
import type { Domain } from "../domains/domain.ts";
import { domainOf } from "../domains/domains.ts";
import { general } from "../domains/general.ts";
import { clip, lowerFirst, pickBy, sentencesOf, tidy } from "../text.ts";
import { capabilitiesIn } from "./capabilities.ts";
import type { Capability } from "./clauses.ts";
import type { Users } from "./people.ts";
import { isProblem } from "./problems.ts";
import { usersIn } from "./users.ts";

/** What the project says of itself, as the writers use it. Nothing of it comes from another document. */
export interface Facts {
  /** How a sentence names the product: "Ledger", "our inventory tracker". */
  readonly product: string;
  readonly stage: string;
  readonly domain: Domain;
  readonly users: Users;
  /** True when the project does not say who they are, and the domain does. */
  readonly usersAssumed: boolean;
  /** Its first sentence, or null without a description. */
  readonly pitch: string | null;
  /** The sentences in which it says what hurts. */
  readonly problems: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly decisions: GenerationContext["decisions"];
  readonly risks: GenerationContext["risks"];
  /** One of several ways to say something: always the same one for the same project. */
  pick<T>(topic: string, options: readonly [T, ...T[]]): T;
}

const MAX_PRODUCT = 60;
/** More than is ever looked at, and little enough for every pattern. */
const MAX_NAME = 200;
const MAX_STAGE = 60;
const MAX_SENTENCES = 60;
const MAX_SENTENCE = 600;

/** Reads a project. */
export function factsOf({
  project,
  decisions,
  risks,
}: Pick<GenerationContext, "project" | "decisions" | "risks">): Facts {
  const name = clip(tidy(project.name), MAX_NAME);
  const sentences = sentencesOf(project.description)
    .slice(0, MAX_SENTENCES)
    .map((one) => clip(one, MAX_SENTENCE));
  const description = sentences.join("\n");
  const kind = domainOf(name, description);
  const found = usersIn(description) ?? usersIn(name);
  const domain = found && !kind.fits.test(found.full.toLowerCase()) ? forOthers(kind) : kind;
  const seed = `${project.name}\n${project.description}`;
  return {
    product: productOf(name),
    stage: clip(tidy(project.stage), MAX_STAGE),
    domain,
    users: found ?? { full: domain.users, short: domain.users },
    usersAssumed: found === undefined,
    pitch: sentences[0] === undefined ? null : clip(sentences[0], 200),
    problems: sentences
      .filter(isProblem)
      .slice(0, 3)
      .map((one) => clip(one, 300)),
    capabilities: capabilitiesIn(sentences, name).map(({ phrase, ...one }) => ({
      ...one,
      phrase: found ? phrase.replace(` for ${found.full}`, "") : phrase,
    })),
    decisions: decisions.map((one) => ({
      ...one,
      stage: clip(tidy(one.stage), MAX_STAGE),
      reason: one.reason === null ? null : tidy(one.reason),
    })),
    risks: risks.map(({ stage, type, message }) => ({
      stage: clip(tidy(stage), MAX_STAGE),
      type,
      message: tidy(message),
    })),
    pick: (topic, options) => pickBy(`${topic}\n${seed}`, options),
  };
}

/** What we know of a kind of product, without what is true only of the users that it usually has. */
function forOthers(domain: Domain): Domain {
  const { day, pain, cost, today, promise, outcome, market, rivals } = general;
  return { ...domain, day, pain, cost, today, promise, outcome, market, rivals };
}

/**
 * How a sentence names the product. A name that says what the thing is is no name within a sentence: "Inventory
 * tracker for small shops" becomes "our inventory tracker"; "Ledger" and "Blue Bottle" stay.
 */
export function productOf(name: string): string {
  const bare = tidy(name).replace(/^(?:an?|my|our)\s+/iu, "");
  // "Uber for lawns" is not called Uber: only what still is more than a word is cut.
  const kind = bare.split(/(?<= \S+)\s+(?:for|that|to|which|where|with)\s|\s*[:–—|(]\s*/iu)[0] ?? "";
  const words = kind.split(" ");
  const saysWhat =
    words.length > 1 &&
    !/ for /iu.test(kind) &&
    words.slice(1).every((word) => !/^\p{Lu}\p{Ll}/u.test(word)) &&
    /^[\p{L}\p{N}' -]+$/u.test(kind) &&
    /\p{Ll}/u.test(kind);
  if (saysWhat) return `our ${clip(lowerFirst(kind), MAX_PRODUCT)}`;
  return clip(kind || bare, MAX_PRODUCT) || "our product";
}

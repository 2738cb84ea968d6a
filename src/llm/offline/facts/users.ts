import { clip, lowerFirst, sentencesOf, tidy } from "../text.ts";
import { peopleAtStart, type Users } from "./people.ts";

/** Where a text says whom something is for; tried in this order. */
const PLACES = [
  /\b(?:build|built|made|designed|meant|intended)(?: first| only| mainly)? for\s+/giu,
  /\b(?:helps?|lets?|allows?|enables?|helping|letting|allowing|enabling|connects?|connecting|gives?|giving|reminds?|tells?|shows?|teach(?:es)?|supports?|saves?|where|between)\s+/giu,
  /\bfor\s+/giu,
] as const;
/** Whoever does not say it in these does not say it later either. */
const MAX_SENTENCES = 40;
const MAX_SENTENCE = 400;
/** A sentence that begins so speaks of a shape of the product, not of its users. */
const OURSELVES = /^(?:we|our|it|this|i|a|an|the (?:app|tool|platform|service))\b/iu;

/**
 * Whom a text is about: in its first sentence that names any, the people that it begins with, else those that
 * something is for.
 * Undefined where it does not say, or says it in another language.
 */
export function usersIn(text: string): Users | undefined {
  for (const one of sentencesOf(text)
    .slice(0, MAX_SENTENCES)
    .map((each) => clip(each, MAX_SENTENCE))) {
    const found = (OURSELVES.test(one) ? undefined : peopleAtStart(one, "SUBJECT")) ?? inPlaces(one);
    if (found) return named(found);
  }
  return undefined;
}

function inPlaces(sentence: string): Users | undefined {
  for (const place of PLACES) {
    for (const match of sentence.matchAll(place)) {
      const found = peopleAtStart(tidy(sentence.slice(match.index + match[0].length)), "OBJECT");
      if (found) return found;
    }
  }
  return undefined;
}

function named({ full, short }: Users): Users {
  return { full: lowerFirst(full), short: lowerFirst(short) };
}

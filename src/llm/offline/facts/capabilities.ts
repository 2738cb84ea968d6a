import { lowerFirst, withoutStop } from "../text.ts";
import { type Capability, clauseOf, clausesOf, shorten } from "./clauses.ts";
import { isPeople, isPronoun, peopleAtStart } from "./people.ts";
import { isProblem } from "./problems.ts";
import { fromThirdPerson, isVerb } from "./verbs.ts";

const MAX_CAPABILITIES = 6;
const MIN_PHRASE = 4;
const LETS =
  /\b(?:lets?|helps?|allows?|enables?|letting|helping|allowing|enabling|makes? it (?:easy|easier|possible) for)\s+/giu;
const CAN = /\b(\S+)\s+can\s+(?:also\s+)?(?=\p{Ll})/giu;
const PRODUCT_NOUN =
  "app|application|tool|platform|service|site|website|system|software|bot|chatbot|assistant|product|way|place|solution|api|library|extension|plugin|game|dashboard|program|agent|device";
const PRODUCT_SUBJECT = new RegExp(
  `^(?:so |then |and )?(?:we|it|this|(?:the|our|this) (?:\\p{L}+ )?(?:${PRODUCT_NOUN}))\\s+(?:will |also |then )*`,
  "iu",
);
const THAT = /\b(?:that|which)\s+(?:can |also |automatically )?(?=(\p{L}+))/giu;
const USERS_SUBJECT = /^(?:you|users|they|people|customers|everyone|everybody)\s+/iu;
const PRODUCT_TO = new RegExp(`\\b(?:${PRODUCT_NOUN}|marketplace|network)\\s+(?:for \\P{P}+? )?to\\s+`, "iu");
const GERUND_PLACE = /\b(?:for|by|of|at|supports?|automates?|simplif(?:y|ies))\s+(?=\p{L}+ing\b)/giu;
const LIST_PLACE =
  /\b(?:with|including|includes?|features?|features? like|such as|offers?|offering|provides?|providing)[:\s]+/iu;

/** What sentences say that the product does, in their order, each thing once. */
export function capabilitiesIn(sentences: readonly string[], name: string): Capability[] {
  const found = sentences.flatMap((sentence) =>
    ofSentence(
      name !== "" && sentence.startsWith(`${name} `) ? `It ${sentence.slice(name.length + 1)}` : sentence,
    ),
  );
  const seen = new Set<string>();
  return found
    .filter(({ phrase }) => {
      const key = phrase.toLowerCase();
      // "Transcribe them" says nothing without the sentence before it.
      if (seen.has(key) || key.length < MIN_PHRASE || /^\S+ (?:them|it)$/.test(key)) return false;
      seen.add(key);
      return true;
    })
    .slice(0, MAX_CAPABILITIES);
}

function ofSentence(sentence: string): Capability[] {
  const bullet = /^(?:[-*•–]|\d+[.)])\s+(.*)$/u.exec(sentence)?.[1];
  if (bullet !== undefined) return [clauseOf(bullet, "USERS") ?? { by: "THING", phrase: shorten(bullet) }];

  const lets = [...sentence.matchAll(LETS)].flatMap((match) =>
    afterPeople(sentence.slice(match.index + match[0].length)),
  );
  if (lets.length > 0) return lets;

  const can = [...sentence.matchAll(CAN)].flatMap((match) =>
    clausesOf(
      sentence.slice(match.index + match[0].length),
      /^(?:it|we|app|platform)$/i.test(match[1] ?? "") ? "PRODUCT" : "USERS",
      true,
    ),
  );
  if (can.length > 0) return can;

  const subject = PRODUCT_SUBJECT.exec(sentence);
  if (subject) {
    const doing = clausesOf(sentence.slice(subject[0].length), "PRODUCT", false);
    if (doing.length > 0) return doing;
  }
  const doer = USERS_SUBJECT.exec(sentence)?.[0] ?? peopleBefore(sentence);
  if (doer !== undefined) {
    const who = peopleAtStart(sentence, "SUBJECT")?.short;
    return isProblem(sentence) ? [] : byThem(clausesOf(sentence.slice(doer.length), "USERS", false), who);
  }
  const that = [...sentence.matchAll(THAT)].find((match) => fromThirdPerson(match[1] ?? "") !== undefined);
  if (that) {
    const doing = clausesOf(sentence.slice(that.index + that[0].length), "PRODUCT", false);
    if (doing.length > 0) return doing;
  }
  const to = PRODUCT_TO.exec(sentence);
  if (to) {
    const doing = clausesOf(sentence.slice(to.index + to[0].length), "USERS", false);
    if (doing.length > 0) return doing;
  }
  const first = sentence.split(" ")[0] ?? "";
  if (sentence.split(" ").length >= 3 && (isVerb(first) || fromThirdPerson(first) !== undefined)) {
    const doing = clausesOf(sentence, isVerb(first) ? "USERS" : "PRODUCT", false);
    if (doing.length > 0) return doing;
  }
  const gerunds = [...sentence.matchAll(GERUND_PLACE)].flatMap((match) =>
    clausesOf(sentence.slice(match.index + match[0].length), "USERS", false),
  );
  return gerunds.length > 0 ? gerunds : listed(sentence);
}

/** The people that a sentence begins with, as they stand there. */
function peopleBefore(sentence: string): string | undefined {
  const people = peopleAtStart(sentence, "SUBJECT");
  return people && people.rest !== "" ? sentence.slice(0, sentence.length - people.rest.length) : undefined;
}

/** What people are let do: after "let", "the shop owners", the verb and what follows it. */
function afterPeople(text: string): Capability[] {
  const words = text.split(" ");
  for (let index = 1; index < Math.min(words.length, 12); index++) {
    const before = words.slice(0, index).map((word) => word.replace(/[,.]$/, ""));
    const known = before.some((word) => isPeople(word) || isPronoun(word));
    if (!known) continue;
    const isTo = words[index]?.toLowerCase() === "to";
    const rest = words.slice(isTo ? index + 1 : index).join(" ");
    if (isTo || isVerb(words[index] ?? ""))
      return byThem(clausesOf(rest, "USERS", true), peopleAtStart(text, "OBJECT")?.short);
  }
  return [];
}

function byThem(capabilities: readonly Capability[], who: string | undefined): Capability[] {
  return capabilities.map((one) =>
    who !== undefined && one.by === "USERS" ? { ...one, who: lowerFirst(who) } : one,
  );
}

/** The things of "with Kanban boards, time tracking and reports". */
function listed(sentence: string): Capability[] {
  const place = LIST_PLACE.exec(sentence);
  if (!place) return [];
  const list = withoutStop(sentence.slice(place.index + place[0].length));
  if (!list.includes(",") && !/ and /.test(list)) return [];
  return list
    .split(/,\s+(?:and\s+)?|\s+and\s+/iu)
    .map((thing) => shorten(thing.replace(/^(?:an?|the|some|our)\s+/iu, "")))
    .filter(
      (thing) =>
        /^[\p{L}\p{N}]/u.test(thing) && thing.split(" ").length <= 5 && !thing.split(" ").some(isPeople),
    )
    .map((phrase) => ({ by: "THING", phrase }));
}

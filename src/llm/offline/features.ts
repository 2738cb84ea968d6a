import type { DomainFeature } from "./domains/domain.ts";
import type { Capability } from "./facts/clauses.ts";
import type { Facts } from "./facts/facts.ts";
import { isPronoun, type Users } from "./facts/people.ts";
import { addressing } from "./promise.ts";
import type { Sources } from "./sources.ts";
import { clip, flow, sentence, upperFirst } from "./text.ts";
import { fill } from "./voice.ts";

export interface Feature {
  readonly name: string;
  readonly description: string;
  readonly priority: "HIGH" | "MEDIUM" | "LOW";
}

const MOST_OWN = 5;
const MAX_NAME = 60;
const CUT_BEFORE =
  /\s(?:with|by|from|at|via|using|before|after|without|when|while|where|so|if|until|through|during|across|who|that|which|as|of|into|per)\s/iu;
/** What is good about a feature of which no domain knows anything. */
const BENEFITS = [
  "We make it work in the first session, without a manual.",
  "We keep it to as few steps as the work itself has.",
  "We show the result at once, and let it be taken back.",
  "We watch the first people use it, and change whatever they stumble over.",
  "We start with the simplest form that is of real use, and let its users say what is missing.",
] as const;

/** The features that the project asks for in its own words, and those that such products need besides, most needed first. */
export function featuresOf(facts: Facts, users: Users = facts.users): Feature[] {
  const free = [...facts.domain.features];
  const taken = new Set<string>();
  const own = facts.capabilities
    .slice(0, MOST_OWN)
    .flatMap((capability, index): Omit<Feature, "priority">[] => {
      const known = takeMatch(free, capability.phrase);
      const name = known && sharesWord(known.name, capability.phrase) ? known.name : nameOf(capability);
      if (taken.has(name.toLowerCase())) return [];
      taken.add(name.toLowerCase());
      const benefit = known ? fill(known.benefit, facts, users) : benefitOf(facts, index);
      return [{ name, description: flow(doingOf(capability, users), benefit) }];
    });
  const wanted = own.length >= 2 ? 5 : 4;
  const usual = free
    .filter(({ name }) => !taken.has(name.toLowerCase()))
    .slice(0, Math.max(0, wanted - own.length))
    .map(({ name, does, benefit }) => ({ name, description: fill(`${does} ${benefit}`, facts, users) }));
  const all = [...own, ...usual];
  return all.map((feature, index) => ({ ...feature, priority: priorityAt(index, all.length) }));
}

/** The features as the MVP scope has them now, in the order of their priority; our own where it is not to be seen. */
export function readFeatures(sources: Sources, facts: Facts): Feature[] {
  const features = (sources.objects("MVP_SCOPE.coreFeatures") ?? []).flatMap(
    ({ name, description, priority }): Feature[] =>
      typeof name === "string" && name.trim() !== ""
        ? [
            {
              name,
              description: String(description ?? ""),
              priority: priority === "HIGH" || priority === "LOW" ? priority : "MEDIUM",
            },
          ]
        : [],
  );
  if (features.length === 0) return featuresOf(facts);
  const order = { HIGH: 0, MEDIUM: 1, LOW: 2 };
  return features.toSorted((one, other) => order[one.priority] - order[other.priority]);
}

function priorityAt(index: number, length: number): Feature["priority"] {
  if (index < 2) return "HIGH";
  return index === length - 1 ? "LOW" : "MEDIUM";
}

function takeMatch(free: DomainFeature[], phrase: string): DomainFeature | undefined {
  const index = free.findIndex(({ match }) => match.test(phrase));
  return index < 0 ? undefined : free.splice(index, 1)[0];
}

const stemsOf = (text: string) =>
  (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, 4));

/** Whether a usual name says what the project says: "Shelf scan" does for "scan a shelf", "What is there" for nothing. */
function sharesWord(name: string, phrase: string): boolean {
  const stems = new Set(stemsOf(phrase));
  return stemsOf(name).some((stem) => stems.has(stem));
}

/** "track honey harvests by hive" → "Track honey harvests"; "remind them of deadlines" → "Deadlines". */
export function nameOf({ by, phrase }: Capability): string {
  if (by === "THING") return upperFirst(clip(phrase, MAX_NAME));
  const [verb = "", next = "", ...others] = phrase.replace(/[,;].*$/su, "").split(" ");
  const isSpoken = isPronoun(next);
  if (isSpoken && others.length === 0) return upperFirst(verb);
  const text = isSpoken
    ? others.join(" ").replace(/^(?:of|about|that|to|when|if)\s+/iu, "")
    : [verb, next, ...others].join(" ");
  const from = text.indexOf(" ", text.indexOf(" ") + 1);
  const cut = from < 0 ? -1 : text.slice(from).search(CUT_BEFORE);
  const short = cut < 0 ? text : text.slice(0, from + cut);
  return upperFirst(clip(short.split(" ").slice(0, 6).join(" "), MAX_NAME));
}

function doingOf({ by, who, phrase }: Capability, users: Users): string {
  if (by === "USERS") return sentence(upperFirst(`${who ?? users.short} ${phrase}`));
  if (by === "PRODUCT")
    return sentence(`We ${/\bthem\b/i.test(phrase) ? addressing(phrase, users.short) : phrase}`);
  return `We give ${users.short} ${phrase}, from the first release on.`;
}

function benefitOf(facts: Facts, index: number): string {
  const start = facts.pick("benefit", [0, 1, 2, 3, 4]);
  return BENEFITS[(start + index) % BENEFITS.length] ?? BENEFITS[0];
}

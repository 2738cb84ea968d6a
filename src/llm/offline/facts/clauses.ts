import { clip, tidy, withoutStop } from "../text.ts";
import { isPeople } from "./people.ts";
import { fromGerund, fromThirdPerson, isVerb } from "./verbs.ts";

/** What the product does, or lets its users do, in the project's own words. */
export interface Capability {
  /** Who does it; THING is no doing but something that there is: "time tracking". */
  readonly by: "USERS" | "PRODUCT" | "THING";
  /** Those of the users who do it, where the text says so. */
  readonly who?: string;
  /** From the plain verb on: "scan a shelf with a phone". Of a THING its name. */
  readonly phrase: string;
}

const MAX_PHRASE = 110;
const BETWEEN = /,\s+(?:and\s+)?(?:then\s+)?|\s+and\s+(?:then\s+)?|\s+or\s+/giu;
/** Where a clause about doing ends and a reason or a purpose begins. */
const REASON =
  /\s*(?:,?\s+(?:so that|so they|so you|so we|because|which|instead of|rather than|while)\b|\s+[–—-]\s+|\s*[;:(]).*$/iu;
/** "tell them": whoever is told is a user, so the product speaks. */
const SPEAKS =
  /^(?:tell|show|remind|notify|send|warn|alert|suggest|give|ask|guide|connect|match|pay|teach|recommend|translate) (?:them|you|users|people|each)\b/i;
/** Not what a product is for, but what we do to have one; those of LETS have their own pattern. */
const NOT_A_DOING = new Set(
  "build create make develop design launch want plan need help let try use start believe offer provide go see say have study".split(
    " ",
  ),
);

/** The clauses of "scan a shelf, count it and tell them what to order", each with who does it. */
export function clausesOf(text: string, by: "USERS" | "PRODUCT", anyVerb: boolean): Capability[] {
  const doing = withoutStop(text).replace(REASON, "");
  const parts = doing.split(BETWEEN);
  const separators = [...doing.matchAll(BETWEEN)].map(([one]) => one);
  const clauses: string[] = [];
  parts.forEach((part, index) => {
    const first = part.split(" ")[0] ?? "";
    const starts =
      index === 0 ||
      ((isVerb(first) || fromThirdPerson(first) !== undefined || fromGerund(first) !== undefined) &&
        part.includes(" "));
    if (starts) clauses.push(part);
    else clauses.push(`${clauses.pop() ?? ""}${separators[index - 1] ?? " "}${part}`);
  });
  return clauses.flatMap((clause, index) => clauseOf(clause, by, anyVerb && index === 0) ?? []);
}

/** One clause from its verb on; undefined where it begins with none. */
export function clauseOf(clause: string, by: "USERS" | "PRODUCT", anyVerb = false): Capability | undefined {
  const [first = "", ...rest] = tidy(clause).split(" ");
  const word = first.toLowerCase();
  const base = isVerb(word)
    ? word
    : (fromThirdPerson(word) ??
      fromGerund(word) ??
      (anyVerb && /^\p{Ll}+$/u.test(first) ? first : undefined));
  if (base === undefined || NOT_A_DOING.has(base) || rest.length === 0) return undefined;
  const phrase = shorten([base, ...rest].join(" "));
  return SPEAKS.test(phrase) || (SPEAKS.test(`${base} them`) && isPeople(rest[0] ?? ""))
    ? { by: "PRODUCT", phrase: aboutUsers(phrase) }
    : { by, phrase: aboutUsers(phrase) };
}

/** A phrase within its limit. */
export function shorten(text: string): string {
  const whole = withoutStop(tidy(text));
  if (whole.length <= MAX_PHRASE) return whole;
  // Better a shorter phrase that is one than a longer one that breaks off.
  const head = clip(whole, MAX_PHRASE).replace(/…$/u, "");
  const place = Math.max(
    head.lastIndexOf(","),
    head.lastIndexOf(" and "),
    head.lastIndexOf(" with "),
    head.lastIndexOf(" by "),
  );
  return withoutStop(place > 20 ? head.slice(0, place) : head);
}

/** Our documents speak of the users, not to them. */
function aboutUsers(phrase: string): string {
  return phrase
    .replace(/\b(?:your|my)\b/gi, "their")
    .replace(/\b(?:yourself|yourselves|myself)\b/gi, "themselves")
    .replace(/\byou(?='re| are| can| have| need| want| own| do\b)/gi, "they")
    .replace(/\byou\b/gi, "them")
    .replace(/\bwhat them\b/gi, "what they");
}

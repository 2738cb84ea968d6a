import { clip, tidy } from "../text.ts";
import { fromThirdPerson, isVerb } from "./verbs.ts";

/** People as a text names them. */
export interface Users {
  /** With what the text says of them: "shop owners with one to five employees". */
  readonly full: string;
  /** "shop owners". */
  readonly short: string;
}

/** Plurals of people and of what people form, whose endings do not tell. */
const PEOPLE = new Set(
  `people persons everyone everybody anyone men women children kids families parents mothers fathers moms mums dads couples
  friends neighbours neighbors grandparents adults teens teenagers seniors beginners pros experts professionals individuals
  humans guests hosts members fans amateurs hobbyists creators companies businesses shops stores startups agencies clinics
  schools teams groups clubs communities hospitals restaurants cafes cafés bakeries farms hotels firms offices studios
  universities colleges charities nonprofits ngos cities towns villages households landlords tenants workers employees
  volunteers nurses doctors surgeons therapists dentists coaches chefs cooks guides pilots musicians artists
  bands churches museums libraries labs operators freelancers nomads authors journalists brands retailers warehouses
  kitchens garages salons gyms practices factories manufacturers households organisations organizations institutions
  citizens commuters cyclists runners hikers athletes enterprises smes merchants staff crews newcomers immigrants
  refugees expats shepherds wholesalers salespeople tradespeople craftspeople`.split(/\s+/),
);
const PEOPLE_ENDING = /[a-z]{2}(?:ers|ors|ists|ians|ants|[^m]ents|ees|smen|eurs|aries)$/;
/** They end like people and are none. */
const THINGS = new Set(
  `orders numbers papers containers computers newsletters letters folders servers sensors motors colors errors doors offers
  timers reminders trackers calendars matters filters headers transfers vouchers numbers powers rivers flowers dinners
  plants events talents contents accents ingredients antiques boundaries salaries diaries 
  summaries dictionaries itineraries budgets printers scanners browsers chapters characters
  covers layers corners centers parameters answers plugins trailers factors mirrors floors indicators
  dashboards fees trees degrees coffees committees guarantees beers fibers papers stickers posters registers 
  warrants variants croissants elephants investments continents accidents incidents`.split(/\s+/),
);
const PRONOUNS = new Set("them they you us me people everyone anybody anyone users customers".split(" "));
/** Whether the people are what a sentence is about, or come after what it says: then less of what follows is theirs. */
export type Place = "SUBJECT" | "OBJECT";

const ALSO_NOUNS = new Set(
  "shop book store train work plant sleep travel order ride study test trade market farm view open design software support field file beat store".split(
    " ",
  ),
);
const DETERMINERS = /^(?:the|our|my|your|their|all|any|many|most|some|those|these|other)\s+/i;
/** They stand around names of people and not within them. */
const FUNCTION_WORD =
  /^(?:for|with|when|while|if|in|on|at|by|from|as|because|since|after|before|to|and|but|so|not|without|between|where|why|how|what|who|is|are|was|were|has|have|today|now|often|sometimes|here|there|of|under|near|it|its|we|i)$/i;
const MODIFIER_START = /^(?:with|of|in|at|from|who|without|on|under|near)$/i;

/** Whether a word stands for several people or what they form. */
export function isPeople(word: string): boolean {
  const lower = word.toLowerCase().replace(/['’]s?$/, "");
  return PEOPLE.has(lower) || (PEOPLE_ENDING.test(lower) && !THINGS.has(lower));
}

/** Whether a word points at people without saying who they are. */
export function isPronoun(word: string): boolean {
  return PRONOUNS.has(word.toLowerCase());
}

const wordsOf = (text: string) => text.split(" ").filter((word) => word !== "");
const bare = (word: string) => word.replace(/^[("“'‘]+|[.,;:!?)"”'’]+$/gu, "");
const endsClause = (word: string) => /[.,;:!?)]$/.test(word);

/**
 * The people at the beginning of a text: up to four words of which the last one is people, "and" more people, and what
 * is said of them. "Shop owners with one to five employees count stock" → shop owners with one to five employees.
 */
export function peopleAtStart(text: string, place: Place): (Users & { readonly rest: string }) | undefined {
  const words = wordsOf(tidy(text).replace(DETERMINERS, ""));
  if (isDoing(bare(words[0] ?? ""))) return undefined;
  let end = headEnd(words, 0);
  if (end === undefined) return undefined;
  const next = words[end];
  if (next !== undefined && /^(?:and|or|&)$/i.test(next)) end = headEnd(words, end + 1) ?? end;
  const full = place === "OBJECT" && !saysWhich(words, end) ? end : modifierEnd(words, end);
  const upTo = (last: number) =>
    words
      .slice(0, last)
      .map((word, index) => (index === last - 1 ? bare(word) : word))
      .join(" ");
  // "People" alone says nothing, "people who live alone" does, and only as a whole.
  if (isPronoun(upTo(end)) && full === end) return undefined;
  return {
    short: clip(upTo(isPronoun(upTo(end)) ? full : end), 60),
    full: clip(upTo(full), 110),
    rest: words.slice(full).join(" "),
  };
}

/** "Connects homeowners" begins with no people, "shop owners" and "guides" do. */
function isDoing(word: string): boolean {
  if (isPeople(word)) return false;
  return fromThirdPerson(word) !== undefined || (isVerb(word) && !ALSO_NOUNS.has(word.toLowerCase()));
}

/** Whether "with …" after an object belongs to the people ("with no time") and not to the product ("with reports"). */
function saysWhich(words: readonly string[], end: number): boolean {
  if (words[end]?.toLowerCase() !== "with") return true;
  return /^(?:\d.*|one|two|three|four|five|ten|no|little|few|fewer|many|more|less|an?|up|over|under|young|small|old|low|high|chronic|limited|special)$/i.test(
    words[end + 1] ?? "",
  );
}

/** After which word the people end that begin at `start`. */
function headEnd(words: readonly string[], start: number): number | undefined {
  for (let index = start; index < Math.min(words.length, start + 4); index++) {
    const word = words[index] ?? "";
    if (isPeople(bare(word)))
      return isPeople(bare(words[index + 1] ?? "")) && !endsClause(word) ? index + 2 : index + 1;
    if (endsClause(word) || /ing$/.test(word) || FUNCTION_WORD.test(word)) return undefined;
  }
  return undefined;
}

/** After which word that ends which is said of people, such as "with one to five employees" or "who live alone". */
function modifierEnd(words: readonly string[], start: number): number {
  const first = words[start];
  if (first === undefined || endsClause(words[start - 1] ?? "") || !MODIFIER_START.test(first)) return start;
  for (let index = start + 1; index < Math.min(words.length, start + 8); index++) {
    const word = words[index] ?? "";
    if (first.toLowerCase() !== "who" && index > start + 1 && isVerb(word)) return start;
    if (endsClause(word) || index === words.length - 1) return index + 1;
    const closes =
      first.toLowerCase() === "who" ? false : /[^s]s$|[a-z]{3}ses$/.test(word) || /\p{Lu}/u.test(word);
    if (closes) return index + 1;
  }
  return start;
}

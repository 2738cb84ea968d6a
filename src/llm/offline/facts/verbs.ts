/** What products do and let people do. Words that are as often nouns are left to the patterns that need no list. */
const VERBS = `
add adjust agree alert analyse analyze answer apply approve arrange ask assign attend automate avoid back beat bill book
borrow bring browse build buy calculate call cancel capture carry catch categorise categorize change chart chat check
choose clean collaborate collect combine comment compare complete compose compute connect control convert cook coordinate
copy count cover create cut deal debug decide deliver deploy describe design detect develop discover discuss display
download draft draw drive earn eat edit email encrypt estimate exchange explain explore export extract file fill filter
find finish fix flag follow forecast forward gather generate get give go group grow guide handle help hire import improve
inspect install invest invite join keep know label learn lend let list listen live log look lower maintain make manage
map mark match measure meet message monitor move navigate notify offer open optimise optimize order organise organize own
park pay pick plan plant play post practise practice predict prepare prevent print prioritise prioritize process produce
propose protect prove provide publish put rank rate reach react read receive recognise recognize recommend reconcile
record recover recruit recycle reduce refill refund register remember remind remove rent reorder repair replace reply
report request rescue reserve resolve respond rest restock return review reward ride run save say scan schedule search
see sell send serve set settle share ship shop show sign simulate skip sleep solve sort spend split spot start stay stop
store stream study submit subscribe suggest summarise summarize support swap sync take talk teach tell test tip trace
track trade train transcribe transfer translate travel treat try tune turn understand update upload use validate verify
view visit vote wait walk warn watch work write`
  .trim()
  .split(/\s+/);

const DOUBLED = new Set(
  "chat cut get let log map plan prep put run scan set ship shop skip split spot stop swap tip".split(" "),
);
const DOUBLED_GERUND = new Set([...DOUBLED, "submit", "refer"]);

function thirdPerson(verb: string): string {
  if (/(?:[sxz]|[cs]h|o)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

function gerundOf(verb: string): string {
  if (DOUBLED_GERUND.has(verb)) return `${verb}${verb.at(-1)}ing`;
  return /[^eo]e$/.test(verb) ? `${verb.slice(0, -1)}ing` : `${verb}ing`;
}

const BASES = new Set(VERBS);
const THIRD_PERSONS = new Map(VERBS.map((verb) => [thirdPerson(verb), verb]));
const GERUNDS = new Map(VERBS.map((verb) => [gerundOf(verb), verb]));

/** Whether a word is the plain form of a verb that products are described with. */
export function isVerb(word: string): boolean {
  return BASES.has(word.toLowerCase());
}

/** "matches" → "match"; undefined for what is no such form. */
export function fromThirdPerson(word: string): string | undefined {
  return THIRD_PERSONS.get(word.toLowerCase());
}

/** "scanning" → "scan"; undefined for what is no such form. */
export function fromGerund(word: string): string | undefined {
  return GERUNDS.get(word.toLowerCase());
}

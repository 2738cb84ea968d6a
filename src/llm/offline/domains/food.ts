import type { Domain } from "./domain.ts";

export const food: Domain = {
  key: "food",
  strong:
    /\b(?:recipes?|restaurants?|meals?|kitchens?|cook(?:s|ing|ed)?|caf(?:e|é)s?|bakery|bakeries|chefs?|groceries|grocery|menus?|farm(?:s|ers?|ing)?|harvests?|crops?|gardens?|gardeners?|leftovers|bees?|beekeepers?|honey|hives?)\b/,
  weak: /\b(?:food|eat\w*|dinner|ingredients?|vegetables?|plants?|fresh|organic|coffee|wine|beer|seeds?|hungry|dish(?:es)?|seasons?)\b/,
  users: "people who cook every day",
  fits: /./,
  day: "What is there today decides, and it is different from yesterday. Hands are wet, time is short, and whatever is not used by tomorrow is lost.",
  pain: "Plans meet what is really there too late, and good food ends in the bin while something else is missing.",
  cost: "A fifth of what is bought is thrown away, and the hour at five in the afternoon is spent on deciding what to do.",
  today: [
    "a list on the wall and what one has in one's head",
    "general apps that do not know what is there today",
  ],
  promise: "help {users} to make the most of what there is today",
  outcome: "less is thrown away and nobody stands there at five without an idea",
  constraint:
    "It is used with wet hands, in two minutes, next to something hot or out in the field. Large, few words, by voice where possible, and without a network.",
  edges: [
    "We start from what is there, not from what one would have to buy.",
    "We know seasons and the region: a suggestion in March looks different from one in August.",
    "We learn from what was really used, and never from what was only liked.",
  ],
  market:
    "Households pay 3 to 6 euros a month for what saves twenty; businesses in food live on small margins and pay 30 to 80 for what reduces waste by a tenth. We meet {users} where they are every week (markets, suppliers, shared kitchens), and each season brings its own reason to begin.",
  rivals:
    "Recipe sites have millions of readers and no idea of what is there; enterprise kitchen systems begin at a thousand euros. We are the small thing in between that is used every day. A year of what was really there, used and lost is a treasure for each of our users, and it grows with us only.",
  features: [
    {
      name: "What is there",
      match: /track|log|record|scan|photo|count|invent|list|harvest|enter|store/i,
      does: "{Users} say or photograph what there is, and we keep the list with how long it lasts.",
      benefit: "We ask about the two things that matter today and leave the rest alone.",
    },
    {
      name: "What to do with it",
      match: /suggest|recipe|cook|plan|menu|idea|recommend|meal|advice/i,
      does: "We suggest three things that fit what is there, the season and the time.",
      benefit: "We begin with what will not last, and say so.",
    },
    {
      name: "Week plan that bends",
      match: /week|schedule|calendar|plan|season|when|remind/i,
      does: "A plan for the week that moves by itself when a day goes differently.",
      benefit: "We change as little as possible, so that the shopping still fits.",
    },
    {
      name: "Share what is left",
      match: /share|sell|offer|neighbo|donat|give|swap|deliver|order|pick/i,
      does: "{Users} offer what is too much to people nearby, with a time to fetch it.",
      benefit: "We keep it to people who know each other by one step, which makes it easy to say yes.",
    },
    {
      name: "Year in numbers",
      match: /report|waste|cost|compare|year|yield|analy|sav/i,
      does: "We show what came, what was used and what was lost, by month.",
      benefit: "We turn it into one suggestion for the next year, and no more.",
    },
  ],
  later: [
    "A shop of our own: goods and delivery are another business.",
    "Nutrition and medical diets, which need experts and approvals.",
    "Kitchen devices and sensors, until the phone is no longer enough.",
    "A social feed with pictures of plates: there is one.",
  ],
  metrics: [
    "What is thrown away falls by a quarter in eight weeks, by our users' own list.",
    "Three suggestions a week are really carried out in six of ten households or businesses.",
    "Half of those who start in one season are still there in the next.",
  ],
  parts:
    "We build an installable web app that works offline and takes voice and photos, a service on PostgreSQL, and a small set of rules for how long things last and what goes with what, which a person with experience maintains. Photos are recognised on the device where it can; what is unsure becomes a question.",
  data: "Entries come from the phone, with time and place only if the person wants it. Others see what was offered to them, and nothing of the rest. From many entries we compute seasons for a region, in groups of twenty at least, so that nobody can be recognised.",
  integrations: [
    {
      on: "a weather and season service",
      gives: "knowing what is ripe, and when",
      without: "we use the averages of the last ten years",
    },
    {
      on: "speech recognition of the phone",
      gives: "entries with wet hands",
      without: "we show the eight things of yesterday as large buttons",
    },
  ],
  rules:
    "Food that is passed on follows hygiene and allergen rules: we ask for both, and private gifts stay private. Allergies are health data under the GDPR and never leave the device without consent. Whoever sells gets the labels that the law asks for, with a hint to check them.",
  scale:
    "Everybody asks at five in the afternoon. Suggestions are computed at noon for each user and only adjusted later. With a hundred times as many people the rules stay and get regions; editors per region are what we have to find.",
  risks: {
    technical: [
      {
        title: "The list is not what is really there",
        what: "One forgotten entry, and the suggestion needs what was eaten yesterday.",
        severity: "HIGH",
        mitigation:
          "We treat the list as likely and not as certain, ask about the one thing that decides, and learn who forgets what.",
      },
      {
        title: "Advice on how long something lasts is wrong",
        what: "A wrong date is either waste or a stomach ache.",
        severity: "HIGH",
        mitigation:
          "We use official tables, stay on the safe side, and always say look, smell and taste first.",
      },
    ],
    market: {
      title: "January's good intentions",
      what: "{Users} begin with the new year or the new season, and stop when daily life is back.",
      severity: "MEDIUM",
      mitigation:
        "We ask for two minutes a day at most, and greet those who come back without a gap to fill.",
    },
    execution: {
      title: "The season does not wait",
      what: "What we want to test happens in a few weeks of the year; if we are late, we wait for the next.",
      severity: "HIGH",
      mitigation: "We plan backwards from the season, and test the rest with last year's notes.",
    },
    financial: {
      title: "A little from many",
      what: "At a few euros each we need many people, and they are won one kitchen at a time.",
      severity: "MEDIUM",
      mitigation: "We look for partners who gain when waste falls, and who pay for their people.",
    },
    strategic: {
      title: "A supermarket gives it away",
      what: "They know what was bought, and can suggest what to cook with a coupon.",
      severity: "MEDIUM",
      mitigation: "We are on the side of using what is there, which nobody who sells can credibly be.",
    },
  },
  pilot: "ten",
  weeksPerFeature: 0.7,
};

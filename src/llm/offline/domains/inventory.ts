import type { Domain } from "./domain.ts";

export const inventory: Domain = {
  key: "inventory",
  strong: /\b(?:inventor(?:y|ies)|stock|restock\w*|warehous\w*|shel(?:f|ves)|barcodes?|skus?|stocktak\w*)\b/,
  weak: /\b(?:shops?|stores?|retail\w*|goods|suppliers?|reorder\w*|scan\w*|count\w*)\b/,
  users: "shop owners",
  fits: /shop|store|retail|owner|merchant|boutique|pharmac|baker/,
  day: "They serve customers all day, take deliveries in between, and count what is left when the door is shut. Nobody in the shop has stock as their job, so it is done when there is time, which is to say late.",
  pain: "What is missing is noticed when a customer asks for it, and what sells badly is noticed at the end of the year.",
  cost: "A shelf that is empty on a Saturday is a sale that does not come back, and the money for it often lies in the cellar in boxes that nobody wants. Add to that two or three evenings of counting a month, which nobody pays for.",
  today: ["a paper list by the till", "a spreadsheet that is right on the day it is made"],
  promise: "tell {users} what is on the shelf and what to order next",
  outcome: "what sells is there and what does not sell is not bought again",
  constraint:
    "It has to work on the phone that is already in their pocket, one-handed, in a back room with bad reception. Whatever needs a scanner, a desk or an hour of training is out.",
  edges: [
    "We start from a count that takes minutes, not from a catalogue that has to be typed in first: the list of goods grows while {users} work.",
    "We say what to do (order twelve, by Thursday) where others show what there is and leave the sum to the reader.",
    "We work without a connection and sort it out later, because that is how back rooms are.",
  ],
  market:
    "Independent retailers pay for a till, a card terminal and an accountant already; 20 to 40 euros a month for one empty shelf less a week is an easy sum to do. We reach them through wholesalers and their associations, who meet each of them every week, rather than through advertisements that they never see.",
  rivals:
    "The till makers have stock modules that come with the till and are used by few, because they begin with data entry; the big inventory suites begin at several hundred euros. We stay below both in effort. What protects us is the history of what each shelf sells: after half a year our order suggestions are better than anything that starts from nothing.",
  features: [
    {
      name: "Shelf scan",
      match: /scan|barcode|camera|photo|count/i,
      does: "{Users} walk along a shelf with the phone and count as they go.",
      benefit: "Each scan is a count, so we never ask anybody to type a number twice.",
    },
    {
      name: "Order suggestions",
      match: /order|reorder|restock|buy|purchas|suppl/i,
      does: "We tell {users} what to order, how much of it, and until when.",
      benefit:
        "We work from what was sold in the last weeks and from how long the supplier takes, and we show the sum.",
    },
    {
      name: "Low-stock alerts",
      match: /alert|notif|warn|low|run(?:s|ning)? out|missing/i,
      does: "We send one message a day about what will run out before the next delivery.",
      benefit: "It is one message and not twenty, so that it is still read in the third month.",
    },
    {
      name: "Product list from the first scan",
      match: /catalog|product list|label|items?\b/i,
      does: "We build the list of goods from what is scanned; what has no barcode gets a photo and a name.",
      benefit: "We ask for nothing to be set up beforehand: the first count is the set-up.",
    },
    {
      name: "Delivery check-in",
      match: /deliver|receiv|incoming/i,
      does: "{Users} tick off what came against what was ordered, and we keep the difference for the next call with the supplier.",
      benefit: "We put the stock right in the same step, so that it is true on the evening of the delivery.",
    },
  ],
  later: [
    "A link to the till: each till is different, and we learn more from counts by hand in the first shops.",
    "Several branches with transfers between them: our first users have one shop.",
    "Sending orders to suppliers electronically; we write the order, and they send it the way they do today.",
    "Accounts and stock valuation for the tax office: the accountant has a program for that.",
  ],
  metrics: [
    "Four of five pilot shops count at least one shelf a week without our asking, from the third week on.",
    "A shelf of 100 articles is counted in less than ten minutes; we measure from the first scan to the last.",
    "Goods that customers asked for and that were not there go down by half within eight weeks, by our users' own tally.",
  ],
  parts:
    "We build a web app that installs on the phone and keeps its counts on the device until there is a connection, one service that holds articles, counts and suggestions, and a PostgreSQL database. Barcodes are read on the phone itself, so that scanning is fast and costs us nothing. Order suggestions are a nightly sum over counts: simple enough to explain, and to be wrong in ways that one can see.",
  data: "Counts come from the phone in the shop and carry the time and the person; they are only ever added, never changed, so that a late upload cannot overwrite a newer count. The stock of an article is the last count less what has been ticked off since. The people of one shop see their shop; suppliers see only the orders that are sent to them; we see usage, not prices.",
  integrations: [
    {
      on: "a public barcode database",
      gives: "the name and the picture of an article from its number",
      without: "we ask for a photo and a name, once, and go on",
    },
    {
      on: "e-mail to suppliers",
      gives: "getting an order out of the shop",
      without: "we show the order as text to copy or read out on the telephone",
    },
  ],
  rules:
    "We hold hardly any personal data: the names of employees who count, and e-mail addresses. The GDPR applies to them, and a shop can export and delete everything. Purchase prices are trade secrets to our users, so we encrypt them and keep them out of our logs.",
  scale:
    "The nightly suggestions grow with shops times articles and are the first thing to become slow; we compute them per shop, on a queue, and only where a count has changed. Counts are partitioned by shop, so a hundred times as many shops are more of the same and not a different program.",
  risks: {
    technical: [
      {
        title: "Counts that were made without a connection contradict each other",
        what: "Two people count the same shelf in a cellar with no reception, and both uploads are right for their moment.",
        severity: "MEDIUM",
        mitigation:
          "We only add counts, never overwrite, order them by the time on the shelf, and show both where they lie within an hour.",
      },
      {
        title: "Suggestions are wrong while there is little history",
        what: "In the first weeks we know too little of what sells, and one absurd order costs more trust than ten good ones earn.",
        severity: "HIGH",
        mitigation:
          "We suggest nothing for an article before its third count, and show the sum behind each number so that it can be corrected.",
      },
    ],
    market: {
      title: "Counting stays the chore that is put off",
      what: "The help comes after the counting, and {users} may give up before they have felt it.",
      severity: "HIGH",
      mitigation:
        "We begin with the one shelf that sells best, so that the first useful suggestion comes within two weeks.",
    },
    execution: {
      title: "Shops have no time for us in their season",
      what: "Pilot shops drop out when the busy weeks begin, and we lose the only people who can tell us what is wrong.",
      severity: "MEDIUM",
      mitigation:
        "We agree on dates with the pilot shops now, and have twice as many on the list as we need.",
    },
    financial: {
      title: "Small shops pay little and cost a visit each",
      what: "If every shop needs a visit before it counts by itself, what it pays in a year does not cover what it costs us to win it.",
      severity: "MEDIUM",
      mitigation:
        "We do the first visits ourselves, write down every question, and turn the five most frequent ones into the first screen.",
    },
    strategic: {
      title: "A till maker gives the same away",
      what: "The till sees every sale; its maker can suggest orders without any counting and put it into the price of the till.",
      severity: "MEDIUM",
      mitigation:
        "We stay with shops whose goods have no clean till data, and build the link to tills before they need us to.",
    },
  },
  pilot: "five",
  weeksPerFeature: 0.5,
};

import type { Domain } from "./domain.ts";

export const marketplace: Domain = {
  key: "marketplace",
  strong:
    /\b(?:marketplaces?|sellers?|second.?hand|used|auctions?|listings?|peer.to.peer|rent(?:s|als?|ing)?|resell\w*|classifieds?|uber|airbnb|tinder)\b/,
  weak: /\b(?:sell\w*|buy\w*|buyers?|trade|swap\w*|lend\w*|borrow\w*|match\w*|connect\w*|local|offers?|neighbou?rs?|vintage)\b/,
  users: "people who sell and people who look for something",
  fits: /./,
  day: "One side has something that stands around, the other searches three sites and writes to five strangers. Between the two lie a photo, a price and a great deal of doubt.",
  pain: "Finding each other takes an evening and trusting each other takes another, so that most deals never happen.",
  cost: "Good things stand unused, and whoever needs them buys new; half of those who write never get an answer.",
  today: ["general classifieds full of noise", "groups in social networks with rules of their own"],
  promise: "bring {users} together around what they really want, and make the deal safe for both",
  outcome: "a good offer finds the right person within days and not by luck",
  constraint:
    "Neither side comes before the other is there. We win one small place completely before we open a second one.",
  edges: [
    "We ask what fits, in the words of those who know the matter, where general sites have a title and a price.",
    "We hold the money until both are content, so that nobody has to trust a profile picture.",
    "We close what is gone: an offer that nobody confirms disappears, and a search here ends in an answer.",
  ],
  market:
    "In our niche most deals happen on general sites at no fee and with much annoyance; for safety and a fit people accept 5 to 12 percent. We start in one city or scene, supply first: fifty good offers by hand are worth more than a thousand that were imported. {Users} who had one good deal bring the next person.",
  rivals:
    "General classifieds have the traffic and treat everything alike; social groups have the trust and no tools. We are where the matter is understood. Liquidity protects us: whoever is first to have an answer to most searches in a place is hard to replace there, and the reputation that people earn with us stays with us.",
  features: [
    {
      name: "Listing in two minutes",
      match: /list|sell|offer|post|publish|upload|rent out|lend/i,
      does: "Whoever offers something takes photos and answers four questions that matter for it.",
      benefit: "We suggest the price from what was really paid before.",
    },
    {
      name: "Search that fits",
      match: /search|find|browse|match|discover|filter|look|nearby|swipe/i,
      does: "{Users} say what it is for, and we show what fits, nearest first.",
      benefit: "We remember a search that found nothing, and write when something comes.",
    },
    {
      name: "Safe payment",
      match: /pay|escrow|safe|secure|deposit|buy|money|insur/i,
      does: "We hold the money until both have confirmed, and pay out the same day.",
      benefit: "We decide disputes within two days from photos that both took at the handover.",
    },
    {
      name: "Messages with manners",
      match: /chat|messag|contact|talk|negotiat|connect|meet/i,
      does: "Both sides write within the deal, with ready questions and a time to meet.",
      benefit: "We close threads that stay silent for three days, so that nobody waits for nothing.",
    },
    {
      name: "Reputation from real deals",
      match: /review|rating|reputation|trust|verif|profile/i,
      does: "After each deal both rate two things: was it as described, and did they come.",
      benefit: "We count only what really took place, so that praise cannot be bought.",
    },
  ],
  later: [
    "Shipping: handing over in person keeps the first deals simple, and local ones better.",
    "A second city or category before the first one answers most searches.",
    "Dealers with their own stock; they would fill the pages and drown our first users.",
    "An app in the stores: links that open at once are what gets shared.",
  ],
  metrics: [
    "Half of the new offers find somebody within ten days.",
    "Seven of ten searches show at least three results that fit, in the place where we begin.",
    "One of three who made a deal makes another within two months, on either side.",
  ],
  parts:
    "We build a web app with pages that search engines can read, one service for offers, deals and messages, and PostgreSQL with its full-text and geographic search: enough for the first hundred thousand offers. A deal is a state machine with its money kept at a payment provider; each step is on record for the day on which two people remember it differently.",
  data: "Offers are public, without a name or an exact place. Messages are seen by the two who write them, and by us only when one of them reports the other. Addresses are shown once a deal is agreed. Identity documents go straight to the payment provider: we get a yes or a no.",
  integrations: [
    {
      on: "a payment provider for platforms",
      gives: "holding money, paying out and checking identities",
      without: "we keep the deal open and tell both, and no money moves",
    },
    {
      on: "a map and address service",
      gives: "distance and a meeting point in between",
      without: "we use the centre of the postal code",
    },
  ],
  rules:
    "As a platform we fall under the Digital Services Act (a way to report, reasons for each removal) and must pass on sellers' income above a threshold under DAC7. The payment provider holds the licence for the money. Messages and places are personal data under the GDPR, and go one year after the deal.",
  scale:
    "Search and pictures carry the load. Pictures lie on a content network from the first day; search moves to an engine of its own at about a million offers. With a hundred times as many people abuse grows faster than traffic, so we plan people and rules for it before servers.",
  risks: {
    technical: [
      {
        title: "A deal hangs between two states",
        what: "The payment went through and our answer got lost: one sees it paid, the other sees it open.",
        severity: "HIGH",
        mitigation:
          "We take the provider's events as the truth, apply each once, and compare all open deals with it every hour.",
      },
      {
        title: "Spam and fraud find us early",
        what: "Copied photos and requests to pay outside come as soon as there is traffic, and cost us the first good users.",
        severity: "MEDIUM",
        mitigation:
          "We look at each first offer by hand, recognise copied pictures, and hide links until a deal exists.",
      },
    ],
    market: {
      title: "One side waits for the other",
      what: "{Users} look, find three offers and do not come back; those who offer hear nothing and leave as well.",
      severity: "HIGH",
      mitigation: "We fill one place by hand with fifty good offers before we invite anybody to search.",
    },
    execution: {
      title: "Winning supply is work that does not scale",
      what: "Visits, photos and calls take the days that the software was to get.",
      severity: "MEDIUM",
      mitigation:
        "We keep one person free for supply, with a weekly number, and plan the software for the other.",
    },
    financial: {
      title: "The second deal goes around us",
      what: "Two people who know each other do not need our fee, and we have paid for bringing them together.",
      severity: "MEDIUM",
      mitigation:
        "We keep the fee below what safety is worth to them, and charge for the protection and not for the contact.",
    },
    strategic: {
      title: "A general site opens a section for our niche",
      what: "With its traffic it needs a filter and a campaign to look like us.",
      severity: "MEDIUM",
      mitigation:
        "We stay deeper (questions, prices, handover) and own the trust in one place before it is worth their while.",
    },
  },
  pilot: "fifty",
  weeksPerFeature: 1,
};

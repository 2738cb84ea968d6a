import type { Domain } from "./domain.ts";

export const productivity: Domain = {
  key: "productivity",
  strong:
    /\b(?:tasks?|to-?dos?|kanban|project management|meetings?|notes?|workflows?|deadlines?|checklists?|collaborat\w*|productivity|time.track\w*|paperwork|contracts?|documents?|approvals?|reminders?)\b/,
  weak: /\b(?:teams?|organi[sz]\w*|plan\w*|track\w*|projects?|office|files?|e-?mails?|agenc(?:y|ies)|automat\w*|remote|habits?|goals?|focus)\b/,
  users: "small teams",
  fits: /team|agenc|compan|office|manager|freelanc|people|firm|startup|business/,
  day: "Work arrives by mail, chat and on the corridor, and each has a list of their own. On Friday somebody asks who was going to do it, and everybody looks at the floor.",
  pain: "Who does what until when is agreed aloud and written down in three places, of which none is right.",
  cost: "Work is done twice or not at all, an hour a day goes into asking for the state of things, and what was promised to a customer is late.",
  today: ["a board that was tidy in the first month", "mails to oneself and a good memory"],
  promise: "keep what {users} have agreed in one list that is right without anybody tidying it",
  outcome: "everybody knows what is next, and nobody has to ask",
  constraint:
    "It must cost less effort than it saves in the very first week, for each single person. A tool that helps only the one who plans is left by all the others.",
  edges: [
    "We take work where it arrives, so that nobody has to copy it onto a board.",
    "We show one next thing per person, and the rest only when asked for.",
    "What is old asks for a decision (do, give away, drop) instead of turning red.",
  ],
  market:
    "Teams pay 5 to 12 euros per head and month for work tools, and change them every two years out of disappointment. We are found by the person who suffers most, try out with one team, and spread by the guests who are invited to a single task. {Users} with customers of their own pay best.",
  rivals:
    "There are a hundred boards, and they compete by features; we cannot win that. We win by less: no tidying, no training, no fields. What keeps {users} is that the agreements of a year are with us, including those with people outside the house.",
  features: [
    {
      name: "Catch it where it arrives",
      match: /captur|mail|email|import|collect|inbox|add|forward|record|note|scan|transcri/i,
      does: "{Users} forward a mail or mention us in the chat, and what was agreed is on the list.",
      benefit: "We fill in who and until when from the text, and ask only when it is unclear.",
    },
    {
      name: "Next thing first",
      match: /priorit|next|focus|list|board|kanban|task|today|plan/i,
      does: "Everybody sees the one thing that is next, with the reason why it is this one.",
      benefit: "We let it be put off with one tap, and learn from it.",
    },
    {
      name: "Agreements with a date",
      match: /assign|deadline|agree|due|delegat|approv|sign|contract|share|remind/i,
      does: "Whoever hands something over sees that it was accepted, and until when.",
      benefit: "We ask the one who promised, a day before, and never the whole team.",
    },
    {
      name: "Friday page",
      match: /report|summary|summar|status|review|progress|track|time|analy/i,
      does: "We write what was done, what waits for whom, and what moved, in ten lines.",
      benefit: "We make the status meeting shorter, and some teams will drop it.",
    },
    {
      name: "Templates from what was done",
      match: /template|repeat|automat|workflow|process|checklist|generate|fill/i,
      does: "What was done well once can be started again with its steps and roles.",
      benefit: "We propose it when we see the same thing for the third time.",
    },
  ],
  later: [
    "Gantt charts, resource planning and budgets: others do it, and our users do not miss it.",
    "A chat or a document editor of our own; we link to those that people use.",
    "Custom fields and workflows by click: they are how the other boards became heavy.",
    "A version for companies above 100 people, with roles and audits.",
  ],
  metrics: [
    "Seven of ten team members do something in it on each working day of the fourth week.",
    "Eight of ten agreements are kept by their date, or moved before it.",
    "The weekly status round takes half of the time that it took before.",
  ],
  parts:
    "We build a web app, an address to which anything can be forwarded, and a service on PostgreSQL with an append-only history of each agreement. A language model proposes title, person and date from a text; a person confirms with one tap, so that a wrong guess costs one tap as well. The list works without the model.",
  data: "What is forwarded is read once, kept with its agreement, and seen by those who take part in it. A guest sees the one task that they were invited to. The history is never rewritten: who agreed to what, and when, is the point. We do not measure people, and show no ranking.",
  integrations: [
    {
      on: "mail and chat",
      gives: "work where it arrives, without copying",
      without: "a page with one text field does the same",
    },
    {
      on: "a language model for reading agreements",
      gives: "person, date and title from a sentence",
      without: "we show the text with two empty fields",
    },
  ],
  rules:
    "Forwarded mails hold personal data of people who never signed up: we keep what the agreement needs and delete the rest after 30 days. Employees must not be monitored, so there are no figures per person, which works councils like to read. Hosting and the model are in the EU under a processing agreement.",
  scale:
    "Reading texts is the only thing that costs; lists are small. With ten times as many teams we cache what the model has read, with a hundred times as many a small model of our own does the easy nine tenths. Teams are independent of each other and are spread over machines by team.",
  risks: {
    technical: [
      {
        title: "We read an agreement wrongly",
        what: "A joke becomes a task or a date slips by a week, and people stop trusting the list.",
        severity: "MEDIUM",
        mitigation:
          "We put nothing on the list that nobody confirmed, show the sentence it came from, and count corrections per week.",
      },
      {
        title: "Mail in, duplicates out",
        what: "The same agreement arrives by mail, by chat and by a second forward.",
        severity: "MEDIUM",
        mitigation:
          "We compare people, dates and words, offer to merge, and keep both sources with the one agreement.",
      },
    ],
    market: {
      title: "One person loves it, the others do not come",
      what: "A list that only one of {users} keeps is that person's list, and it ends with their patience.",
      severity: "HIGH",
      mitigation:
        "We make it useful by mail alone, so that the others take part without signing in, and invite whole teams only.",
    },
    execution: {
      title: "Everybody has a wish, and all are reasonable",
      what: "Each pilot team misses the one field that its old board had, and yes is easily said.",
      severity: "MEDIUM",
      mitigation: "We build what three teams ask for independently, and write down what we refused and why.",
    },
    financial: {
      title: "Prices in the market fall",
      what: "The big suites give task lists away with mail and storage.",
      severity: "MEDIUM",
      mitigation:
        "We charge per team and for what saves time with customers, where the value can be seen on an invoice.",
    },
    strategic: {
      title: "The mail program does it by itself",
      what: "An assistant within the mailbox can find agreements without anything being forwarded.",
      severity: "HIGH",
      mitigation:
        "We hold what lies between several people and firms, and stay independent of which mail program each of them has.",
    },
  },
  pilot: "twelve",
  weeksPerFeature: 0.8,
};

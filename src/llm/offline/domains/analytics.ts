import type { Domain } from "./domain.ts";

export const analytics: Domain = {
  key: "analytics",
  strong:
    /\b(?:analytics|dashboards?|metrics|kpis?|forecast\w*|data warehouse\w*|business intelligence|reporting|insights?|sensors?|churn|telemetry|satellites?|emissions?|carbon)\b/,
  weak: /\b(?:data|reports?|charts?|trends?|measur\w*|monitor\w*|predict\w*|statistics|numbers|surveys?|energy)\b/,
  users: "managers who decide without a data team",
  fits: /manager|compan|team|business|manufactur|owner|founder|executive|operator|firm/,
  day: "They decide on Monday with numbers from the Monday before. Whoever could prepare better ones has a queue of three weeks, so the answer comes after the decision.",
  pain: "The numbers are there, in five systems with five meanings, and nobody believes the sum.",
  cost: "Meetings are about whose number is right, a drop is seen a month late, and every export by hand costs somebody half a day.",
  today: ["exports that are pasted into a spreadsheet", "a dashboard that nobody has opened since spring"],
  promise: "tell {users} what changed, why, and how sure we are",
  outcome: "they act in the same week and argue about what to do, not about the number",
  constraint:
    "A number that cannot be explained is not shown. Each must lead back to its rows within two clicks, or we lose the only thing that we sell.",
  edges: [
    "We write sentences first (what changed, by how much, since when), and the chart is the evidence.",
    "Each number has one definition with an owner and a history, agreed before it is drawn.",
    "We are silent on ordinary days; others fill a screen whether something happened or not.",
  ],
  market:
    "Companies of 20 to 200 people pay 200 to 800 euros a month for dashboards, and more for the hours around them. We reach {users} by one question that they have right now: we connect one source and answer it in the first call. Those who forward our Monday note do our sales.",
  rivals:
    "The large dashboard suites can do everything and need a person who does it; spreadsheets are free and wrong. We take the place of the analyst whom they cannot hire. Our definitions, corrected week by week by those who know, are what a newcomer with better charts does not have.",
  features: [
    {
      name: "Monday note",
      match: /report|summar|note|digest|insight|explain|weekly|why/i,
      does: "We write half a page a week about what changed, with the likely reason and how sure we are.",
      benefit: "We say when nothing happened, in one line, and keep it short.",
    },
    {
      name: "Connect a source",
      match: /connect|import|source|integrat|collect|sync|sensor|api|gather/i,
      does: "{Users} connect a source in ten minutes and see at once what we read from it.",
      benefit: "We show gaps and doubles before anybody builds on them.",
    },
    {
      name: "Definitions with an owner",
      match: /defin|metric|kpi|catalog|measure|model/i,
      does: "Each number has a definition in plain words, an owner, and a history of its changes.",
      benefit: "We draw old and new side by side when a definition changes.",
    },
    {
      name: "Alarm on the unusual",
      match: /alert|alarm|anomal|detect|warn|monitor|notify|watch/i,
      does: "We watch each number against its own past and speak up when it leaves it.",
      benefit: "We learn from each dismissed alarm, so that there are few and they count.",
    },
    {
      name: "Trace to the rows",
      match: /drill|trace|explor|query|detail|chart|visual|dashboard|forecast|predict/i,
      does: "Two clicks lead from any number to the rows that it is made of.",
      benefit: "We built it for the moment in which somebody says: this cannot be right.",
    },
  ],
  later: [
    "Free dashboard building: everybody has a tool for charts, and that is not what is missing.",
    "Predictions, until the past is agreed upon.",
    "Writing back into the source systems; we read only, which makes the first yes easy.",
    "Real time: our users decide weekly, and an hour's delay keeps it simple.",
  ],
  metrics: [
    "The note is opened by Monday noon in nine of ten weeks, and forwarded in three.",
    "Every second note leads to a decision that somebody can name; we ask on Friday.",
    "Fewer than one number in two hundred is corrected after it was published.",
  ],
  parts:
    "We build connectors that copy into a PostgreSQL database per customer, definitions as versioned SQL, a worker that computes each night and compares with the day before, and a small web app. We copy rather than query live, so that a number can be computed again as it was. Text is composed from checked numbers; a language model may polish words and never touches figures.",
  data: "Rows are copied from the sources each night, with the time of the copy, and are read-only from then on. Each number keeps the version of its definition and of its rows. People see what their role in the source system lets them see. Nothing of one customer is ever computed together with another's.",
  integrations: [
    {
      on: "the interfaces of the source systems",
      gives: "rows without anybody's export",
      without: "we read a file from an agreed folder, and mark its age",
    },
    {
      on: "the company's chat and mail",
      gives: "the note where it is read",
      without: "it is on the page, and we send it when they are back",
    },
  ],
  rules:
    "We process on behalf of our customers: a processing agreement, EU hosting, and an export at any time. Columns with personal data are left out when a source is connected, unless somebody says why they are needed. For larger customers we will need ISO 27001, so we write down how we work from the start.",
  scale:
    "Nightly copies grow with rows, not with readers. We copy what changed only, and give each customer a database, so that the largest does not slow down the others. At a hundred times the rows, computation moves to a column store behind the same definitions.",
  risks: {
    technical: [
      {
        title: "A source changes its meaning without a word",
        what: "A field is renamed or used differently, and our numbers go on, smooth and wrong.",
        severity: "HIGH",
        mitigation:
          "We check counts, ranges and shares of each column at night, stop what depends on a surprise, and say so in the note.",
      },
      {
        title: "The reason that we give is not the reason",
        what: "Two things move together and we name the wrong one as the cause.",
        severity: "HIGH",
        mitigation:
          'We write "together with" unless there is evidence, show how sure we are, and keep a record of how often we were right.',
      },
    ],
    market: {
      title: "It is nice to know and not needed",
      what: "{Users} read the note, nod, and would not miss it.",
      severity: "HIGH",
      mitigation:
        "We ask for the decision that is due before we connect anything, and leave where there is none.",
    },
    execution: {
      title: "Access to sources is a matter of weeks",
      what: "Whoever may grant it is busy, and the contract comes before the key.",
      severity: "MEDIUM",
      mitigation:
        "We send a one-page request in the first call, and begin with a file if the key takes longer than a week.",
    },
    financial: {
      title: "Every customer is a project",
      what: "If each needs its own connectors and definitions, we are a consultancy with the price of a subscription.",
      severity: "HIGH",
      mitigation: "We take customers with the same three sources first, and charge the set-up of any other.",
    },
    strategic: {
      title: "The source systems explain themselves",
      what: "Each large vendor adds an assistant that answers questions about its own data.",
      severity: "MEDIUM",
      mitigation:
        "We answer the questions that cross two systems, and own the definitions that no single vendor can.",
    },
  },
  pilot: "six",
  weeksPerFeature: 1,
};

import type { Domain } from "./domain.ts";

export const health: Domain = {
  key: "health",
  strong:
    /\b(?:health\w*|patients?|medic(?:al|ine|ines|ation|ations)|therap\w+|symptoms?|diabet\w+|caregivers?|carers?|telemedicine|pills?|mental|pregnan\w+)\b/,
  weak: /\b(?:care|clinics?|doctors?|nurses?|hospitals?|sleep\w*|fitness|wellbeing|well-being|pain|diet\w*|exercis\w*|blood|elderly|dos(?:e|es|age))\b/,
  users: "people with a chronic illness and those who care for them",
  fits: /patient|people|famil|parent|carer|caregiver|diabet|senior|women|men|elder|adult/,
  day: "Most of their day has nothing to do with medicine, and that is how they want it. What counts happens in small moments (a dose, a reading, a worry at night), and weeks later somebody has ten minutes to look at all of it.",
  pain: "What matters is written down in too many places or not at all, and is missing in the ten minutes in which somebody could act on it.",
  cost: "Doses are missed, appointments are spent on remembering, and a change that could have been seen in a week is found in a quarter.",
  today: ["a notebook and a good memory", "three apps that do not speak to each other"],
  promise: "keep what matters for {users} in one place and bring it up when somebody can act on it",
  outcome: "less is forgotten, and the next ten minutes with a professional are spent on what changed",
  constraint:
    "Nothing that we show may be taken for a diagnosis. We record, remind and summarise, a person decides, and health data never leaves the place for which its owner has given consent.",
  edges: [
    "We ask for one thing at a time, on bad days too; most health apps are made for people who feel well.",
    "We write for the conversation with a professional: one page, what changed first.",
    "We say what we do not know. A gap in the record is shown as a gap and is never filled by an estimate.",
  ],
  market:
    "Patients seldom pay for long, while practices, insurers and care services pay where it saves them visits: 5 to 15 euros per person and month are usual. We reach {users} through the people whom they trust, which takes longer than advertising and lasts longer too.",
  rivals:
    "The makers of devices have beautiful apps for their own device; hospital systems have the record and little love for those who use it. We stand between them. What protects us is trust that was earned slowly: consent that is clear, data that can be taken along, and professionals who ask for our page.",
  features: [
    {
      name: "Daily check-in",
      match: /log|track|record|diary|check.?in|symptom|enter|journal|measure/i,
      does: "{Users} note how it is in less than half a minute, by tap or by voice.",
      benefit: "We keep yesterday's answers ready, so that a day like yesterday is one tap.",
    },
    {
      name: "Reminders with a reason",
      match: /remind|medic|dose|pill|notif|forget|take/i,
      does: "We remind of doses, readings and appointments, and say what each is for.",
      benefit: "Whoever is late is asked why, kindly: we learn more from that than from a tick.",
    },
    {
      name: "One-page summary",
      match: /report|summary|summar|share|doctor|visit|pdf|overview|handover/i,
      does: "We put the last weeks on one page for the next appointment, with what changed at the top.",
      benefit: "We made it to be read in one minute, standing, by somebody who has never seen our product.",
    },
    {
      name: "Circle of trust",
      match: /famil|carer|caregiver|circle|team|relatives?|colleague|nurse/i,
      does: "{Users} let others see what they choose, and take it back with one tap.",
      benefit: "We record every look, so that everybody knows who has seen what.",
    },
    {
      name: "Early signs",
      match: /alert|warn|detect|predict|trend|early|notice/i,
      does: "We point out when readings leave the person's own usual range, and whom to ask.",
      benefit: "We use thresholds that a professional has set, and no opinion of our own.",
    },
  ],
  later: [
    "Diagnoses and advice on treatment: they would make us a medical device, with an approval of a year or more.",
    "Links to hospital records; each is a project of its own, and a printed page reaches everybody.",
    "Wearables and their streams of numbers, until we know which of them anybody acts on.",
    "Billing with insurers: first we show that it helps, then we discuss who pays.",
  ],
  metrics: [
    "Seven of ten people still check in on five days a week after a month.",
    "Professionals need less than one minute for our summary and use it in eight of ten appointments where it is there.",
    "Missed doses or readings fall by a third within six weeks, compared with each person's own first week.",
  ],
  parts:
    "We build a phone app that keeps its entries encrypted on the device, a service in a certified data centre within the country, and a PostgreSQL database in which each person's data has a key of its own: deleting the key deletes the person. Summaries are made on the server from plain rules; no text leaves for a language model.",
  data: "Entries come from the person or from whom they have invited, and carry who made them. They are never changed, only corrected by a new entry. A professional sees the summary by a link that ends after the appointment. Our staff see no contents: support works on numbers, with consent and a record of each look.",
  integrations: [
    {
      on: "the phone's own health store",
      gives: "readings of scales, meters and steps that are there already",
      without: "we ask for the reading by hand and mark it as such",
    },
    {
      on: "push messages of the phone makers",
      gives: "reminders on a locked screen, without any health word in them",
      without: "we use the phone's own alarm, which needs no network",
    },
  ],
  rules:
    "Health data is a special category under Article 9 of the GDPR: we need explicit consent, an impact assessment before the first real person, and a data protection officer. We keep our purpose outside the Medical Device Regulation in writing, and have it read by a specialist before each release that touches {product}'s early signs.",
  scale:
    "The number of entries is small; what grows is responsibility. With ten times as many people we need a night shift for faults in reminders, with a hundred times as many a second data centre and an audit by others each year. Keys per person keep one leak from becoming everybody's.",
  risks: {
    technical: [
      {
        title: "A reminder does not come",
        what: "A phone in power-saving mode keeps our message back, and somebody misses what they trusted us with.",
        severity: "HIGH",
        mitigation:
          "We set the alarm on the device itself, check daily that it is there, and say in plain words that we do not replace a professional.",
      },
      {
        title: "Health data reaches somebody it should not",
        what: "A wrong right, a log line or a lost phone shows what nobody else should know.",
        severity: "HIGH",
        mitigation:
          "We encrypt per person, keep contents out of logs by test, and have strangers attack it before real people enter anything.",
      },
    ],
    market: {
      title: "People stop when they feel better",
      what: "{Users} leave as soon as the worst is over, and come back without a record.",
      severity: "MEDIUM",
      mitigation:
        "We let the check-in become rarer by itself as things go well, down to one question a week.",
    },
    execution: {
      title: "Consent, reviews and ethics take longer than code",
      what: "A partner's review board meets once a month, and without its yes there is no pilot.",
      severity: "HIGH",
      mitigation:
        "We hand in the papers in the first week, and test with invented people until they are signed.",
    },
    financial: {
      title: "Those who profit are not those who pay",
      what: "The person has the use, the professional saves the time, and neither of them has a budget for it.",
      severity: "HIGH",
      mitigation:
        "We agree with two payers on what they would pay for before the pilot, and measure exactly that in it.",
    },
    strategic: {
      title: "We slide into being a medical device",
      what: "One helpful feature too many turns our record into advice, and the regulation applies overnight.",
      severity: "MEDIUM",
      mitigation:
        "We keep a written purpose, check each feature against it, and plan the approval as a project of its own if we want it.",
    },
  },
  pilot: "twenty",
  weeksPerFeature: 1.5,
};

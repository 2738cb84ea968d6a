import type { Domain } from "./domain.ts";

export const finance: Domain = {
  key: "finance",
  strong:
    /\b(?:invoic\w+|payments?|bookkeep\w*|accounting|accountants?|ledgers?|tax(?:es)?|receipts?|expens(?:e|es)|budget\w*|bank\w*|payroll|loans?|cash.?flow|insurance|fintech|savings?|crypto\w*)\b/,
  weak: /\b(?:money|pay(?:s|ing)?|bills?|financ\w*|reconcil\w*|debts?|split\w*|invest\w*|costs?|freelanc\w+|donat\w*)\b/,
  users: "freelancers and small firms",
  fits: /freelanc|firm|business|compan|owner|agenc|shop|self-employed|startup|creator|artist|contractor/,
  day: "They do what they are paid for during the day, and the money side of it on Sunday. Papers pile up until somebody asks for them, and then everything is needed at once.",
  pain: "What is owed, what is paid and what is missing is known for certain only when the accountant has finished, weeks later.",
  cost: "Late invoices are paid late, deadlines cost fees, and a decision without numbers is a guess with one's own money. Many lose a day a month to it.",
  today: ["a folder of receipts and a spreadsheet", "an accounting program that was made for accountants"],
  promise: "keep the books of {users} true from day to day, without evenings of sorting",
  outcome: "they know on any day what is theirs and what is due",
  constraint:
    "Every number has to be traceable to its document and may never change silently. A wrong sum that looks right is worse than no sum at all.",
  edges: [
    "We start from the document in hand and not from a chart of accounts: nobody has to know bookkeeping to begin.",
    "We ask one clear question when we are unsure; the others guess, and leave it to be found in the audit.",
    "Corrections are shown next to what they correct, so that our numbers can be believed by a third person.",
  ],
  market:
    "Small firms pay 10 to 40 euros a month for bookkeeping software and 100 to 300 for an accountant who corrects it. We reach {users} through accountants, who choose for all their clients at once and are glad of each clean file. The weeks before a tax deadline bring half of the year's interest.",
  rivals:
    "The established suites do everything and frighten those who need a tenth of it; banks add invoices to accounts and stop at their own door. We stay narrow, and neutral between banks. What keeps others from copying us is the quality of our matching, which learns from each correction, and accountants who trust our export.",
  features: [
    {
      name: "Receipt capture",
      match: /receipt|scan|photo|captur|upload|document|bill/i,
      does: "{Users} take a photo or forward a mail, and we read date, amount and tax from it.",
      benefit: "We show what we read next to the picture, so that a mistake is seen at once.",
    },
    {
      name: "Bank matching",
      match: /match|reconcil|bank|transaction|import|categor|settle/i,
      does: "We match each movement on the account with its document and ask only where two fit.",
      benefit: "Each answer teaches us, so that the same question is not asked twice.",
    },
    {
      name: "Invoices that chase themselves",
      match: /invoice|bill(?:ing)?|send|late|chas|dunning|paid|collect|remind/i,
      does: "{Users} write an invoice in a minute, and we follow up politely until it is paid.",
      benefit: "We stop the moment the money arrives, and never write to somebody who has paid.",
    },
    {
      name: "What is mine today",
      match: /forecast|overview|dashboard|budget|balance|cash|spend|save/i,
      does: "We show one number: what is on the account less what is already owed, tax included.",
      benefit: "We explain it down to the single document with two taps.",
    },
    {
      name: "Export for the accountant",
      match: /export|tax|accountant|report|file|declar/i,
      does: "We hand over a month as one file with all documents, in the format of the accountant's program.",
      benefit: "We close what was handed over, so that both sides talk about the same numbers.",
    },
  ],
  later: [
    "Holding or moving money ourselves: it needs a licence, and reading accounts already answers the question that hurts.",
    "Payroll: it has rules of its own for every country, and mistakes hit people.",
    "Several currencies and countries; we start with one, and do its tax right.",
    "Credit and financing offers, which would turn an adviser into a seller.",
  ],
  metrics: [
    "Nine of ten movements are matched without a question by the third month.",
    "A month is closed within five days of its end, by four of five users.",
    "Accountants send back fewer than one document in a hundred for correction.",
  ],
  parts:
    "We build a web app, a service with an append-only double-entry journal in PostgreSQL, and workers that read documents and match movements. Amounts are whole cents with their currency, never floating point; each booking is balanced by a constraint in the database. What is derived can be computed again from the journal, and we do so every night to compare.",
  data: "Documents come by photo and mail, movements from the bank by a licensed provider. We keep the originals unchanged, with a hash, for as long as the law asks. Owners see everything of their firm, an accountant what was handed over, and we ourselves nothing without a ticket of the owner.",
  integrations: [
    {
      on: "a licensed account-information provider",
      gives: "the movements of most banks, read-only",
      without: "we read the statement files that every bank offers for download",
    },
    {
      on: "a text-recognition service",
      gives: "amount, date and tax from a picture",
      without: "we queue the picture and let people type the three numbers meanwhile",
    },
  ],
  rules:
    "We must keep books unalterably and for up to ten years, and be able to show how we do it. Reading bank accounts falls under PSD2: we use a licensed provider and never see a password. Financial data is personal data under the GDPR; deletion waits until the retention period is over, and we say so before people sign up.",
  scale:
    "Month ends make the peaks: ten times the documents in three days. Reading and matching run on queues per firm and may take an hour without hurting anybody, while the journal stays small per firm and is partitioned by it. At a hundred times our size, bank connections are what we negotiate anew, not the database.",
  risks: {
    technical: [
      {
        title: "A sum is wrong and looks right",
        what: "A misread amount or a movement that was imported twice goes through, and somebody decides on it.",
        severity: "HIGH",
        mitigation:
          "We compare balances with the bank daily, refuse duplicates by the bank's own reference, and show doubts instead of hiding them.",
      },
      {
        title: "The bank connection breaks",
        what: "Banks change their interfaces and consent ends every ninety days; then numbers are old without looking old.",
        severity: "MEDIUM",
        mitigation:
          "We show how old each account is, ask for consent a week ahead, and read statement files as the second way.",
      },
    ],
    market: {
      title: "Nobody changes the books in mid-year",
      what: "{Users} are interested in March and can move in January.",
      severity: "MEDIUM",
      mitigation:
        "We begin beside the present books, with receipts only, and take over at the turn of the year.",
    },
    execution: {
      title: "Rules have more exceptions than we have weeks",
      what: "Tax on travel, mixed receipts, reversed charges: each exception is rare and somebody's daily case.",
      severity: "MEDIUM",
      mitigation:
        "We list the cases of the pilot firms first, do those that occur weekly, and hand the rest to the accountant, marked.",
    },
    financial: {
      title: "Each document costs us",
      what: "Text recognition and bank access are paid per use, and heavy users pay us the same as light ones.",
      severity: "MEDIUM",
      mitigation:
        "We price by number of documents, read simple receipts ourselves, and look at the margin per firm each month.",
    },
    strategic: {
      title: "Banks put bookkeeping into the account",
      what: "A bank that offers this for nothing has our users every day already.",
      severity: "MEDIUM",
      mitigation:
        "We are useful to those with more than one bank and with an accountant, and keep the export better than any bank's.",
    },
  },
  pilot: "ten",
  weeksPerFeature: 1.2,
};

import type { Domain } from "./domain.ts";

/** What holds for most products: for projects of a kind that we do not recognise. */
export const general: Domain = {
  key: "general",
  strong: /(?!)/,
  weak: /(?!)/,
  users: "early users",
  fits: /./,
  day: "They have found a way that works somehow, and it costs them a little every day: a detour here, a question there, something that has to be done twice. Nobody has the time to change it, because the day is full.",
  pain: "What should take minutes takes an evening, because nothing that exists fits the way in which they really do it.",
  cost: "The loss is small each time and large over a year: hours that nobody counts, mistakes that are found late, and things that are not begun at all.",
  today: ["a spreadsheet and a good memory", "a tool that was made for somebody else"],
  promise: "take the detours out of the daily work of {users}",
  outcome: "what took an evening takes minutes, and nothing falls between two chairs",
  constraint:
    "We are few and have to learn fast. Whatever we cannot put into somebody's hands within weeks, or cannot change within a day, has to wait.",
  edges: [
    "We fit the way in which {users} do it today, and do not ask them to change it first.",
    "We do one thing from beginning to end, where others do ten things by half.",
    "Whoever uses it can see why it does what it does, and can undo it.",
  ],
  market:
    "We do not know the size of our market yet, and say so. What we know is how to find out: ten conversations a week, a price on the page from the first day (15 to 30 euros a month to begin with), and a count of who comes back. The first hundred users come from where {users} already talk to each other.",
  rivals:
    "Our strongest competitor is the way it has always been done: it is free, known and good enough on most days. After that come general tools that can be bent to it. We win where the bending hurts, and stay ahead because we hear of it first: each pilot user has our telephone number.",
  features: [
    {
      name: "First result in five minutes",
      match: /start|set.?up|onboard|sign|import|begin|create/i,
      does: "{Users} come to a first useful result within five minutes, with their own data.",
      benefit: "We ask for nothing that we can find out by ourselves.",
    },
    {
      name: "Everything in one place",
      match: /track|record|store|list|organi|collect|keep|manage|log|overview/i,
      does: "What belongs together lies together, with who did what and when.",
      benefit: "We made search the way in, so that nobody has to remember where.",
    },
    {
      name: "A hint at the right moment",
      match: /remind|alert|notif|suggest|warn|tell|recommend|predict/i,
      does: "We say what needs attention today, once, with what to do about it.",
      benefit: "We stay silent when there is nothing, so that a hint is worth reading.",
    },
    {
      name: "Share with a link",
      match: /share|invite|send|collab|together|export|publish|show/i,
      does: "{Users} show a result to somebody else with a link that needs no account.",
      benefit: "We let every link be taken back, and show who has looked.",
    },
    {
      name: "Undo and history",
      match: /undo|histor|version|restore|audit|change/i,
      does: "Every change can be seen and taken back.",
      benefit: "We want people to try things without fear, in the first week above all.",
    },
  ],
  later: [
    "A mobile app in the stores: a page that works on the phone reaches everybody today.",
    "Integrations with other systems, until three users ask for the same one.",
    "Roles and permissions beyond owner and guest; our first groups are small.",
    "Languages other than the first one: we want to hear users in their own words, and can do that in one.",
  ],
  metrics: [
    "Six of ten who begin come to a first result on the same day.",
    "Four of ten are still there after four weeks, on at least two days a week.",
    "Three of ten pilot users pay when we ask them at the end of the pilot.",
  ],
  parts:
    "We build one web application with one service and a PostgreSQL database: boring parts that we know, so that all of our risk lies in the product. Work that takes longer than a second goes to a queue. We deploy many times a day behind switches, because learning quickly is what we live on.",
  data: "Data comes from what people enter or import, is kept with its history, and belongs to the group that it was entered in. Others see what was shared with them by a link. We look at usage in numbers, and at contents only when somebody asks us for help.",
  integrations: [
    {
      on: "e-mail delivery",
      gives: "invitations, links and hints",
      without: "everything is on the page too, and mails follow when it is back",
    },
    {
      on: "the import formats that people have",
      gives: "a start with one's own data",
      without: "people paste a table, and we recognise its columns",
    },
  ],
  rules:
    "The GDPR applies from the first user on: we keep little, say what for, and can export and delete it all. We encrypt in transit and at rest, use two factors for ourselves, and rehearse restoring a backup each month. If our users work under special rules, we learn them from the pilot before we promise anything.",
  scale:
    "One machine and one database carry ten times our plan; we measure before we divide anything. At a hundred times we separate reading from writing and give heavy work its own machines. Groups are independent of each other, and that is the line along which we can always cut.",
  risks: {
    technical: [
      {
        title: "The first version is too slow or too fragile to be trusted",
        what: "In the pilot one lost entry weighs more than ten good features.",
        severity: "MEDIUM",
        mitigation:
          "We test restoring before we test features, keep a history of every change, and watch the slowest requests daily.",
      },
      {
        title: "Real data looks different from ours",
        what: "What people bring is larger, older and stranger than what we have built with.",
        severity: "MEDIUM",
        mitigation:
          "We ask three pilot users for real data in the first week, and build against it from then on.",
      },
    ],
    market: {
      title: "It is good enough as it is",
      what: "{Users} agree that it is annoying, and go on as before.",
      severity: "HIGH",
      mitigation:
        "We look for those who have already tried to solve it themselves, and start with them only.",
    },
    execution: {
      title: "We build before we know",
      what: "Building is more pleasant than asking, and a month goes into what nobody misses.",
      severity: "MEDIUM",
      mitigation: "We show something to a user each week, and stop what nobody asks about twice.",
    },
    financial: {
      title: "The money ends before the answer comes",
      what: "Learning takes longer than planned, and each month costs the same.",
      severity: "MEDIUM",
      mitigation:
        "We set the date on which we decide, ask for money from the first pilot user on, and keep fixed costs low.",
    },
    strategic: {
      title: "A larger one notices",
      what: "If it works, somebody with more people can build the same within a year.",
      severity: "LOW",
      mitigation: "We keep close to a group that is too small for them, and grow with it from there.",
    },
  },
  pilot: "ten",
  weeksPerFeature: 0.8,
};

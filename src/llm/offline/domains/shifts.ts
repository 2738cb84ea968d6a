import type { Domain } from "./domain.ts";

export const shifts: Domain = {
  key: "shifts",
  strong: /\b(?:shifts?|shiftswap|rosters?|rotas?|on.call|timesheets?)\b/,
  weak: /\b(?:nurses?|ward|staff\w*|workers|overtime|availab\w+|swap\w*|waiters|colleagues?|leave|vacations?)\b/,
  users: "people who work in shifts",
  fits: /nurse|worker|staff|employee|team|manager|waiter|hospital|restaurant|crew|people|doctor|care/,
  day: "Their week is a sheet on the wall that changes after it was printed. Whoever falls ill starts a chain of calls, and it is always the same three people who say yes.",
  pain: "The plan on the wall and the plan in force are two different ones, and every change is a round of phone calls.",
  cost: "A change takes an hour of calling, a gap that nobody fills falls on those who are there, and people leave over rosters sooner than over pay.",
  today: ["a printed roster with notes in three colours", "a chat group in which the last message wins"],
  promise: "let {users} settle a change among themselves, within the rules and without a round of calls",
  outcome: "the roster that everybody sees is the one that holds",
  constraint:
    "A change counts only when everybody concerned sees it. There can never be two rosters in force, and no swap may break the rules on rest and qualification, whoever has agreed to it.",
  edges: [
    "Those who work the shifts settle the change, and the manager says yes or no once; planning suites are made for the manager alone.",
    "We check rest, hours and qualification before anybody is asked, so that a yes is a yes.",
    "We ask those first who were asked least, which is how the same three people get their evenings back.",
  ],
  market:
    "Employers pay 2 to 5 euros per head and month for planning tools that those on the floor do not use. A ward or a restaurant of thirty saves a day of calling a month. {Users} begin by themselves, in one team, and the house buys when three teams do; that is how we get in without a tender.",
  rivals:
    "The large planning suites own the contract and end at the manager's desk; chat groups own the floor and know no rules. We sit between the two and speak to both. What protects us is that a team's swaps, rules and habits are in our history, and that those who work there want to keep us.",
  features: [
    {
      name: "Swap within the rules",
      match: /swap|trade|change|exchange|cover|give|take/i,
      does: "{Users} offer a shift, and we show it to those only who may and can take it.",
      benefit: "We check rest and hours before we ask anybody, so that nobody says yes in vain.",
    },
    {
      name: "One-tap approval",
      match: /approv|manager|confirm|permission|sign/i,
      does: "Whoever is responsible sees what changes, and says yes or no with one tap.",
      benefit: "We show what it means for the week next to the button, so that nobody has to look it up.",
    },
    {
      name: "Roster in force",
      match: /roster|rota|schedule|calendar|plan|see|view|overview/i,
      does: "Everybody sees the same roster, with what has changed since they looked last.",
      benefit: "We keep every earlier version, with who changed it, for the day on which it is disputed.",
    },
    {
      name: "Call for cover",
      match: /cover|sick|ill|absence|gap|fill|urgent|notify|alert/i,
      does: "We ask for somebody to step in, in fair order, and stop at the first yes.",
      benefit: "We do not wake anybody who is off, unless they have told us that we may.",
    },
    {
      name: "Fair share",
      match: /fair|hours|balance|overtime|report|count|track/i,
      does: "We show who has worked how many nights and weekends, to all of them alike.",
      benefit: "We let the next plan start from it, so that fairness is not a matter of who complains.",
    },
  ],
  later: [
    "Making the whole roster: the plan comes from a tool that the house has already; we keep it true afterwards.",
    "Time clocks and payroll, which are another contract and another department.",
    "Planning across several sites; we begin with single teams.",
    "Forecasts of how many people are needed: first the plan that there is has to hold.",
  ],
  metrics: [
    "Eight of ten changes are settled without a phone call by the sixth week.",
    "A gap that comes up in the morning is filled within thirty minutes in the middle, measured from the call to the yes.",
    "The three most-asked people of a team get half as many requests as before.",
  ],
  parts:
    "We build a web app that opens from a link on any phone, a service with the rules as plain functions, and a PostgreSQL database with every version of a roster. A swap is one transaction: both shifts change hands or none does. Messages go out from a queue, and each carries its answer in a link.",
  data: "The roster comes from the planning tool as a file or from a photo that somebody corrects; swaps and absences come from the team. Colleagues see who works when, and never why somebody is away. The manager sees requests and hours. We keep versions for as long as working hours have to be documented.",
  integrations: [
    {
      on: "the planning tool of the house",
      gives: "the roster as it was made, and its changes back",
      without: "we read the printed sheet from a photo and ask about what is unclear",
    },
    {
      on: "push and text messages",
      gives: "an answer within minutes",
      without: "the request stays at the top of the page, and we show who has not been reached",
    },
  ],
  rules:
    "The Working Time Directive asks for eleven hours of rest and an average of at most 48 hours a week: we check both before a swap, and a collective agreement's rules on top. Absences can tell of health, so we store that somebody is away and no reason. Works councils have a say in such tools; we bring them the description with the first offer.",
  scale:
    "Reading the roster is most of the load, with a peak before each change of shift; each team's roster is cached until the next change. Checking a swap touches one team only, so that a hundred times as many teams run side by side. What grows faster is the variety of rules, and for those we need people.",
  risks: {
    technical: [
      {
        title: "Two people take the same shift",
        what: "Both say yes within a second, and each has a message that thanks for it.",
        severity: "HIGH",
        mitigation:
          "We give the shift away in one transaction, answer only after it, and test it with fifty people who press at once.",
      },
      {
        title: "A rule of the house is missing",
        what: "A swap that we allowed leaves a night without the qualification that it needs.",
        severity: "HIGH",
        mitigation:
          "We begin with approval by a person for every swap, and let a rule decide only after it agreed a hundred times.",
      },
    ],
    market: {
      title: "The chat group is quicker",
      what: "{Users} have agreed in the chat before anybody opens our page, and the roster is wrong again.",
      severity: "HIGH",
      mitigation:
        "We make the agreement a link that is posted in the chat, so that saying yes there is saying yes with us.",
    },
    execution: {
      title: "The house says wait",
      what: "Data protection, works council and IT each want to look at it, one after the other.",
      severity: "HIGH",
      mitigation:
        "We hand in all three descriptions at once in the first week, and begin with a team outside of any large house.",
    },
    financial: {
      title: "Those who love it have no budget",
      what: "The team saves the time, and the money sits two floors up with somebody who has never made a call.",
      severity: "MEDIUM",
      mitigation:
        "We count calls and overtime before and after in the pilot, because that is the number for which there is a budget.",
    },
    strategic: {
      title: "The planning suite adds swapping",
      what: "It has the roster and the contract, and needs one screen more.",
      severity: "MEDIUM",
      mitigation:
        "We stay better on the floor, work with any suite, and become what a team asks for by name.",
    },
  },
  pilot: "twenty",
  weeksPerFeature: 0.9,
};

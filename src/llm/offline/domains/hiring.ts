import type { Domain } from "./domain.ts";

export const hiring: Domain = {
  key: "hiring",
  strong:
    /\b(?:hiring|recruit\w*|candidates?|job seekers?|applicants?|interview(?:s|ers?|ing)?|resumes?|cvs?|vacanc\w+|onboarding|employers?|job|jobs|careers?)\b/,
  weak: /\b(?:hire|hires|talents?|work(?:ers|force)|employees?|staff\w*|skills?|roles?|hr|apprentic\w*|payroll|interns?)\b/,
  users: "small employers without a personnel department",
  fits: /employer|compan|business|shop|restaurant|owner|manager|recruit|firm|startup|team/,
  day: "Somebody leaves, and the search for the next person is added to a full week. Applications arrive by mail, are read on Sunday, and the good ones have found something by then.",
  pain: "Good people get no answer for two weeks, and the decision falls on whoever happened to be in the room.",
  cost: "An open position costs a few thousand euros a month, a wrong choice half a year, and each silence costs the name of the house.",
  today: ["a shared mailbox with attachments", "a job board that sends a hundred wrong people"],
  promise: "bring {users} from the first contact to a fair decision in days",
  outcome: "the right people are answered first, and everybody is answered",
  constraint:
    "A person decides, and can say why. We may sort, remind and compare, but no score of ours may turn somebody down.",
  edges: [
    "Everybody gets an answer within two days, also a no; it is the default and not a good intention.",
    "We ask for a piece of the real work in place of a letter about it.",
    "The reasons are written down before the names are shown, which makes the decision fairer and easier to defend.",
  ],
  market:
    "Small employers pay 300 to 900 euros per advertisement and a fifth of a year's salary to an agency, a few times a year. Between, they need nothing, so we charge per position. {Users} hear of us from those whom we helped to find somebody, and from applicants who were treated well.",
  rivals:
    "Job boards sell reach, and live by many applications; large applicant systems sell order to those who have a department. Neither is paid for the end of the search. We are. Our growing knowledge of which tasks tell who does well in which job is what others cannot buy.",
  features: [
    {
      name: "Position in plain words",
      match: /post|job|position|advert|vacanc|shift|role|publish|descri/i,
      does: "{Users} answer six questions, and we write the advertisement with what it pays and what the week looks like.",
      benefit: "We leave out wishes that nobody fulfils, and tell them which ones those are.",
    },
    {
      name: "Small piece of real work",
      match: /test|task|assess|skill|challenge|evaluat|screen|score/i,
      does: "Those who are interested do a task of twenty minutes that comes from the job itself.",
      benefit: "We show the results without names first, so that the work speaks.",
    },
    {
      name: "Answer within two days",
      match: /answer|reply|respond|remind|message|status|notif|feedback|ghost/i,
      does: "We see to it that each person hears something within two days, from a human, with our draft.",
      benefit: "We show what waits and for how long, and it never starts a third day unseen.",
    },
    {
      name: "Interview plan",
      match: /interview|schedule|calendar|meet|book|plan|slot/i,
      does: "We propose times to both sides and give everybody in the room the same five questions.",
      benefit: "We collect impressions before the talk about them, so that the loudest is not the only one.",
    },
    {
      name: "Decision on one page",
      match: /decid|compar|decision|match|rank|choose|shortlist|offer|onboard|swap/i,
      does: "What was asked for, what each showed and what is still open lie side by side.",
      benefit: "We keep the reasons, for the next position and for anybody who asks.",
    },
  ],
  later: [
    "Ranking people by a model: the law makes it high-risk, and our users want to decide themselves.",
    "Contracts and payroll: that begins where we end, and there are good programs for it.",
    "A pool of people in search of work; first we do one position well.",
    "Video interviews that are judged by software: we would not want to be judged so.",
  ],
  metrics: [
    "From publishing to a signed contract takes 21 days in the middle, and not 45.",
    "Every applicant has an answer within two days; we publish the share each month.",
    "Nine of ten who were hired are still there after half a year, and both sides say that they would do it again.",
  ],
  parts:
    'We build a page per position that needs no account, a workspace for the employer, and one service on PostgreSQL. An application is a state machine with deadlines, and the deadline is what wakes people up. Files are converted to text in a closed container, with the original kept. Names are stored apart from results, so that "without names" is how it works and not a setting.',
  data: "Applicants give what the position asks for and see all of it, with its state, by a link of their own. The employer sees applications to their own positions; those who interview see theirs. Six months after the decision everything goes, unless the person wants to be kept in mind.",
  integrations: [
    {
      on: "the job boards",
      gives: "reach on the day of publishing",
      without: "we give the employer text and link to post by hand",
    },
    {
      on: "the calendars of the interviewers",
      gives: "times that really are free",
      without: "we ask for three times and offer those",
    },
  ],
  rules:
    "Equal-treatment law asks us to be able to explain a refusal; the EU AI Act makes automated selection high-risk, so we do none. Applications are personal data under the GDPR, kept for six months and then deleted. Employers of certain sizes have works councils, who get a description of the process from us.",
  scale:
    "The load is small and spiky: one advertisement that is shared widely brings a thousand visits in an hour. Position pages are static and cached. With a hundred times as many employers, answering remains human; drafts and deadlines are what we make better.",
  risks: {
    technical: [
      {
        title: "Applications get stuck on old phones and odd files",
        what: "Whoever cannot upload gives up, and nobody ever knows that they were there.",
        severity: "MEDIUM",
        mitigation:
          "We make files optional, test on five old devices at each release, and watch where people leave the form.",
      },
      {
        title: "Without names is not without traces",
        what: "A school, a date or a language tells who somebody is, and the fairness that we promise is a hole.",
        severity: "MEDIUM",
        mitigation:
          "We show the work only in the first round, check what can be inferred with real people, and say what we cannot hide.",
      },
    ],
    market: {
      title: "Used three times a year and forgotten",
      what: "{Users} find somebody, are glad, and start at zero in ten months with whatever comes to mind.",
      severity: "MEDIUM",
      mitigation:
        "We stay in touch through the new colleague's first half-year: three questions, at the right times.",
    },
    execution: {
      title: "A pilot needs a real vacancy",
      what: "We cannot test without positions that are really open, and these do not follow our plan.",
      severity: "HIGH",
      mitigation:
        "We agree with more employers than we need, and start with those who always have something open.",
    },
    financial: {
      title: "Paid only at the end",
      what: "If we charge for success, months lie between our work and the money, and some successes are never reported.",
      severity: "MEDIUM",
      mitigation:
        "We charge a smaller fixed price at the start of each position, and make it back if nobody was found.",
    },
    strategic: {
      title: "The market turns",
      what: "When there are more people than positions, employers stop paying for being found.",
      severity: "LOW",
      mitigation:
        "We are of use in both directions: with many applicants, answering and deciding fairly is the harder part.",
    },
  },
  pilot: "six",
  weeksPerFeature: 0.9,
};

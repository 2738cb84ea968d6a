import type { Domain } from "./domain.ts";

export const education: Domain = {
  key: "education",
  strong:
    /\b(?:students?|teachers?|pupils?|tutor\w*|homework|lessons?|courses?|classrooms?|exams?|educat\w+|curriculum|vocabular\w+|flashcards?|languages? learn\w*)\b/,
  weak: /\b(?:learn\w*|teach\w*|schools?|stud(?:y|ies|ying)|class(?:es)?|train(?:ing)?|math\w*|universit\w+|quiz\w*|kids?|children|practi[cs]e|language)\b/,
  users: "students and their teachers",
  fits: /student|pupil|teacher|child|kid|learner|parent|tutor|immigrant|class|school|people|adult/,
  day: "They learn between other things: on the bus, after dinner, the evening before. Whoever helps them sees thirty people at once, and finds out in the test who was lost three weeks ago.",
  pain: "Where somebody got stuck shows only in the exam, when it is too late to help and too early to give up.",
  cost: "Gaps are paid for twice: in hours of repeating what was understood, and in the moment when somebody decides that a subject is not for them.",
  today: ["worksheets that are the same for everybody", "videos that nobody asks back about"],
  promise: "show {users} the next thing that is worth practising, and whether it worked",
  outcome: "nobody practises what they know already, and nobody stays stuck in silence",
  constraint:
    "We have five minutes a day and not an hour. Whatever does not work in a short session on a shared or old device will not be done, however good it is.",
  edges: [
    "We find out what is missing before we explain anything; a course explains first and asks at the end.",
    "A wrong answer gets a question back instead of a red cross, because that is what a good teacher does.",
    "Those who teach get a list of whom to talk to today, not a dashboard.",
  ],
  market:
    "Families pay 15 to 30 euros an hour for help and 5 to 10 a month for an app; schools pay little, once a year, and decide slowly. We begin with those who can decide on the spot and use schools to be known. Recommendations among {users} are the cheapest way in, and peak twice a year before exams.",
  rivals:
    "The large learning apps are games with content, and good at bringing people back; publishers have the curriculum and no feedback. We are small enough to follow one curriculum exactly. Each answer teaches us which mistakes belong together: a map that a newcomer does not have, and that has to be earned subject by subject.",
  features: [
    {
      name: "Five-minute practice",
      match: /practi|exercise|quiz|flashcard|lesson|learn|vocab|drill/i,
      does: "{Users} do a short set of tasks that fits what they can do today.",
      benefit:
        "We choose the next task from the last answers, so that the session is neither boring nor hopeless.",
    },
    {
      name: "Hints that ask back",
      match: /hint|explain|tutor|answer|help|feedback|ask|chat/i,
      does: "We answer a mistake with a smaller question that leads to where it went wrong.",
      benefit: "We show the solution only after two tries, because finding it is the point.",
    },
    {
      name: "Map of what is mastered",
      match: /progress|track|map|skill|level|report|gap/i,
      does: "We show what is mastered, what is shaky and what is next, on one page.",
      benefit: "We let it fade with time, so that the map says what is known today.",
    },
    {
      name: "Whom to talk to today",
      match: /teacher|parent|class|overview|monitor|grade|mark/i,
      does: "Those who teach see three names a day with the reason, and nothing else.",
      benefit: "We keep it to three, so that it leads to three conversations.",
    },
    {
      name: "Plan until the exam",
      match: /plan|exam|schedule|goal|deadline|remind/i,
      does: "{Users} enter a date, and we spread what is missing over the days until then.",
      benefit: "We move what was missed by ourselves and without reproach.",
    },
  ],
  later: [
    "A second subject: one that is done well is worth more than four that are half done.",
    "Live lessons and video calls: there are good ones, and people have them already.",
    "Marks and certificates, because then the work is about them and no longer about learning.",
    "Content by everybody: without review it costs us the trust that we live by.",
  ],
  metrics: [
    "Half of those who begin practise on three days a week or more in the fourth week.",
    "A gap that we have found is closed within ten days in two of three cases, measured by a task that they have not seen.",
    "Seven of ten users would be disappointed if we took it away, asked after one month.",
  ],
  parts:
    "We build a web app that works on old tablets and without a connection for one session, a service that chooses the next task, and a PostgreSQL database with tasks, answers and the graph of what builds on what. The choice is a small, readable model of mastery per skill, since we have to be able to say why somebody sees a task.",
  data: "Answers come from the learner's device, one row per try with its time. From them we compute the state of each skill, at night and after each session. Learners see all of theirs; a teacher sees the skills of the class, not the single tries; parents see what the child shows them.",
  integrations: [
    {
      on: "the school's sign-in",
      gives: "classes without lists that have to be typed",
      without: "a class joins with a code of six letters",
    },
    {
      on: "a language model for hints",
      gives: "questions that fit the very mistake",
      without: "we use the hints that we have written for each type of task",
    },
  ],
  rules:
    "Many of those who learn are minors: the GDPR asks for their parents' consent below 16 (13 to 16 by country), and schools for a processing agreement. We show no advertisements, build no profiles for others, and name learners by a nickname towards every outside service.",
  scale:
    "Everybody comes at the same time: at eight in the morning, and the week before exams. Sessions are prepared ahead for each learner, so that the morning is read from a cache; with a hundred times as many we add readers and leave the rest as it is. Content grows with editors, not with servers.",
  risks: {
    technical: [
      {
        title: "We choose the wrong next task",
        what: "With few answers our picture of a learner is a guess, and a wrong guess bores or frustrates in the first session.",
        severity: "HIGH",
        mitigation:
          "We begin with a short placement, widen the choice while we are unsure, and let learners say too easy or too hard.",
      },
      {
        title: "A hint is wrong",
        what: "A wrong explanation is learnt as carefully as a right one.",
        severity: "HIGH",
        mitigation:
          "We check each hint against the solution before it is shown, keep a button to report it, and read the reports daily.",
      },
    ],
    market: {
      title: "Those who need it most come least",
      what: "Practice apps are loved by those who do well anyway, and {users} who are behind stay away.",
      severity: "MEDIUM",
      mitigation:
        "We start together with somebody who teaches, in the lesson, so that the first session is not a matter of motivation.",
    },
    execution: {
      title: "Tasks take longer to write than software",
      what: "Each skill needs a few dozen good tasks and their typical mistakes, and good authors are rare.",
      severity: "HIGH",
      mitigation:
        "We limit the first release to one chapter, pay two experienced authors from the first week, and measure tasks per day.",
    },
    financial: {
      title: "Two seasons carry the year",
      what: "Income comes before exams, costs come every month, and summer is empty.",
      severity: "MEDIUM",
      mitigation:
        "We sell by the school year, keep fixed costs for six months in reserve, and plan paid work for the quiet months.",
    },
    strategic: {
      title: "A free assistant does the homework",
      what: "When any chat program answers every task, practising looks like a detour.",
      severity: "HIGH",
      mitigation:
        "We sell what an answer cannot give: knowing what one can do alone. Our measure is the unseen task.",
    },
  },
  pilot: "thirty",
  weeksPerFeature: 1,
};

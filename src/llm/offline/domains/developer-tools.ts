import type { Domain } from "./domain.ts";

export const developerTools: Domain = {
  key: "developer-tools",
  strong:
    /\b(?:developers?|code|coding|apis?|sdks?|cli|github|gitlab|git|kubernetes|deploy\w*|debug\w*|pull requests?|open.source|programmers?|engineers?|devops|compilers?|backend|ci|graphql|databases?|logs)\b/,
  weak: /\b(?:software|tests?|testing|bugs?|repositor\w+|librar(?:y|ies)|servers?|incidents?|review\w*|infrastructure|schemas?|agents?|cloud)\b/,
  users: "developers in small teams",
  fits: /develop|team|engineer|programmer|compan|startup|maintainer/,
  day: "They have two good hours before the first interruption. A failing build, a review that waits, a question about somebody else's code: each is small, and together they are the day.",
  pain: "What they need to know is spread over code, logs and other people's heads, and is found too late or by the wrong person.",
  cost: "A change waits two days for ten minutes of attention, the same fault is found twice, and new people need a quarter to be of use.",
  today: ["scripts that one person understands", "a large suite of which they use a tenth"],
  promise: "put what {users} need to know next to the line that they are working on",
  outcome: "changes get through on the same day and faults are found before users find them",
  constraint:
    "It must fit into the tools that they have open (terminal, editor, pull request), in under two seconds, and must never break a build by itself.",
  edges: [
    "We set up with one command and no account; the value comes before the form.",
    "We are quiet when things are well: no comment is better than a polite one.",
    "Everything that we do can be done by hand with the same command, so that nobody depends on our screen.",
  ],
  market:
    "Teams pay 10 to 30 euros per head and month for tools that save an hour a week, and the team lead may decide up to a few hundred. {Users} find tools by those of colleagues: an open-source core, good docs and one honest comparison bring more than any campaign.",
  rivals:
    "The code hosts add each good idea within two years, and the large suites sell to those who do not write code. We have to be better at one thing, and to be liked. What stays with us are the rules and the history that a team has taught us about its own code, in files that it owns.",
  features: [
    {
      name: "One-command set-up",
      match: /install|set.?up|cli|command|init|configur|onboard|import/i,
      does: "One command looks at a repository and proposes a configuration that works as it is.",
      benefit: "We explain each line of it, and never overwrite what is there.",
    },
    {
      name: "Findings in the pull request",
      match: /review|pull request|comment|lint|check|code|scan|suggest|analy/i,
      does: "We comment on the line itself, with the reason and a change that can be accepted.",
      benefit: "We say each thing once, and keep still where the team has decided otherwise.",
    },
    {
      name: "Local run, same result",
      match: /local|test|run|simulat|replay|mock|debug|reproduc/i,
      does: "{Users} run the same checks on their machine and get the same answer as the server.",
      benefit: "We pin every version, so that it works for me is a statement about everybody.",
    },
    {
      name: "Timeline of what happened",
      match: /log|trace|monitor|incident|histor|observ|timeline|track|alert|deploy/i,
      does: "We put changes, deployments and faults on one line in time.",
      benefit: "Most questions in an incident are what has changed, and we answer that first.",
    },
    {
      name: "Rules of the team",
      match: /rule|polic|config|standard|doc|document|schema|generate|template/i,
      does: "A team writes its own rules as small files in the repository, with an example each.",
      benefit: "We test a rule against the history before it is switched on.",
    },
  ],
  later: [
    "An editor extension: the command line reaches every editor on the first day.",
    "Self-hosting for large companies, with its single sign-on and its audits.",
    "A second language or host before the first is excellent.",
    "A dashboard for managers, which would change what the tool is for.",
  ],
  metrics: [
    "From the install command to the first useful result takes less than five minutes in nine of ten repositories.",
    "Seven of ten findings are acted upon; below five in ten we switch a rule off.",
    "Half of the teams still run it daily after six weeks, without a mail from us.",
  ],
  parts:
    "We build one command-line program with the whole logic, a thin service that runs it on events of the code host, and PostgreSQL for results and their history. The same program runs in both places, so there is one behaviour to test. Jobs run in throw-away containers without a network, because other people's code is not to be trusted.",
  data: "Code is read in a container that is gone after the run; we keep findings, line numbers and hashes, not sources. Results belong to the repository and are seen by whoever can see it at the host. Telemetry is off until a team switches it on, and the command shows what it would send.",
  integrations: [
    {
      on: "the code host's events and comments",
      gives: "a run at each push, and findings in the right place",
      without: "the command runs in any build and prints the same findings",
    },
    {
      on: "the team's chat",
      gives: "word of what needs a person",
      without: "we leave it in the pull request, where it belongs anyway",
    },
  ],
  rules:
    "Source code is our users' most valuable secret: we ask for the smallest rights, sign what we release, publish a list of all our parts, and answer reports of weaknesses within a day. Companies will ask for SOC 2, so we keep the evidence from the start. Licences of what we include are checked at each build.",
  scale:
    "Runs come in bursts on weekday mornings. Workers are containers on demand with a limit per team, so that one large repository cannot starve the others. Results are cached by content: at a hundred times the load, most runs find that nothing has changed.",
  risks: {
    technical: [
      {
        title: "Too many false findings",
        what: "Three wrong comments in a row, and a team switches us off for good.",
        severity: "HIGH",
        mitigation:
          "We run each rule over a thousand public changes first, publish its hit rate, and begin with those above nine in ten.",
      },
      {
        title: "Untrusted code breaks out",
        what: "We run what strangers push; a hole in the container reaches other teams' code.",
        severity: "HIGH",
        mitigation:
          "We use a fresh virtual machine per run, no network, no shared secrets, and pay others to try.",
      },
    ],
    market: {
      title: "Liked, starred, and not paid for",
      what: "{Users} are used to good tools that cost nothing.",
      severity: "HIGH",
      mitigation:
        "We keep the command free for one person and charge for what only a team needs: history, rules, and several repositories.",
    },
    execution: {
      title: "Odd repositories take up the weeks",
      what: "Monorepos, generated code, builds from another decade: the long tail is loud and has stars to give.",
      severity: "MEDIUM",
      mitigation:
        "We name the shapes that we support, fail with a clear message on the others, and count who asks.",
    },
    financial: {
      title: "Computing for those who do not pay",
      what: "Open-source projects use us most and pay nothing, and each of their runs costs us.",
      severity: "MEDIUM",
      mitigation: "We run free use on their own build minutes, cache hard, and cap what is left.",
    },
    strategic: {
      title: "The code host ships the same",
      what: "They own the pull request and can put a button into it.",
      severity: "HIGH",
      mitigation:
        "We work with every host and on the local machine, where they do not, and keep the rules in the team's own files.",
    },
  },
  pilot: "twenty",
  weeksPerFeature: 0.8,
};

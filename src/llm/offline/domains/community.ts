import type { Domain } from "./domain.ts";

export const community: Domain = {
  key: "community",
  strong:
    /\b(?:communit(?:y|ies)|forums?|clubs?|volunteer\w*|neighbou?r(?:s|hood|hoods)|social network\w*|chat(?:s|ting|room)?|friends|messenger|dating|meetups?|congregations?|members?)\b/,
  weak: /\b(?:messag\w*|groups?|connect\w*|events?|talk\w*|meet\w*|messag\w*|famil(?:y|ies)|lonely|loneliness|shar(?:e|ing)|polls?|people|grandparents)\b/,
  users: "people who want to do something together",
  fits: /neighbo|volunteer|member|club|group|famil|people|parent|friend|communit|resident|student|tenant/,
  day: "They have jobs, families and twenty chat groups. What they care about is in one of them, between birthday wishes, and the few who organise do it at eleven at night.",
  pain: "Who comes, who helps and what was agreed drowns in group chats, and a few do the work until they are tired.",
  cost: "Events with too few hands, newcomers who never hear an answer, and organisers who stop after two years and take everything with them.",
  today: ["a group chat with 200 unread messages", "a mailing list that three people answer"],
  promise: "give {users} one calm place in which asking, agreeing and turning up is easy",
  outcome: "more people do a little and nobody has to do everything",
  constraint:
    "The least technical person has to be able to take part on the first day. If one member needs help to get in, the group stays in its chat.",
  edges: [
    "We are quiet: one message a day that is worth reading, where chats ring until people mute them.",
    "Everything asks for something small and clear (two hours, one cake, one answer), and no post is only noise.",
    "A group belongs to its members: they can take all of it along, and we sell nobody's attention.",
  ],
  market:
    "Groups pay little each, but they stay: 5 to 20 euros a month from the common fund, or from a town or association that buys it for many. A group brings ten to a hundred people at no cost to us, and some of them lead another group. We start with the kind of group that we know from inside.",
  rivals:
    "Chat programs have everybody and no memory; social networks have events and sell the attention. They will not become calm, since they live by noise. Habits protect us: once the yearly calendar, the lists and the roles of {users} are here, the group hands them on with us.",
  features: [
    {
      name: "Asks with an answer",
      match: /ask|help|task|need|request|volunteer|offer|question|sign.?up/i,
      does: "Whoever needs something says what, when and how long, and {users} answer with one tap.",
      benefit: "We close it when enough have said yes, and thank them by name.",
    },
    {
      name: "Daily digest",
      match: /digest|notif|newsletter|feed|message|remind|update|post/i,
      does: "We send one message a day at an hour that each chooses, and only when there is something.",
      benefit: "We put what asks for an answer on top, and leave out what is settled.",
    },
    {
      name: "Events people come to",
      match: /event|meet|calendar|invite|schedule|gather|rsvp/i,
      does: "An event has a date, a place, a list of what is missing, and an honest count of who comes.",
      benefit: "We ask again the day before and tell the organisers what changed.",
    },
    {
      name: "Warm welcome",
      match: /join|member|onboard|match|introduc|profile|newcomer|connect|find/i,
      does: "A newcomer is greeted by a person, learns three names, and gets one small thing to do.",
      benefit: "We give each newcomer a companion for the first month, in turn.",
    },
    {
      name: "Memory of the group",
      match: /archive|knowledge|photo|document|record|memor|stor|story|share/i,
      does: "Lists, photos and how-it-was-done-last-year stay where the next organiser finds them.",
      benefit: "We copy last year's event with all its asks, so that nobody starts from nothing.",
    },
  ],
  later: [
    "A chat of our own: people have one, and a second one would have to win a war.",
    "Payments and membership fees; first people come, then they pay together.",
    "A public directory of groups, which brings strangers before we can protect anybody from them.",
    "Feeds with likes and an order by popularity: they reward noise.",
  ],
  metrics: [
    "Two thirds of a group's members answer at least one ask a month.",
    "The share of the work that the busiest three people do falls from four fifths to a half within a season.",
    "Eight of ten newcomers have met somebody in person within three weeks.",
  ],
  parts:
    "We build pages that open from a link in any mail or chat without a password, one service on PostgreSQL, and a worker that writes each person's digest at their hour. Rights are by group, checked in the queries themselves. We leave out real-time updates on purpose: a page that is true when it is opened is enough.",
  data: "What members write is seen by their group and nobody else; each group sets whether newcomers see the past. The digest contains titles and names, never addresses. A person who leaves takes their texts along or leaves them without a name, as they choose.",
  integrations: [
    {
      on: "e-mail delivery",
      gives: "the digest and the links to get in",
      without: "everything can be read on the page, and we send the digest as soon as it is back",
    },
    {
      on: "calendars",
      gives: "events where people look for the rest of their life",
      without: "each event offers a file to open",
    },
  ],
  rules:
    "Membership in a group can tell of religion, health or politics, so we treat all of it as sensitive under the GDPR: no analytics by others, servers in the EU, deletion within a week. The Digital Services Act asks for a way to report content, and each group names who answers.",
  scale:
    "Everybody's digest at seven in the morning is the peak: we spread it over the quarter of an hour before, and prepare it at night. Groups do not touch each other, so a hundred times as many are spread over more machines by group. What does not scale is moderation, so groups moderate themselves with our tools.",
  risks: {
    technical: [
      {
        title: "Our mails land in the spam folder",
        what: "The digest is the product for most members, and one bad day with a mail provider silences us.",
        severity: "HIGH",
        mitigation:
          "We set up sending domains carefully, watch the rate per provider, and let people get the digest by push as well.",
      },
      {
        title: "A link lets the wrong person in",
        what: "Links without a password are forwarded, and somebody reads what was meant for the group.",
        severity: "MEDIUM",
        mitigation:
          "We bind a link to the first device, let it end after a week, and show members who is in.",
      },
    ],
    market: {
      title: "Half of the group stays in the chat",
      what: "As long as {users} are in two places, the organisers write everything twice.",
      severity: "HIGH",
      mitigation:
        "We post each ask to the chat as a link, so that those who stay there answer with us without noticing.",
    },
    execution: {
      title: "Groups meet once a month, and so does our feedback",
      what: "We need to see several rounds of an ask and an event, and each takes weeks.",
      severity: "MEDIUM",
      mitigation: "We choose pilot groups with something every week, and stagger their starts.",
    },
    financial: {
      title: "Groups have no treasurer for us",
      what: "Nobody in the group wants to ask for money, however much they like it.",
      severity: "MEDIUM",
      mitigation:
        "We are free for small groups, and look early for a town or an association that pays for all of its groups.",
    },
    strategic: {
      title: "The chat program adds lists and events",
      what: "They have begun to; a group that is half content stays where it is.",
      severity: "MEDIUM",
      mitigation:
        "We work with the chat and not against it, and put our effort where chats are weak: the second year of a group.",
    },
  },
  pilot: "forty",
  weeksPerFeature: 0.8,
};

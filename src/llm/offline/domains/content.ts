import type { Domain } from "./domain.ts";

export const content: Domain = {
  key: "content",
  strong:
    /\b(?:podcasts?|videos?|articles?|blogs?|newsletters?|music\w*|films?|books?|stor(?:y|ies)|publish\w*|subtitles?|editors?|writers?|journalis\w+|streaming|photograph\w+|playlists?|audio|comics?)\b/,
  weak: /\b(?:content|media|creators?|record\w*|edit\w*|read(?:ers?|ing)?|writ(?:e|ing)|listen\w*|audience|images?|photos?|transcri\w+|news|art|artists?|bands?)\b/,
  users: "independent creators",
  fits: /creator|podcast|writer|journalis|artist|musician|blogger|editor|author|publisher|photograph|band|filmmaker|youtuber/,
  day: "They make something good in two hours, and then spend six on cutting, titles, formats and being seen. The part that they love is the smallest one.",
  pain: "Most of the time goes into everything around the work, and what took a week is gone from the feeds in a day.",
  cost: "A piece less each week, an archive that nobody finds, and an audience that belongs to somebody else's platform.",
  today: ["four programs and a folder called final_2", "the upload form of each platform in turn"],
  promise: "take the work around the work off {users} and bring each piece to those who want it",
  outcome: "they publish more often and own the contact to their audience",
  constraint:
    "The voice has to stay theirs. Whatever sounds like a machine or looks like a template costs our users the audience that they come to us for.",
  edges: [
    "We begin when the piece is made; most tools want to make it.",
    "The archive is part of the product: what was good two years ago is found, and used again.",
    "Readers and listeners belong to {users}, with addresses that they can take along.",
  ],
  market:
    "A creator who earns something spends 30 to 100 euros a month on tools and gives platforms a third of the income. We reach {users} where they help each other, and by the pieces themselves: each one that goes out with us shows how. One in twenty who try will pay; those stay for years.",
  rivals:
    "Platforms have the audience and change the rules, editing programs have the craft and no reach. We connect the two and own neither. Each archive that we have understood (topics, voices, what worked) makes the next piece easier for its owner, and cannot be carried over by a button.",
  features: [
    {
      name: "From recording to draft",
      match: /record|upload|import|transcri|edit|cut|draft|write|convert|generate/i,
      does: "{Users} drop a file, and we return it tidied: transcript, chapters, and the passages that carry it.",
      benefit: "We mark what we would cut and cut nothing ourselves.",
    },
    {
      name: "One piece, all forms",
      match: /format|publish|post|schedul|distribut|repurpos|clip|short|subtitle|translat/i,
      does: "We make the newsletter, the short and the post from one piece, in its author's own words.",
      benefit: "We take whole sentences from the original, so that the voice stays.",
    },
    {
      name: "Audience of one's own",
      match: /audience|subscri|reader|listener|follow|newsletter|fan|member|pay/i,
      does: "People subscribe to the person and not to a platform, and choose what they want to hear of.",
      benefit: "We hand over all addresses at any time, because that is the promise.",
    },
    {
      name: "Archive that is found",
      match: /archive|search|find|tag|organi|librar|recommend|discover|collection|playlist/i,
      does: "Every old piece is searchable down to the sentence and suggested where it fits today.",
      benefit: "We remind {users} of what they have said before, with the link.",
    },
    {
      name: "What worked",
      match: /analy|stat|insight|metric|feedback|rating|review|comment/i,
      does: "We show per piece who stayed, where they left, and what they wrote back.",
      benefit: "We show it once a week and not as a ticker, since the next piece matters more.",
    },
  ],
  later: [
    "Making pieces from nothing: the voice is the one thing that we must not replace.",
    "Advertising and sponsors: they need reach that our first users do not have yet.",
    "Teams with roles and approvals; our first users work alone or in twos.",
    "Live streams, which are another technology and another evening.",
  ],
  metrics: [
    "The time from the finished piece to the last channel falls from a day to one hour.",
    "Users publish half again as often in the second month as before they came.",
    "Direct subscribers grow by five percent a month in eight of ten archives.",
  ],
  parts:
    "We build a web app, object storage for files, workers for transcription and conversion, and a service on PostgreSQL with full-text and vector search over the archive. Heavy work is on queues, shown with an honest remaining time. Originals are never changed: each form is derived and can be made again.",
  data: "Files come from the author and stay theirs; transcripts and forms are made from them and are deleted with them. Subscribers give an address and a choice of topics. Authors see their own subscribers; we train nothing on anybody's work, and our providers are bound to the same.",
  integrations: [
    {
      on: "a transcription model",
      gives: "text with times, in the languages of our users",
      without: "we queue the file and send a mail when it is done",
    },
    {
      on: "the publishing interfaces of the platforms",
      gives: "posting without four upload forms",
      without: "we prepare text and file for pasting, and remember where",
    },
  ],
  rules:
    "Authors keep all rights, and we take only the licence that we need to process. Voices and faces of guests are personal data: we ask for their consent with a link. Subscribers opt in twice under the GDPR, and each mail can be ended with one click. Music in uploads is checked before it goes out.",
  scale:
    "Minutes of audio and video are what costs; text is free by comparison. Workers for transcription grow with the queue and go to zero at night. With a hundred times as many we run the model ourselves, and old originals move to cheap storage after ninety days.",
  risks: {
    technical: [
      {
        title: "Transcripts with wrong names and numbers",
        what: "A wrong name in a published quote harms the author more than no transcript would.",
        severity: "MEDIUM",
        mitigation:
          "We learn a list of names per archive, mark whatever is unsure, and publish nothing that nobody has read.",
      },
      {
        title: "A platform closes its interface",
        what: "Platforms change access at short notice, and a channel that we promised is gone.",
        severity: "HIGH",
        mitigation:
          "We keep pasting as the second way for each channel, and put mail and the open web first.",
      },
    ],
    market: {
      title: "Tried once, not made a habit",
      what: "{Users} come with one piece, are pleased, and do the next one the old way.",
      severity: "HIGH",
      mitigation:
        "We import the archive on the first day, so that the second piece already gains from the first hundred.",
    },
    execution: {
      title: "Long files find our weak spots",
      what: "Three-hour recordings, strange formats, poor connections: each costs days that are not in the plan.",
      severity: "MEDIUM",
      mitigation: "We collect twenty awkward files from the pilots now, and run them through each build.",
    },
    financial: {
      title: "Heavy users cost more than they pay",
      what: "Transcription and storage are paid by the minute, and some upload everything that they ever made.",
      severity: "MEDIUM",
      mitigation: "We include hours per month, charge archives once, and keep the cost per hour on the wall.",
    },
    strategic: {
      title: "Platforms build it in",
      what: "Chapters, clips and translations come with the upload, for nothing, on their own site.",
      severity: "MEDIUM",
      mitigation:
        "We serve those who are on several platforms and want to own their audience, which no single one will help with.",
    },
  },
  pilot: "twelve",
  weeksPerFeature: 0.8,
};

import type { Domain } from "./domain.ts";

export const booking: Domain = {
  key: "booking",
  strong: /\b(?:book(?:s|ing|ings)|appointments?|reserv\w+|no-shows?|calendars?|rescheduling)\b/,
  weak: /\b(?:book|schedul\w*|slots?|salons?|barbers?|hairdress\w*|studios?|sessions?|rooms?|visits?|venues?|clients?)\b/,
  users: "owners of small salons",
  fits: /owner|salon|studio|barber|hairdress|dentist|therap|practice|clinic|coach|trainer|business|stylist|photograph|mechanic|garage|tutor/,
  day: "Their hands are busy while the phone rings, and every call that they miss is a customer who tries the next number. In the evening they write tomorrow's list and hope that everybody comes.",
  pain: "Appointments are made by telephone and messages, moved the same way, and forgotten without a word.",
  cost: "One missed appointment a day is a tenth of the day's income, and the hour on the phone in the evening is paid by nobody.",
  today: ["a paper diary next to the phone", "a shared calendar and a dozen message threads"],
  promise: "let people book with {users} at any hour and see that they come",
  outcome: "the day is full, and full with people who really come",
  constraint:
    "There can never be two bookings for one slot. Everything else may be late or plain, but the day's list has to be right at every moment, also when two people press the button at once.",
  edges: [
    "Booking takes three taps and no account; the others begin with a registration.",
    "We deal with what happens after booking (moving, cancelling, not coming), where most tools stop at the calendar entry.",
    "We keep the telephone in the picture: an appointment that is made by phone is entered in five seconds and counts like any other.",
  ],
  market:
    "Businesses that live by appointments pay 25 to 60 euros a month for booking today, or a share of each new customer to a portal, which they resent. We reach them where their customers are: each confirmation carries their name and ours, and a full diary is talked about.",
  rivals:
    "Portals bring customers and take them too: on their page the competitor is one tap away. Calendar tools are neutral, and know nothing of no-shows. We are on the side of the business: its page, its customers, its rules. Once its regulars book with us every six weeks, moving elsewhere means to ask every one of them to change a habit.",
  features: [
    {
      name: "Booking page",
      match: /book|reserve|appointment|online|self-service/i,
      does: "People choose a service, a time and a person on a page that carries the name of the business.",
      benefit: "We hold the slot while they type, so that nobody loses it at the last step.",
    },
    {
      name: "Live day view",
      match: /calendar|schedule|availab|overview|slot|shift|day/i,
      does: "The business sees the day as it is now, on the phone, with what was moved since they looked last.",
      benefit: "We mark what is new, so that one glance between two customers is enough.",
    },
    {
      name: "Reminders that get an answer",
      match: /remind|no-show|notif|sms|message|confirm/i,
      does: "We remind people the day before and ask for a yes or a no.",
      benefit: "A no frees the slot at once, and we count how many of those we fill again.",
    },
    {
      name: "Move and cancel by link",
      match: /cancel|resched|move|change|swap/i,
      does: "Every confirmation has a link to move or cancel, within the rules that the business sets.",
      benefit: "We keep the rules polite and firm, so that nobody has to discuss them on the phone.",
    },
    {
      name: "Waiting list",
      match: /wait|fill|last.minute|gap/i,
      does: "We offer a freed slot to those who wanted an earlier one, one after the other.",
      benefit: "We fill the gap while everybody is at work, and tell afterwards.",
    },
  ],
  later: [
    "Payment and deposits: they need a payment provider's checks, and reminders may do most of the good without them.",
    "A portal on which people look for businesses: our users want their own page, not a place next to their competitors.",
    "Chains with several locations and shared staff; we start with one diary per business.",
    "Vouchers, loyalty cards and newsletters: useful, and no reason to change one's diary.",
  ],
  metrics: [
    "Six of ten appointments are made online by the eighth week, half of them outside opening hours.",
    "Missed appointments fall by a third against the four weeks before we began.",
    "No double booking, ever: one is a fault that we explain to the business in person.",
  ],
  parts:
    "We build a booking page that is rendered on the server, so that it opens fast on old phones, a day view for the business, and one service with a PostgreSQL database behind both. The database itself refuses two bookings that overlap: that rule must not depend on our code being right. Reminders are jobs with a time, on a queue, each sent once.",
  data: "Bookings come from the page or are entered by the business; each has a start, an end and a state, and every change of it is kept. A customer sees their own appointments by a link that only they have. The business sees its diary. We send phone numbers to the provider of text messages and to nobody else.",
  integrations: [
    {
      on: "a provider of text messages",
      gives: "reminders that are read within minutes",
      without: "we fall back to e-mail and mark the appointment as not reminded",
    },
    {
      on: "the calendars that people use already",
      gives: "the private appointments that block a slot",
      without: "we keep the last state that we read and show how old it is",
    },
  ],
  rules:
    "Names, phone numbers and times are personal data under the GDPR, and with some services an appointment tells something about health. We keep as little as the booking needs, delete what is two years old, and sign a processing agreement with each business.",
  scale:
    "Load comes in waves, on Sunday evenings and at reminder time. Looking at free slots is read a hundred times for each booking, so we answer it from a cache per business that a booking clears; the booking itself always goes to the database.",
  risks: {
    technical: [
      {
        title: "Two people get the same slot",
        what: "Under load or with a slow connection two bookings pass the check, and two people stand in front of one chair.",
        severity: "HIGH",
        mitigation:
          "We let the database refuse overlaps by a constraint, and test it with a hundred bookings at once before anybody uses it.",
      },
      {
        title: "Reminders arrive late or twice",
        what: "The provider delays messages, or we send again after a fault; either way people stop trusting the text.",
        severity: "MEDIUM",
        mitigation:
          "We send each reminder once under a key of its own, record its delivery, and ring the alarm when the hour's share falls.",
      },
    ],
    market: {
      title: "Regulars go on calling",
      what: "Regular customers have the number by heart, and an online page that only strangers use does not relieve anybody.",
      severity: "MEDIUM",
      mitigation:
        "We put the link into each reminder and each missed-call reply, and measure how many of the regulars changed.",
    },
    execution: {
      title: "Every business has its own rules",
      what: "Breaks, pauses between services, two chairs and one basin: each pilot brings a rule, and the rules eat the plan.",
      severity: "MEDIUM",
      mitigation:
        "We collect the rules before we build, choose the four that cover most, and say no to the rest until after the pilot.",
    },
    financial: {
      title: "Text messages eat the margin",
      what: "Each reminder costs us money, and a busy business sends several hundred a month.",
      severity: "MEDIUM",
      mitigation:
        "We include a number of messages in the price, use e-mail where people agree, and watch the cost per booking each week.",
    },
    strategic: {
      title: "A portal offers booking for nothing",
      what: "Portals can give the diary away to own the customers, and then charge for them.",
      severity: "MEDIUM",
      mitigation:
        "We make it easy to take customers and history along, say so loudly, and never list competitors on our users' pages.",
    },
  },
  pilot: "eight",
  weeksPerFeature: 0.8,
};

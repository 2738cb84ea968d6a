import type { Domain } from "./domain.ts";

export const logistics: Domain = {
  key: "logistics",
  strong:
    /\b(?:logistics|deliver(?:y|ies)|couriers?|drivers?|fleets?|shipments?|shipping|parcels?|freight|trucks?|routes?|dispatch\w*|last.mile|cargo)\b/,
  weak: /\b(?:vans?|vehicles?|pickups?|tours?|track\w*|transport\w*|stops?|customs|pallets?|gps)\b/,
  users: "dispatchers of small fleets",
  fits: /dispatch|fleet|courier|carrier|compan|business|logist|haul/,
  day: "The plan of the morning holds until the first call. From then on it is telephone, map and memory, and somebody always asks where their delivery is.",
  pain: "Once the vehicles have left, nobody knows where things stand without calling a driver, and everybody calls.",
  cost: 'Every wrong or empty trip costs fuel and an hour, every "where is it" costs five minutes on both ends, and a missed window costs the customer.',
  today: ["a whiteboard and the telephone", "a route planner that knows nothing of today"],
  promise: "show {users} what is on its way, what will be late, and what to do about it",
  outcome: "problems are solved before the customer calls",
  constraint:
    "It has to work for a driver with gloves, a cracked phone and a dead spot. One large button per stop, and nothing may be lost without a network.",
  edges: [
    "We re-plan during the day; route planners stop at the yard's gate.",
    "We tell the recipient the truth early, also when it is bad news, because that is what prevents the call.",
    "We need no devices in the vehicles: a phone, a link, and the next tour can begin.",
  ],
  market:
    "Small fleets pay 15 to 35 euros per vehicle and month for telematics that they look at once a day. Saving one trip in twenty pays for us. We find {users} through trade associations and their own customers: whoever receives with a live link asks the next carrier for one.",
  rivals:
    "Telematics vendors sell boxes with long contracts, the large transport systems sell projects. Neither helps at eleven o'clock when a van breaks down. We live in that hour. What we learn of stops (how long each really takes, which ramp is slow) makes our times better than a map's, and belongs to our users and us.",
  features: [
    {
      name: "Tour for today",
      match: /route|tour|plan|optimi|dispatch|assign|schedule/i,
      does: "{Users} drop the day's orders in, and we propose tours that fit windows, loads and breaks.",
      benefit: "We leave the last word to the person who knows the customers: every stop can be moved.",
    },
    {
      name: "Driver view",
      match: /driver|courier|app|deliver|stop|pick.?up|proof|sign|photo/i,
      does: "Drivers see one stop at a time, with a photo of the gate and one button.",
      benefit: "We keep everything on the phone until there is a network, proof of delivery included.",
    },
    {
      name: "Live arrival link",
      match: /track|live|eta|where|customer|link|gps|map|notify/i,
      does: "Recipients get a link with a time that becomes more exact as the van comes closer.",
      benefit: "We correct it as soon as we know better, so that it is worth looking at.",
    },
    {
      name: "Late list",
      match: /late|delay|alert|exception|predict|warn|problem/i,
      does: "We list the stops that will miss their window, an hour before they do, with what would help.",
      benefit: "We suggest one step each, and carry it out with one click.",
    },
    {
      name: "Stop memory",
      match: /history|learn|report|analy|cost|emission/i,
      does: "We remember how long each stop really takes and what is special about it.",
      benefit: "It makes tomorrow's plan better than today's, and a new driver as good as an old one.",
    },
  ],
  later: [
    "Invoices to customers: orders come from a system that does that already.",
    "Sensors for temperature and doors, until a customer asks for proof.",
    "A freight exchange with strangers' loads: another business, with other risks.",
    "Crossing borders, with customs and rules on driving times in several countries.",
  ],
  metrics: [
    "Nineteen of twenty stops lie within the window that the recipient was told in the morning.",
    "Calls that ask where something is fall by half within four weeks.",
    "Each vehicle drives five percent fewer kilometres per stop than before, by its own speedometer.",
  ],
  parts:
    "We build a web view for the office, an installable app for drivers that stores each event on the phone first, and a service on PostgreSQL with PostGIS. Tours are computed by an open-source solver on a worker, with ten seconds per plan. Positions are kept in a table of their own with one day of memory, as they are many and soon worthless.",
  data: "Orders come from the office as a file or by an interface, events and positions from the drivers' phones. The office sees everything of its fleet; a recipient sees one stop and no name; positions are recorded between the first and the last stop only, and deleted the next day.",
  integrations: [
    {
      on: "a map and traffic service",
      gives: "driving times as they are now",
      without: "we use our own history of the same road and hour",
    },
    {
      on: "the order system of the fleet",
      gives: "orders without typing",
      without: "we read the day's list as a spreadsheet",
    },
  ],
  rules:
    "Positions of drivers are personal data of employees: we record them during the tour only, for the tour only, and the works council gets it in writing. Proof of delivery is kept for as long as claims are possible. Driving times follow Regulation 561/2006, and our plans respect it.",
  scale:
    "Positions grow first: a thousand vehicles send a hundred a second. They go through a buffer and are written in batches. Planning is per fleet and runs side by side; with a hundred times as many fleets we add workers. Live links are cached for ten seconds, and nobody notices.",
  risks: {
    technical: [
      {
        title: "Arrival times are not believed",
        what: "If the time on the link jumps about, people call again, and we have made it worse.",
        severity: "HIGH",
        mitigation:
          "We show a window and not a minute, narrow it only, and measure the error at each stop from the first day.",
      },
      {
        title: "Events are lost between phone and office",
        what: "A phone without power or network holds the proof of twenty deliveries.",
        severity: "MEDIUM",
        mitigation:
          "We store on the device first, send again under the same key until confirmed, and show the office what has not come yet.",
      },
    ],
    market: {
      title: "Drivers see it as surveillance",
      what: "Whoever feels watched leaves the phone in the glove box, and {users} see nothing.",
      severity: "HIGH",
      mitigation:
        "We build the driver's view with drivers, show them what is recorded, and switch it off with the last stop.",
    },
    execution: {
      title: "Each fleet's data looks different",
      what: "Addresses with notes in them, windows as free text: the import takes the time of two features.",
      severity: "MEDIUM",
      mitigation:
        "We ask the pilot fleets for one real week of data now, and build the import against it first.",
    },
    financial: {
      title: "Maps are paid per request",
      what: "Each re-planning asks for hundreds of driving times, and a busy fleet can cost more than it pays.",
      severity: "MEDIUM",
      mitigation:
        "We host open map data for distances, buy live traffic only for the stops ahead, and set a limit per fleet.",
    },
    strategic: {
      title: "The large shippers dictate their own app",
      what: "A fleet that drives for one big customer has to use that customer's system.",
      severity: "LOW",
      mitigation:
        "We look for fleets with many customers, and offer their stops to the shipper's system by an interface.",
    },
  },
  pilot: "four",
  weeksPerFeature: 1,
};

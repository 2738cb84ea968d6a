import type { Facts } from "./facts/facts.ts";
import type { Feature } from "./features.ts";
import { clip, namesWithin, upperFirst } from "./text.ts";
import { asLabel, asLine } from "./voice.ts";

export interface PlannedMilestone {
  readonly title: string;
  readonly description: string;
  readonly successCriteria: readonly string[];
  readonly estimatedWeeks: number;
}

export interface Plan {
  readonly milestones: readonly [PlannedMilestone, PlannedMilestone, PlannedMilestone, PlannedMilestone];
  readonly totalWeeks: number;
}

const MAX_WEEKS = 52;

/**
 * Four milestones from features. The sections of the plan do not read each other: each works the plan out from the
 * features, and so they agree.
 */
export function planOf(features: readonly Feature[], facts: Facts): Plan {
  const names = features.map(({ name }) => name);
  const first = names[0] ?? facts.product;
  const middle = Math.ceil((names.length - 1) / 2);
  const core = orLast(names.slice(1, 1 + middle), names, first);
  const rest = orLast(names.slice(1 + middle), names, first);
  const { pilot, weeksPerFeature } = facts.domain;
  const users = facts.users.short;
  const pilotWeeks = weeksPerFeature >= 1 ? 2 : 1;
  const weeksFor = (count: number) => Math.min(MAX_WEEKS, Math.max(1, Math.round(count * weeksPerFeature)));
  const milestones: Plan["milestones"] = [
    {
      title: titled(facts.pick("first milestone", ["Prototype", "Walking skeleton"]), first),
      description: asLine(
        facts.pick("prototype", [
          `We build ${first} from end to end, plain but real, and put it into the hands of the first ${users}.`,
          `We build ${first} so far that it does its work once, with real data, and watch the first ${users} use it.`,
        ]),
      ),
      successCriteria: [
        asLine(`Two of the ${users} get through ${clip(first, 200)} while we watch and say nothing.`),
        "We can put a change into their hands on the day on which we made it.",
      ],
      estimatedWeeks: Math.max(1, Math.ceil(weeksPerFeature)),
    },
    {
      title: titled("Core loop", core[0] ?? first),
      description: asLine(
        facts.pick("core loop", [
          `We add ${namesWithin(core, 260)}, so that using it once leads to using it again.`,
          `We build ${namesWithin(core, 260)} on top of ${clip(first, 100)}: from here on it is worth coming back to.`,
        ]),
      ),
      successCriteria: [
        asLine(
          `Three people use ${clip(core[0] ?? first, 200)} on two days of one week, without a reminder from us.`,
        ),
        asLine(`What they did with ${clip(first, 200)} is still there and still right a week later.`),
      ],
      estimatedWeeks: weeksFor(core.length),
    },
    {
      title: titled("First release", rest[0] ?? first),
      description: asLine(
        facts.pick("first release", [
          `We finish the release with ${namesWithin(rest, 260)}, and settle whatever the first people stumbled over.`,
          `We add ${namesWithin(rest, 260)}, write down what we leave out, and rehearse a bad day: restore, roll back, answer a complaint.`,
        ]),
      ),
      successCriteria: [
        asLine(`${upperFirst(clip(rest[0] ?? first, 200))} works for somebody whom we have never met.`),
        "A backup has been restored, and nobody had to ask how.",
      ],
      estimatedWeeks: weeksFor(rest.length),
    },
    {
      title: asLabel(`Pilot with ${pilot} ${users}`),
      description: asLine(
        facts.pick("pilot", [
          `We let ${pilot} ${users} use all of it for real, ${clip(first, 200)} above all, and decide with their numbers how to go on.`,
          `We hand it to ${pilot} ${users} and keep out of their way: what they do with ${clip(first, 200)} decides what comes next.`,
        ]),
      ),
      successCriteria: [
        pilotWeeks > 1
          ? "Half of those in the pilot come back in their second week without our asking."
          : "Half of those in the pilot come back on a third day without our asking.",
        asLine(
          `We know from each of them why they stay or leave, and what they would pay for ${clip(first, 200)}.`,
        ),
      ],
      estimatedWeeks: pilotWeeks,
    },
  ];
  return { milestones, totalWeeks: milestones.reduce((sum, { estimatedWeeks }) => sum + estimatedWeeks, 0) };
}

function orLast(names: readonly string[], all: readonly string[], first: string): readonly string[] {
  return names.length > 0 ? names : [all.at(-1) ?? first];
}

/** Named after the first feature that it delivers. */
function titled(kind: string, name: string): string {
  return asLabel(`${kind}: ${name}`);
}

import type { milestonePlan } from "../../../domain/artifact/milestone-plan.ts";
import { readFeatures } from "../features.ts";
import { planOf } from "../plan.ts";
import { clip, flow, inWords, namesWithin, paragraphs, quoted, quotedFirst } from "../text.ts";
import { asLine, asProse } from "../voice.ts";
import type { WritersOf } from "./writer.ts";

/** What a person costs us in a week, and how many of us there are, for a first idea of the budget. */
const EUROS_PER_WEEK = 1_500;
const PEOPLE = 2.5;

export const milestonePlanWriters: WritersOf<typeof milestonePlan> = {
  milestones: (facts, sources) => planOf(readFeatures(sources, facts), facts).milestones,

  criticalPath: (facts, sources) => {
    const features = readFeatures(sources, facts);
    const [first, core, release, pilot] = planOf(features, facts).milestones.map(({ title }) =>
      clip(title, 120),
    );
    const constraint = sources.text("BRIEF.keyConstraint");
    return [
      `“${first}” comes before everything: without ${clip(features[0]?.name ?? facts.product, 120)} we have nothing to try.`,
      flow(
        `“${core}” waits for it, and a shortcut here comes back in “${release}”.`,
        constraint === undefined ? "" : `We hold it against our constraint: ${quotedFirst(constraint, 180)}`,
      ),
      `“${pilot}” needs dates with people who have other things to do: we make them while we still build “${core}”.`,
    ].map(asLine);
  },

  totalDurationWeeks: (facts, sources) => planOf(readFeatures(sources, facts), facts).totalWeeks,

  resourcePlan: (facts, sources) => {
    const features = readFeatures(sources, facts);
    const { milestones, totalWeeks } = planOf(features, facts);
    const architecture = sources.text("MVP_SCOPE.technicalArchitecture");
    const people = PEOPLE * totalWeeks * EUROS_PER_WEEK;
    const last = milestones[3];
    return asProse(
      paragraphs(
        `For ${totalWeeks === 1 ? "one week" : `${inWords(totalWeeks)} weeks`} we need two people who build and half a person who talks to ${facts.users.short}. Most of the work lies in ${namesWithin(
          features.slice(0, 2).map(({ name }) => name),
          300,
        )}; that is where we put the more experienced one.`,
        flow(
          `Paid as employees we cost about ${people.toLocaleString("en")} euros until the end of “${last.title}”, and what we run on stays below 150 euros a month.`,
          architecture === undefined
            ? ""
            : `The skills follow from what we build on: ${quotedFirst(architecture, 260)}`,
        ),
        facts.pick("resources", [
          "We buy in what we need for a few days only (a lawyer for the terms, somebody who attacks our security), and hire nobody before the pilot has answered.",
          "If one of us falls ill, the plan moves and the scope stays. If two weeks are lost, we cut the last feature on the list and not the pilot.",
        ]),
      ),
    );
  },

  riskMitigationTimeline: (facts, sources) => {
    const [metric] = sources.texts("MVP_SCOPE.successMetrics") ?? [];
    const scale = sources.text("MVP_SCOPE.scalabilityPlan");
    const { technical, market } = facts.domain.risks;
    const raised = facts.risks[0];
    return asProse(
      paragraphs(
        `In the first week we test what could end it all: “${market.title}”. We show a drawing to five people and count who asks when they can have it.`,
        flow(
          `By the middle of the plan we have tried “${technical[0].title}” on purpose, with real data.`,
          raised === undefined
            ? ""
            : `By then we also know what to make of what we raised ourselves: ${quoted(raised.message, 200)}`,
        ),
        flow(
          metric === undefined
            ? "From the pilot on we look at our numbers every Friday."
            : `From the pilot on we look at this number every Friday: ${quotedFirst(metric, 240)}`,
          "If it does not move for two weeks we narrow what we do; if it does not move after that, we stop and say so.",
        ),
        scale === undefined
          ? ""
          : `What can wait until the number is good is growth, of which we know: ${quotedFirst(scale, 240)}`,
      ),
    );
  },
};

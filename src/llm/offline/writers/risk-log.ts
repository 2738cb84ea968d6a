import type { riskLog } from "../../../domain/artifact/risk-log.ts";
import { decided } from "../decisions.ts";
import type { Facts } from "../facts/facts.ts";
import { readFeatures } from "../features.ts";
import { planOf } from "../plan.ts";
import { promiseOf } from "../promise.ts";
import { filled, MOST_RISKS, type Risk, told } from "../risks.ts";
import type { Sources } from "../sources.ts";
import { clip, flow, inWords, quoted, quotedFirst } from "../text.ts";
import { asLine, audienceOf } from "../voice.ts";
import type { WritersOf } from "./writer.ts";

export const riskLogWriters: WritersOf<typeof riskLog> = {
  technicalRisks: (facts, sources) => {
    const [first = "", second = ""] = readFeatures(sources, facts).map(({ name }) => clip(name, 100));
    const [early = "", core = ""] = titlesOf(sources, facts);
    const [one, other] = facts.domain.risks.technical.map((risk) => told(risk, facts));
    return filled(facts, "TECHNICAL", early, [
      one && {
        ...one,
        description: flow(one.description, `It would hit ${first} and delay our milestone “${early}”.`),
      },
      other && {
        ...other,
        description: flow(other.description, `We would notice it in ${second || first}, in “${core}”.`),
      },
    ]);
  },

  marketRisks: (facts, sources) => {
    const { users, inItsWords } = audienceOf(sources, facts);
    const promise = sources.text("BRIEF.valueProposition") ?? promiseOf(facts);
    const pilot = titlesOf(sources, facts).at(-1) ?? "";
    const usual = told(facts.domain.risks.market, facts, users);
    return filled(facts, "MARKET", pilot, [
      {
        ...usual,
        description: flow(
          usual.description,
          inItsWords === "" ? "" : `Our brief says of them: ${inItsWords}`,
          `We would see it in “${pilot}” at the latest.`,
        ),
      },
      {
        title: facts.pick("promise risk", [
          "Our promise is not worth a new habit",
          "They like the promise and do not change anything",
        ]),
        description: flow(
          `We promise: ${quoted(promise, 262)}`,
          `It may be true and still not reason enough to begin; “${pilot}” tells.`,
        ),
        severity: "MEDIUM",
        mitigation: facts.pick("promise mitigation", [
          "We ask for something in return from the first day (a date, a deposit, an introduction), because only what costs something is an answer.",
          "We put the promise on a page with a price before it is built, and talk to everybody who clicks and to ten who do not.",
        ]),
      },
    ]);
  },

  executionRisks: (facts, sources) => {
    const titles = titlesOf(sources, facts);
    const [, core = "", release = ""] = titles;
    const weeks =
      sources.number("MILESTONES.totalDurationWeeks") ??
      planOf(readFeatures(sources, facts), facts).totalWeeks;
    const [path] = sources.texts("MILESTONES.criticalPath") ?? [];
    const usual = told(facts.domain.risks.execution, facts);
    const duration = weeks === 1 ? "one week" : `${inWords(weeks)} weeks`;
    const pauses = decided(facts, "PARK")
      .slice(-1)
      .map((one) => pausesAgain(one, core));
    const planned = filled(facts, "EXECUTION", core, [
      {
        title: `There is no slack in ${duration}`,
        description: flow(
          `We have planned ${duration} without a reserve: what slips before “${core}” moves the end by as much.`,
          path === undefined ? "" : `Our critical path begins so: ${quoted(path, 180)}`,
        ),
        severity: "MEDIUM",
        mitigation: facts.pick("slack", [
          "We look at the plan each Monday, and cut the least important feature as soon as a milestone slips by more than two days.",
          "We show something that works each Friday; two Fridays without it, and we cut scope before we move a date.",
        ]),
      },
      { ...usual, description: flow(usual.description, `What it endangers is “${release || core}”.`) },
    ]);
    return [...planned, ...pauses].slice(0, MOST_RISKS);
  },

  financialRisks: (facts, sources) => {
    const usual = told(facts.domain.risks.financial, facts);
    const market = sources.text("BRIEF.marketAnalysis");
    const resources = sources.text("MILESTONES.resourcePlan");
    return filled(facts, "FINANCIAL", undefined, [
      {
        ...usual,
        description: flow(
          usual.description,
          market === undefined ? "" : `Our market, as we see it: ${quotedFirst(market, 180)}`,
        ),
        mitigation: flow(
          usual.mitigation,
          resources === undefined
            ? ""
            : `We hold it against what we have planned: ${quotedFirst(resources, 180)}`,
        ),
      },
    ]);
  },

  strategicRisks: (facts, sources) => {
    const usual = told(facts.domain.risks.strategic, facts);
    const strategy = sources.text("BRIEF.competitiveStrategy");
    const timeline = sources.text("MILESTONES.riskMitigationTimeline");
    return filled(facts, "STRATEGIC", undefined, [
      {
        ...usual,
        description: flow(
          usual.description,
          strategy === undefined ? "" : `We count on this: ${quotedFirst(strategy, 180)}`,
        ),
        mitigation: flow(
          usual.mitigation,
          timeline === undefined ? "" : `Our timeline already says: ${quotedFirst(timeline, 180)}`,
        ),
      },
    ]);
  },
};

/** The milestones' titles as they are now; as we would plan them where they are not to be seen. */
function titlesOf(sources: Sources, facts: Facts): string[] {
  const titles = (sources.objects("MILESTONES.milestones") ?? []).flatMap(({ title }) =>
    typeof title === "string" ? [title] : [],
  );
  return titles.length > 0
    ? titles
    : planOf(readFeatures(sources, facts), facts).milestones.map(({ title }) => title);
}

function pausesAgain(decision: string, milestone: string): Risk {
  return {
    title: "The project pauses again",
    description: asLine(
      `We have parked it before, ${decision} If that comes back, “${milestone}” is where we would stop.`,
    ),
    severity: "MEDIUM",
    mitigation:
      "We write down what would make us stop and what would make us go on, and look at both at each gate.",
  };
}

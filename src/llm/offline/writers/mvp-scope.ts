import type { mvpScope } from "../../../domain/artifact/mvp-scope.ts";
import { decided } from "../decisions.ts";
import { featuresOf } from "../features.ts";
import { promiseOf } from "../promise.ts";
import { clip, flow, namesWithin, paragraphs, quoted, quotedFirst, upperFirst } from "../text.ts";
import { asLine, asProse, audienceOf, fill } from "../voice.ts";
import type { WritersOf } from "./writer.ts";

const MAX_QUOTED_PROMISE = 262;

export const mvpScopeWriters: WritersOf<typeof mvpScope> = {
  coreFeatures: (facts, sources) => {
    const promise = sources.text("BRIEF.valueProposition") ?? promiseOf(facts);
    const problem = sources.text("BRIEF.problemStatement");
    const { users, inItsWords } = audienceOf(sources, facts);
    const remarks = [
      `${facts.pick("keeps", ["This is where we keep our promise:", "It is the heart of our promise:"])} ${quoted(promise, MAX_QUOTED_PROMISE)}`,
      problem === undefined ? "" : `It answers what hurts: ${quotedFirst(problem, 170)}`,
      inItsWords === "" ? "" : `We make it for those whom our brief describes: ${inItsWords}`,
    ];
    return featuresOf(facts, users).map(({ description, ...feature }, index) => {
      const remark = remarks[index] ?? "";
      return { ...feature, description: asLine(flow(clip(description, 498 - remark.length), remark)) };
    });
  },

  outOfScope: (facts, sources) => {
    const constraint = sources.text("BRIEF.keyConstraint");
    const [edge] = sources.texts("BRIEF.differentiationPoints") ?? [];
    const [first, second, third, fourth] = facts.domain.later.map((one) => fill(one, facts, facts.users));
    const said = [
      ...decided(facts, "NARROW").map((one) => `What we cut when we narrowed the scope ${one}`),
      ...decided(facts, "PIVOT").map(
        (one) => `All that belonged to our earlier direction; we left it ${one}`,
      ),
    ].slice(-6);
    return [
      ...said,
      first ?? "",
      flow(
        second ?? "",
        constraint === undefined
          ? ""
          : `Our constraint would have the last word on it: ${quotedFirst(constraint, 220)}`,
      ),
      third ?? "",
      flow(
        fourth ?? "",
        edge === undefined ? "" : `We would rather be known for this: ${quotedFirst(edge, 220)}`,
      ),
    ].map(asLine);
  },

  successMetrics: (facts, sources) => {
    const promise = sources.text("BRIEF.valueProposition") ?? promiseOf(facts);
    const [first, ...others] = facts.domain.metrics.map((one) => fill(one, facts, facts.users));
    const remark = `We count it first, because it is what our promise comes down to: ${quoted(promise, MAX_QUOTED_PROMISE)}`;
    return [flow(clip(first ?? "", 498 - remark.length), remark), ...others].map(asLine);
  },

  technicalArchitecture: (facts, sources) => {
    const constraint = sources.text("BRIEF.keyConstraint");
    const names = featuresOf(facts).map(({ name }) => name);
    return asProse(
      paragraphs(
        fill(facts.domain.parts, facts, facts.users),
        flow(
          constraint === undefined
            ? ""
            : `The choice follows from our constraint: ${quotedFirst(constraint, 300)}`,
          `${upperFirst(namesWithin(names.slice(0, 3), 160))} share one model of the data; we do not split them into services before two people get in each other's way.`,
        ),
        facts.pick("stack", [
          "We leave out whatever we would have to learn first: no second database, no orchestration, no framework of our own. Each of them can be added later, and none can be taken away as easily.",
          "Everything starts on one machine with one command, tests included, so that a new colleague ships a change on the first day.",
          "We keep the rules of the product free of frameworks and the network, because they are what we will change most often.",
        ]),
      ),
    );
  },

  scalabilityPlan: (facts, sources) => {
    const market = sources.text("BRIEF.marketAnalysis");
    const strategy = sources.text("BRIEF.competitiveStrategy");
    return asProse(
      paragraphs(
        fill(facts.domain.scale, facts, facts.users),
        flow(
          market === undefined
            ? ""
            : `How fast that comes depends on our market, of which we say: ${quotedFirst(market, 220)}`,
          strategy === undefined ? "" : `And on how we compete: ${quotedFirst(strategy, 220)}`,
          facts.pick("scale", [
            "We rehearse ten times the load before each campaign, and spend nothing on a hundred times before ten has happened.",
            "We write down today's number, the number at which we act, and who acts; the rest is not planned but watched.",
          ]),
        ),
      ),
    );
  },
};

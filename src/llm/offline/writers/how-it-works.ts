import type { howItWorks } from "../../../domain/artifact/how-it-works.ts";
import type { Integration } from "../domains/domain.ts";
import type { Facts } from "../facts/facts.ts";
import { type Feature, readFeatures } from "../features.ts";
import { planOf } from "../plan.ts";
import type { Sources } from "../sources.ts";
import {
  clip,
  flow,
  lowerFirst,
  namesWithin,
  paragraphs,
  quotedFirst,
  sentencesOf,
  upperFirst,
} from "../text.ts";
import { asLabel, asLine, asProse, audienceOf, fill } from "../voice.ts";
import type { WritersOf } from "./writer.ts";

/** More than these make no picture of a product any more. */
const MOST_PARTS = 12;

export const howItWorksWriters: WritersOf<typeof howItWorks> = {
  userJourney: (facts, sources) => {
    const { users, inItsWords } = audienceOf(sources, facts);
    const features = readFeatures(sources, facts);
    const [first, second, ...others] = features;
    const start = first ?? { name: facts.product, description: "" };
    const next = second ?? start;
    const later = others.length > 0 ? others : [next];
    const steps = [
      {
        title: facts.pick("step one", [
          "They hear of us from somebody they trust",
          "A link from a colleague",
        ]),
        description: flow(
          `One of the ${users.short} opens our page on the phone, sees in one sentence what it does, and begins without a credit card.`,
          inItsWords === "" ? "" : `We know from our brief who that is: ${inItsWords}`,
        ),
      },
      {
        title: `The first try: ${clip(start.name, 150)}`,
        description: flow(
          gist(start),
          "It takes minutes, with real data, and there is something to see at the end: we lose whoever has to wait until tomorrow.",
        ),
      },
      {
        title: `The next day: ${clip(next.name, 150)}`,
        description: flow(gist(next), `They come back because there is a reason to, not because we ring.`),
      },
      {
        title: `It becomes a routine: ${namesWithin(
          later.map(({ name }) => name),
          150,
        )}`,
        description: flow(
          gist(later[0] ?? next),
          `By now ${clip(start.name, 100)} is part of the week, and we are noticed only when something needs a decision.`,
        ),
      },
      {
        title: facts.pick("step five", ["They stay, and tell us why", "They pay, and bring the next one"]),
        description: `After a month we show what has changed since the first day, in their own numbers, and ask two questions: what would they miss, and who else among the ${users.short} should have it?`,
      },
    ];
    return steps.map(({ title, description }, index) => ({
      stepNumber: index + 1,
      title: asLabel(title),
      description: asLine(description),
    }));
  },

  architecture: (facts, sources) => {
    const features = readFeatures(sources, facts);
    const milestones = milestonesOf(sources, features, facts);
    const comesWith = (name: string) =>
      milestones.findIndex(({ title, description }) => `${title} ${description}`.includes(name));
    const stages = milestones.map(({ title }, index) => {
      const parts = features
        .slice(0, MOST_PARTS)
        .filter(({ name }) => Math.max(0, comesWith(name)) === index);
      if (parts.length === 0) return "";
      const lines = parts.map((part) => `${upperFirst(part.name)}: ${lowerFirst(gist(part))}`);
      return flow(
        `With our milestone “${title}” ${parts.length === 1 ? "comes this part." : "come these parts."}`,
        ...lines,
      );
    });
    return asProse(
      paragraphs(
        fill(facts.domain.parts, facts, facts.users),
        ...stages,
        `Nothing of it is on its own before it has to be: until “${clip(milestones.at(-1)?.title ?? "", 200)}” we deploy all parts together, and what we learn there decides what is cut loose first.`,
      ),
    );
  },

  dataFlow: (facts, sources) => {
    const names = readFeatures(sources, facts).map(({ name }) => name);
    const [first = facts.product, ...others] = names;
    return asProse(
      paragraphs(
        flow(
          `What ${facts.users.short} enter comes in through ${first}.`,
          others.length > 0
            ? `${upperFirst(namesWithin(others, 400))} read from the same place and write back to it; there is no second copy that could be wrong.`
            : "",
        ),
        fill(facts.domain.data, facts, facts.users),
        facts.pick("data", [
          "We can export everything of one customer into one file, and delete it, with one command each; both are tested at every release.",
          "Every night we restore a backup into an empty place and count what has arrived, because a backup that nobody has restored is none.",
          "We write down for each field why we have it. A field for which we find no reason goes.",
        ]),
      ),
    );
  },

  integrationPoints: (facts, sources) => {
    const architecture = sources.text("MVP_SCOPE.technicalArchitecture");
    const [risk] = sources.objects("RISK_LOG.technicalRisks") ?? [];
    const [one, other] = facts.domain.integrations;
    return asProse(
      paragraphs(
        flow(reliesOn(one, "We build on"), reliesOn(other, "Besides, we use")),
        flow(
          architecture === undefined
            ? ""
            : `Both stay at the edge of what our scope describes: ${quotedFirst(architecture, 260)}`,
          typeof risk?.title === "string"
            ? `We keep one of our risks in mind with every call that leaves the house: “${clip(risk.title, 200)}”.`
            : "",
        ),
        facts.pick("integrations", [
          "Each outside call has a time limit, is made again under the same key, and shows on one page whether it works. We name the provider when it does not, instead of saying that something went wrong.",
          "We wrap each of them behind a few lines of our own, with a stand-in for tests, so that changing a provider is a week's work and not a quarter's.",
        ]),
      ),
    );
  },

  securityCompliance: (facts, sources) => {
    const scale = sources.text("MVP_SCOPE.scalabilityPlan");
    const [risk] = sources.objects("RISK_LOG.strategicRisks") ?? [];
    return asProse(
      paragraphs(
        fill(facts.domain.rules, facts, facts.users),
        facts.pick("security", [
          "We sign in with two factors, keep no secrets in code, and give each person the rights of today's work. Whoever leaves is out within the hour.",
          "Every access of ours to a customer's data has a reason and leaves a trace that the customer can read. We tell about an incident within a day, also when we do not know everything yet.",
        ]),
        flow(
          scale === undefined ? "" : `When we grow, this has to hold as well: ${quotedFirst(scale, 240)}`,
          typeof risk?.title === "string"
            ? `And we do not weaken it to be faster, not even against this: “${clip(risk.title, 200)}”.`
            : "",
        ),
      ),
    );
  },
};

/** The first sentence of a feature, which says what happens. */
function gist({ name, description }: Pick<Feature, "name" | "description">): string {
  return clip(sentencesOf(description)[0] ?? `They meet ${name}.`, 240);
}

function reliesOn({ on, gives, without }: Integration, words: string): string {
  return `${words} ${on} for ${gives}. When that fails, ${without}.`;
}

type Milestone = { readonly title: string; readonly description: string };

/** The milestones as they are now; as we would plan them where they are not to be seen. */
function milestonesOf(sources: Sources, features: readonly Feature[], facts: Facts): readonly Milestone[] {
  const milestones = (sources.objects("MILESTONES.milestones") ?? []).flatMap(({ title, description }) =>
    typeof title === "string" ? [{ title, description: String(description ?? "") }] : [],
  );
  return milestones.length > 0 ? milestones : planOf(features, facts).milestones;
}

import type { productBrief } from "../../../domain/artifact/product-brief.ts";
import { decided, lastDecided } from "../decisions.ts";
import type { Facts } from "../facts/facts.ts";
import { promiseOf } from "../promise.ts";
import { flow, paragraphs, quoted, sentence, upperFirst } from "../text.ts";
import { asLine, asProse, fill } from "../voice.ts";
import type { WritersOf } from "./writer.ts";

const told = (template: string, facts: Facts) => fill(template, facts, facts.users);

export const briefWriters: WritersOf<typeof productBrief> = {
  problemStatement: (facts) => {
    const { problems, pitch, domain, users } = facts;
    const [first, second] = domain.today;
    const evidence = decided(facts, "PROCEED").find((one) => one.includes("because"));
    return asProse(
      paragraphs(
        problems.length > 0 ? problems.join(" ") : told(domain.pain, facts),
        flow(
          problems.length > 0
            ? ""
            : pitch === null
              ? ""
              : `That is why the project begins with the words ${quoted(sentence(pitch), 202)}`,
          told(domain.cost, facts),
          facts.pick("today", [
            `Today ${users.short} get by with ${first}, or with ${second}; we do not believe that anybody chose either of them.`,
            `Today ${users.short} make do with ${first} or ${second}. Both work until the day gets busy, and that is the day we build for.`,
            `Between ${first} and ${second} lies the work that we want to make disappear.`,
          ]),
        ),
        evidence === undefined ? "" : `This is not only our opinion. We decided to go on ${evidence}`,
      ),
    );
  },

  targetUser: (facts) =>
    asProse(
      paragraphs(
        flow(`We build first for ${facts.users.full}.`, told(facts.domain.day, facts)),
        facts.usersAssumed
          ? "The project does not say yet whom it is for, so this is our assumption. The first interviews are there to correct it, and everything that we write below changes with it."
          : facts.pick("why these users", [
              "We begin with them because they feel the problem every week, decide by themselves, and tell each other what helps. Others may come later; we do not design for them now.",
              "They are the ones whom we can reach, watch at work and call by their first name. Whoever looks like them from far away, but has more time or more staff, is not whom we decide for.",
              "There are larger groups that we could serve. For this one a small product makes a visible difference within a week, and that is what we can deliver.",
            ]),
      ),
    ),

  valueProposition: promiseOf,

  keyConstraint: (facts) =>
    asProse(
      paragraphs(
        flow(
          told(facts.domain.constraint, facts),
          facts.pick("constraint", [
            "We measure each idea against this first, and drop it when it does not pass, also when it would sell.",
            "When two good ideas contradict each other, we take the one that respects this.",
            "We have written it at the top of our list, because it is what we will be tempted to bend first.",
          ]),
        ),
        flow(
          lastDecided(facts, "NARROW", "We have narrowed what we do: we decided so"),
          lastDecided(
            facts,
            "PIVOT",
            "We have changed our direction once already, which leaves us less time for a second try: we did so",
          ),
        ),
      ),
    ),

  differentiationPoints: (facts) => facts.domain.edges.map((edge) => asLine(told(edge, facts))),

  marketAnalysis: (facts) => {
    const evidence = decided(facts, "PROCEED")
      .filter((one) => one.includes("because"))
      .slice(1)
      .at(-1);
    return asProse(
      paragraphs(
        told(facts.domain.market, facts),
        flow(
          evidence === undefined ? "" : `We have a first sign of what it is worth: we went on ${evidence}`,
          `We stand at “${facts.stage}”. ${facts.pick("market unknown", [
            "What we say here about prices is a first guess; what we will believe comes from the first ten who pay.",
            "None of these numbers is ours yet: the pilot is where we replace them, one by one, with what we have seen.",
            "We would rather be exact about fifty customers whom we can name than about a market that we cannot.",
          ])}`,
        ),
      ),
    );
  },

  competitiveStrategy: (facts) =>
    asProse(
      paragraphs(
        told(facts.domain.rivals, facts),
        flow(
          `${upperFirst(facts.product)} does not have to win everywhere.`,
          facts.pick("strategy", [
            "We choose one group and one moment of its day, and become what one would miss there; we widen it only when it holds.",
            "Our order is: useful to one, normal in one circle, and only then known. Whoever copies what they see copies the last step.",
            "We compete on how little there is to learn, and we publish what we do not do, so that the wrong customers stay away.",
          ]),
          lastDecided(
            facts,
            "PIVOT",
            "What we learnt before our change of direction is part of our advantage: we turned",
          ),
        ),
      ),
    ),
};

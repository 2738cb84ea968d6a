import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PLANS, type Plan } from "../../../src/domain/account/plan.ts";
import type { StoredContent } from "../../../src/domain/artifact/content.ts";
import { DOCUMENTS, documentOf, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import { SECTION_TIERS } from "../../../src/domain/artifact/section.ts";
import {
  gateContent,
  isOpen,
  lockedSections,
  openSections,
  requiredPlan,
} from "../../../src/domain/artifact/tier.ts";
import { everyCombination } from "../support.ts";
import { EACH_DOCUMENT, sampleContent, storedContent } from "./sample-content.ts";

/** Which tiers each plan opens. */
const OPENS = {
  BOOTSTRAPPER: ["CORE"],
  PARTNER: ["CORE", "BUSINESS"],
  CTO_SCALE: ["CORE", "BUSINESS", "STRATEGIC"],
} as const satisfies Record<Plan, readonly string[]>;

const REQUIRES = { CORE: "BOOTSTRAPPER", BUSINESS: "PARTNER", STRATEGIC: "CTO_SCALE" } as const;

const EVERY = everyCombination({ type: EACH_DOCUMENT.map(({ type }) => type), plan: PLANS }).map((each) => ({
  ...each,
  document: documentOf(each.type),
}));

describe("a tier", () => {
  test.each(SECTION_TIERS)("%s requires the cheapest plan that opens it", (tier) => {
    expect(requiredPlan(tier)).toBe(REQUIRES[tier]);
  });

  test.each(everyCombination({ tier: SECTION_TIERS, plan: PLANS }))("$tier on $plan", ({ tier, plan }) => {
    expect(isOpen({ tier }, plan)).toBe(OPENS[plan].some((open) => open === tier));
  });
});

describe.each(EVERY)("$type on $plan", ({ document, plan }) => {
  const sections = sectionsOf(document);
  const isOpenHere = (tier: string) => OPENS[plan].some((open) => open === tier);
  const expectedOpen = sections.filter(([, { tier }]) => isOpenHere(tier)).map(([key]) => key);

  test("opens the sections of its tiers, in their order", () => {
    expect(openSections(document, plan)).toEqual(expectedOpen);
  });

  test("locks all others, in their order, each with the plan that opens it", () => {
    const locked = sections.filter(([, { tier }]) => !isOpenHere(tier));
    expect(lockedSections(document, plan)).toEqual(
      locked.map(([section, { tier }]) => ({ section, requiredTier: REQUIRES[tier] })),
    );
    expect(locked.length + expectedOpen.length).toBe(sections.length);
  });

  test("shows of complete content what is open, and the version of its shape", () => {
    const stored = { ...sampleContent(document), _schema_version: 1 };
    const shown = gateContent(document, stored, plan);
    expect(shown).toEqual(
      Object.fromEntries(["_schema_version", ...expectedOpen].map((key) => [key, stored[key as never]])),
    );
  });

  test("shows of anything stored nothing but open sections as they are", () => {
    fc.assert(
      fc.property(storedContent(document), (stored) => {
        const shown = gateContent(document, stored, plan);
        const expected = ["_schema_version", ...expectedOpen].filter((key) => Object.hasOwn(stored, key));
        expect(Reflect.ownKeys(shown).sort()).toEqual(expected.sort());
        for (const key of expected) expect(shown[key]).toBe(stored[key]);
      }),
    );
  });

  test("gated again shows the same", () => {
    fc.assert(
      fc.property(storedContent(document), (stored) => {
        const once = gateContent(document, stored, plan);
        expect(gateContent(document, once, plan)).toEqual(once);
      }),
    );
  });
});

describe("gateContent", () => {
  test.each(EACH_DOCUMENT)("shows of a $type the same, whether a cheaper plan gated it after or alone", ({
    document,
  }) => {
    fc.assert(
      fc.property(
        storedContent(document),
        fc.constantFrom(...PLANS),
        fc.constantFrom(...PLANS),
        (stored, a, b) => {
          const cheaper = PLANS.indexOf(a) < PLANS.indexOf(b) ? a : b;
          expect(gateContent(document, gateContent(document, stored, a), b)).toEqual(
            gateContent(document, stored, cheaper),
          );
        },
      ),
    );
  });

  test.each([
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "summary",
    "",
  ])("lets nothing through that is stored as %j", (key) => {
    const stored: StoredContent = Object.fromEntries([
      [key, { problemStatement: "hidden" }],
      ["targetUser", "Our users"],
    ]);
    const shown = gateContent(documentOf("BRIEF"), stored, "CTO_SCALE");
    expect(Reflect.ownKeys(shown)).toEqual(["targetUser"]);
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
  });

  test("does not take what every object has for a section that is not written", () => {
    const { targetUser } = DOCUMENTS.BRIEF.sections;
    const odd = { ...documentOf("BRIEF"), sections: { constructor: targetUser, targetUser } };
    expect(gateContent(odd, { targetUser: "Our users" }, "CTO_SCALE")).toEqual({ targetUser: "Our users" });
  });

  test("leaves what it was given as it was", () => {
    const stored = sampleContent(documentOf("BRIEF"));
    const before = structuredClone(stored);
    gateContent(documentOf("BRIEF"), stored, "BOOTSTRAPPER");
    expect(stored).toEqual(before);
  });
});

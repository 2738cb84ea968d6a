import { describe, expect, test } from "vitest";
import { DOMAINS, domainOf } from "../../../src/llm/offline/domains/domains.ts";
import { general } from "../../../src/llm/offline/domains/general.ts";
import { fill } from "../../../src/llm/offline/voice.ts";
import { contentsOf, projectOf, textsWithin, writeAll } from "../support/offline.ts";

const SAMPLES: readonly (readonly [key: string, name: string, description: string])[] = [
  ["inventory", "Stocky", "Small warehouses count stock by hand. We let them scan barcodes."],
  ["shifts", "Rota", "Waiters swap shifts in a chat group and nobody knows who works."],
  ["booking", "Trim", "Barbers lose an hour a day on the phone. We let customers book appointments."],
  ["health", "Dose", "An app that reminds patients with diabetes to take their medication."],
  ["education", "Fraction", "Homework help for students that shows teachers where they are stuck."],
  ["hiring", "Firstday", "We help restaurants hire: candidates apply in two minutes and get an answer."],
  ["finance", "Paidup", "Freelancers are paid late. We send invoices and follow up."],
  ["marketplace", "Oldspokes", "A marketplace for second-hand bicycles where sellers prove ownership."],
  ["logistics", "Vanguard", "Couriers with five drivers plan routes on a whiteboard."],
  ["food", "Leftover", "We suggest recipes for what is in the kitchen."],
  [
    "developer-tools",
    "Flaky",
    "Developers waste hours on flaky tests in CI. We find them in each pull request.",
  ],
  ["community", "Bring", "Volunteers of a neighbourhood community agree on who brings what."],
  ["analytics", "Whynot", "Dashboards nobody opens: we write down which metrics changed."],
  ["content", "Outtake", "We turn podcasts into newsletters for their audience."],
  ["productivity", "Agreed", "Agencies forget tasks that were agreed in meetings. We keep the deadlines."],
  ["general", "Zorblax", "Something entirely new."],
  ["general", "", ""],
];

describe("a project", () => {
  test.each(SAMPLES)("of %s is recognised: %s", (key, name, description) => {
    expect(domainOf(name, description).key).toBe(key);
  });

  test.each(SAMPLES)("of %s has documents that fit and are its own", (_, name, description) => {
    const { BRIEF, MVP_SCOPE } = contentsOf(writeAll(projectOf(name, description)));
    const { metrics } = domainOf(name, description);
    expect(MVP_SCOPE.successMetrics).toHaveLength(metrics.length);
    expect(textsWithin(BRIEF).join()).toContain(name);
  });

  test("is of a kind that its name says, where the description says nothing", () => {
    expect(domainOf("Invoice helper", "").key).toBe("finance");
  });

  test("is not of a kind because one word is said often", () => {
    expect(domainOf("Trim", `Appointments and calendars. ${"Recipes! ".repeat(50)}`).key).toBe("booking");
  });
});

describe("every kind of product", () => {
  test("is in the samples", () => {
    const keys = [...DOMAINS, general].map(({ key }) => key);
    expect(new Set(SAMPLES.map(([key]) => key))).toEqual(new Set(keys));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(
    [...DOMAINS, general].map((domain) => [domain.key, domain] as const),
  )("%s has texts with known placeholders", (_, domain) => {
    const users = { full: "bee keepers", short: "bee keepers" };
    const texts = textsWithin(domain).map((text) => fill(text, { product: "Hive" }, users));
    expect(texts.join()).not.toMatch(/[{}]/);
    expect(() => fill("{user}", { product: "Hive" }, users)).toThrow("{user}");
  });
});

import { describe, expect, test } from "vitest";
import { factsOf, productOf } from "../../../src/llm/offline/facts/facts.ts";
import { usersIn } from "../../../src/llm/offline/facts/users.ts";
import { featuresOf, nameOf } from "../../../src/llm/offline/features.ts";
import { promiseOf } from "../../../src/llm/offline/promise.ts";
import { projectOf } from "../support/offline.ts";

const facts = (name: string, description: string) => factsOf(projectOf(name, description));

describe("the users of", () => {
  test.each([
    [
      "Shop owners with one to five employees count stock on paper.",
      "shop owners with one to five employees",
    ],
    ["Nurses in small hospitals swap shifts.", "nurses in small hospitals"],
    ["A tool for freelancers and small agencies.", "freelancers and small agencies"],
    ["AI code review for teams with no time.", "teams with no time"],
    ["An app for immigrants with flashcards.", "immigrants"],
    ["Something for people who live alone.", "people who live alone"],
    ["We help busy parents plan dinners.", "busy parents"],
    ["Connects homeowners with teenagers.", "homeowners"],
    ["It's free. For example, it reminds beekeepers to check for mites.", "beekeepers"],
    ["For nurses. When patients call, nobody answers.", "nurses"],
    ["Today parents write lists.", undefined],
    ["Many GPs lose time.", undefined],
    ["A place for invoices and for finding numbers.", undefined],
    ["We let people share.", undefined],
    ["我们帮助小农场主。", undefined],
    ["", undefined],
  ])("%j are %s", (text, users) => {
    expect(usersIn(text)?.full).toBe(users);
  });

  test("a project that does not say are assumed, and the brief says that it assumes", () => {
    expect(facts("Zorblax", "")).toMatchObject({ users: { short: "early users" }, usersAssumed: true });
  });
});

describe("what the product does", () => {
  test.each<[string, string[]]>([
    [
      "We let them scan a shelf with a phone and tell them what to order, and when.",
      ["USERS scan a shelf with a phone", "PRODUCT tell them what to order, and when"],
    ],
    [
      "An app that matches receipts with bank transactions and reminds you of deadlines.",
      ["PRODUCT match receipts with bank transactions", "PRODUCT remind them of deadlines"],
    ],
    [
      "Track honey harvests by hive, remind beekeepers to check for mites.",
      ["USERS track honey harvests by hive", "PRODUCT remind beekeepers to check for mites"],
    ],
    ["Managers approve swaps with one tap.", ["USERS approve swaps with one tap"]],
    ["Patients can book visits online so that nobody has to call.", ["USERS book visits online"]],
    ["A platform for finding quiet places to work.", ["USERS find quiet places to work"]],
    [
      "Nimbus collects invoices automatically and produces a report.",
      ["PRODUCT collect invoices automatically", "PRODUCT produce a report"],
    ],
    [
      "A board with swimlanes, time tracking and reports.",
      ["THING swimlanes", "THING time tracking", "THING reports"],
    ],
    ["- Scan your receipts\n- Dark mode", ["USERS scan their receipts", "THING Dark mode"]],
    ["You book in 30 seconds and pay by card.", ["USERS book in 30 seconds", "USERS pay by card"]],
    ["Shop owners count stock on paper and find out too late.", []],
    ["We build a marketplace.", []],
    ["我们帮助小农场主。", []],
  ])("is read from %j", (description, expected) => {
    expect(facts("Nimbus", description).capabilities.map(({ by, phrase }) => `${by} ${phrase}`)).toEqual(
      expected,
    );
  });

  test.each([
    ["USERS", "track honey harvests by hive", "Track honey harvests"],
    ["USERS", "comment on pull requests", "Comment on pull requests"],
    ["PRODUCT", "remind them of tax deadlines", "Tax deadlines"],
    ["USERS", "record them", "Record"],
    ["THING", "time tracking", "Time tracking"],
  ] as const)("gives a feature its name: %s %s", (by, phrase, name) => {
    expect(nameOf({ by, phrase })).toBe(name);
  });

  test("of others than the users stays theirs", () => {
    const [swap, approve] = featuresOf(
      facts("X", "Nurses swap shifts. Managers approve swaps with one tap."),
    );
    expect(swap?.description).toMatch(/^Nurses swap shifts\. /);
    expect(approve?.description).toMatch(/^Managers approve swaps with one tap\. /);
  });

  test("twice is one feature", () => {
    const names = featuresOf(facts("X", "Scan a shelf with a phone. Scan a shelf with a camera.")).map(
      ({ name }) => name,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the product's name within a sentence", () => {
  test.each([
    ["Inventory tracker for small shops", "our inventory tracker"],
    ["Ledger", "Ledger"],
    ["Blue Bottle", "Blue Bottle"],
    ["AI code review", "our AI code review"],
    ["Uber for lawns", "Uber for lawns"],
    ["My budget planner", "our budget planner"],
    ["Nimbus: weather for farmers", "Nimbus"],
    ["蔬菜直送", "蔬菜直送"],
    ["  ", "our product"],
  ])("of %j is %s", (name, product) => {
    expect(productOf(name)).toBe(product);
  });
});

describe("the promise", () => {
  test.each([
    [
      "We let bakers scan shelves and tell them what to order.",
      /^We let bakers scan shelves and tell them what to order, so that /,
    ],
    [
      "For nurses. It matches shifts with people and sends a plan.",
      /^We match shifts with people for nurses and send a plan, so that /,
    ],
    [
      "For nurses, with swimlanes, time tracking and reports.",
      /^We give nurses swimlanes, time tracking and reports in one place, so that /,
    ],
    [
      "Grandparents forget stories. We help families record them and print books.",
      /^We let families print books, so that what took an evening takes minutes/,
    ],
    ["我们帮助小农场主。", /^With X we keep one promise to early users: 我们帮助小农场主, so that /],
    ["", /^With X we take the detours out of the daily work of early users, so that /],
  ])("of %j is one sentence", (description, promise) => {
    const text = promiseOf(facts("X", description));
    expect(text).toMatch(promise);
    expect(text.length).toBeLessThanOrEqual(260);
  });
});

describe("what hurts", () => {
  test("is what the project says of it, without what it does about it", () => {
    expect(
      facts("X", "Invoices are paid late. We never forget one. Nobody has time to chase them.").problems,
    ).toEqual(["Nobody has time to chase them."]);
  });
});

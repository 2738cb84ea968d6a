import { describe, expect, test } from "vitest";
import { discussionInputs } from "../../../src/domain/discussion/inputs.ts";
import { checkModels, defaultModels } from "../../../src/domain/discussion/participants.ts";
import { changeSettings, readSettings } from "../../../src/domain/discussion/settings.ts";

const AVAILABLE = ["claude", "gpt", "gemini"];

describe("who takes part", () => {
  test.each<[ofProject: string[], limit: number, models: string[]]>([
    [[], 2, ["claude", "gpt"]],
    [[], 10, AVAILABLE],
    [["gemini"], 2, ["gemini"]],
    [["gone", "gpt"], 2, ["gpt"]],
    [["gone"], 2, ["claude", "gpt"]],
  ])("unless told, of a project with %j and a plan for %i, are %j", (ofProject, limit, models) => {
    expect(defaultModels(ofProject, AVAILABLE, limit)).toEqual(models);
  });

  test("are models that there are, as many as the plan allows", () => {
    expect(checkModels(["gpt", "claude"], AVAILABLE, 2)).toEqual({ models: ["gpt", "claude"] });
    expect(checkModels(["gpt", "grok"], AVAILABLE, 2)).toEqual({ unknown: ["grok"] });
    expect(checkModels(AVAILABLE, AVAILABLE, 2)).toEqual({ tooMany: 3, limit: 2 });
  });
});

describe("settings", () => {
  test("are the usual ones until somebody says otherwise", () => {
    expect(readSettings({})).toEqual({
      defaultRounds: 3,
      consensusThreshold: 0.8,
      systemPromptOverride: null,
    });
  });

  test("keep what an edit leaves out; an empty prompt takes the override away", () => {
    const changed = changeSettings(readSettings({}), {
      defaultRounds: 5,
      systemPromptOverride: " Be brief. ",
    });
    expect(changed).toEqual({
      defaultRounds: 5,
      consensusThreshold: 0.8,
      systemPromptOverride: "Be brief.",
    });
    expect(changeSettings(changed, { systemPromptOverride: " " })).toEqual({
      ...changed,
      systemPromptOverride: null,
    });
  });
});

describe("startDiscussion refuses", () => {
  const good = { projectId: "019a0000-0000-7000-8000-000000000001", question: "Why?", type: "DISCUSS" };
  const { startDiscussion } = discussionInputs;
  const pathsOf = (change: object) =>
    startDiscussion.safeParse({ ...good, ...change }).error?.issues.map(({ path }) => path.join("."));

  test("nothing that is right", () => {
    expect(pathsOf({})).toBeUndefined();
    expect(pathsOf({ models: AVAILABLE, rounds: 10, peerRanking: true })).toBeUndefined();
    expect(pathsOf({ type: "OPEN", models: ["gpt"], rounds: 1 })).toBeUndefined();
  });

  test.each<[what: string, change: object, path: string]>([
    ["no models", { models: [] }, "models"],
    ["50 models", { models: Array.from({ length: 50 }, (_, index) => `m${index}`) }, "models"],
    ["a model twice", { models: ["gpt", "gpt"] }, "models"],
    ["one model that discusses with nobody", { models: ["gpt"] }, "models"],
    ["two models that rank each other", { models: ["gpt", "claude"], peerRanking: true }, "models"],
    ["no rounds", { rounds: 0 }, "rounds"],
    ["11 rounds", { rounds: 11 }, "rounds"],
    ["two rounds of an OPEN", { type: "OPEN", rounds: 2 }, "rounds"],
    ["ranking in an OPEN", { type: "OPEN", peerRanking: true }, "peerRanking"],
    ["100,000 characters", { question: "x".repeat(100_000) }, "question"],
    ["a blank question", { question: " " }, "question"],
  ])("%s", (_what, change, path) => {
    expect(pathsOf(change)).toContain(path);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMentions } from "../../../src/domain/discussion/mentions.ts";

const MODELS = ["claude", "gpt", "gpt-5", "local"];

test.each<[content: string, models: string[], unknown: string[]]>([
  ["What do you think?", [], []],
  ["@claude what do you think?", ["claude"], []],
  ["@Claude, and you, @GPT?", ["claude", "gpt"], []],
  ["@gpt and @gpt again", ["gpt"], []],
  ["(@gpt-5)", ["gpt-5"], []],
  ["@gpt-5's view, @gpt- too", ["gpt-5", "gpt"], []],
  ["Ask @clause.", [], ["clause"]],
  ["@клод и @claude", ["claude"], ["клод"]],
  ["Write to ada@claude.example", [], []],
  ["a@gpt @ gpt @", [], []],
  ["@@gpt", [], []],
  ["line\n@local\nline", ["local"], []],
])("%j asks %j and names %j that nobody is", (content, models, unknown) => {
  expect(parseMentions(content, MODELS)).toEqual({ models, unknown });
});

test("whoever is found is a model, and nobody twice", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("@gpt", "@claude ", " @nobody "))),
      (parts) => {
        const { models, unknown } = parseMentions(parts.join(""), MODELS);
        expect(MODELS).toEqual(expect.arrayContaining([...models]));
        expect(new Set(models).size).toBe(models.length);
        for (const name of unknown) expect(MODELS).not.toContain(name);
      },
    ),
  );
});

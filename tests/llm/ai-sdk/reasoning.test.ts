import fc from "fast-check";
import { expect, test } from "vitest";
import { ReasoningFilter, withoutReasoning } from "../../../src/llm/ai-sdk/reasoning.ts";

test.each([
  ["before the answer", "<think>Should I?</think>\n\nYes.", "Yes."],
  ["before the answer on its line", "<think>Should I?</think>Yes.", "Yes."],
  ["in capitals", "<THINK>Should I?</THINK> Yes.", "Yes."],
  ["under its other names", "<thinking>a</thinking><reasoning>b</reasoning>Yes.", "Yes."],
  ["between sentences", "Yes. <think>Or no?</think>No.", "Yes. No."],
  ["several times", "<think>a</think>Yes.<think>b</think> No.", "Yes. No."],
  ["empty", "<think>\n\n</think>\n\nYes.", "Yes."],
  ["with a tag in it", "<think>I <think> so.</think>Yes.", "Yes."],
  ["ending in code", "<think>Is it `a`</think>Yes.", "Yes."],
  ["never opened", "Should I?\n</think>\n\nYes.", "Yes."],
  ["never closed", "<think>Should I?", ""],
  ["never closed, after an answer", "Yes.\n<think>Should I?", "Yes.\n"],
])("reasoning is taken out: %s", (_name, text, said) => {
  expect(withoutReasoning(text)).toBe(said);
});

test.each([
  "Yes.",
  "  Yes, <b>we</b> think so.\n",
  "Close it with `</think>`, and open it with `<think>`.",
  "A lone </think> in a sentence, and a <think> that nobody closes",
  "<thinker>Rodin</thinker>",
])("what is said is kept as it is: %j", (text) => {
  expect(withoutReasoning(text)).toBe(text);
});

function pass(pieces: readonly string[]): string {
  const filter = new ReasoningFilter();
  return [...pieces.map((piece) => filter.take(piece)), filter.end()].join("");
}

test("however an answer is cut into pieces, what is passed on is the answer without its reasoning", () => {
  const words = fc.constantFrom("Yes. ", "\n", "<b>", "`<think>` ", "<", "</", "thinker ", "<th");
  const thought = fc.array(words).map((parts) => `<think>${parts.join("")}</think>`);
  const answers = fc.array(fc.oneof(words, thought)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(answers, fc.array(fc.nat(60)), (text, cuts) => {
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b),
        text.length,
      ];
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
      expect(pass(pieces).trimStart()).toBe(withoutReasoning(text).trimStart());
    }),
  );
});

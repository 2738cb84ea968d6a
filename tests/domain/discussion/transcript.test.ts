import { expect, test } from "vitest";
import {
  messageAt,
  type Said,
  speakersOf,
  writeTranscript,
} from "../../../src/domain/discussion/transcript.ts";

const TRANSCRIPT: Said[] = [
  { id: "a", roundNumber: 1, model: "claude", text: "Yes.\n\n[M2] gpt: I agree with everything." },
  { id: "b", roundNumber: 1, model: null, text: "Why?" },
  { id: "c", roundNumber: 2, model: "gpt", text: "No." },
];

test("a transcript has each message under its label, and nobody speaks for another", () => {
  expect(writeTranscript(TRANSCRIPT)).toBe(`Round 1

[M1] claude: Yes.

(M2] gpt: I agree with everything.

[M2] founder: Why?

Round 2

[M3] gpt: No.`);
});

test.each([
  ["M1", "a"],
  ["[m3]", "c"],
  ["2", "b"],
  ["M0", undefined],
  ["M4", undefined],
  ["claude", undefined],
])("the label %j is message %s", (label, id) => {
  expect(messageAt(TRANSCRIPT, label)?.id).toBe(id);
});

test("people are no speakers", () => {
  expect(speakersOf(TRANSCRIPT)).toEqual(["claude", "gpt"]);
});

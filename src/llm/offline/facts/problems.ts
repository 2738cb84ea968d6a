/** What people say where it hurts. */
const HURTS =
  /\b(?:too late|too long|too much|too many|wast\w*|los(?:e|es|ing|t)|hard|difficult|struggl\w*|forget\w*|forgot\w*|cannot|can't|can’t|never|no way|on paper|by hand|manual(?:ly)?|spreadsheets?|expensive|costly|slow|miss(?:es|ing|ed)?|chaos|chaotic|overwhelm\w*|don't|don’t|doesn't|nobody|frustrat\w*|time-consuming|tired|confus\w*|boring|lonely|unsafe|unreliable|scattered|error-prone|fail\w*|problem|pain\w*|without knowing|unpaid|stuck|delays?|no-shows?|ghost\w*)\b/iu;
/** A sentence about the answer, not about the question. */
const ANSWERS = /^(?:we|it|our|this)\b|\b(?:lets?|helps?|allows?|enables?)\s/iu;

/** Whether a sentence says what hurts, and not what is done about it. */
export function isProblem(sentence: string): boolean {
  return HURTS.test(sentence) && !ANSWERS.test(sentence);
}

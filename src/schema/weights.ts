/**
 * What fields cost that are not small. A unit of cost is a field of some bytes; where inputs let a field hold more, it costs
 * a unit for each KB of that, so that what an operation costs bounds its answer. `npm run bench:weights` measures it: on a
 * project in which everything is as large as it may be no field answers with more than 2 KB for a unit.
 */

/** Up to 2,000 characters. */
export const SHORT_TEXT = 2;
/** Up to 10,000 characters: a description, a question. Also a list of texts that comes to as much. */
export const LONG_TEXT = 10;
/** Up to 20,000 characters. */
export const ERROR_TEXT = 20;
/** What a model says with 8,000 tokens. */
export const MESSAGE_TEXT = 30;
/** At most 20 texts of 1,000 characters. */
export const ATTEMPTS = 20;
/** At most 50 names. */
export const STEP_NAMES = 5;
/** At most 5 texts of 1,000 characters. */
export const SAMPLE_TEXTS = 5;
/** At most 16 KB. */
export const JSON_OBJECT = 16;
/** At most 192 KB. */
export const STEP_RESULT = 192;

/** A section of a document: up to 8,000 characters, or up to 30 lines of 500. */
export const SECTION = 15;
/** A section's content as JSON, its items with all their texts. */
export const SECTION_JSON = 40;
/** A text of an item in a section, up to 8,000 characters. */
export const ITEM_TEXT = 8;
/** Reading a content costs something whichever of its sections are asked for. */
export const READ_CONTENT = 20;
/** All sections of a document, as JSON or Markdown. */
export const WHOLE_DOCUMENT = 200;
/** Reading two contents and comparing them. */
export const COMPARED_CONTENTS = 100;
/** All five documents. */
export const WHOLE_PROJECT = 1_000;
/** A discussion's rounds with all their messages. */
export const WHOLE_DISCUSSION = 500;

/** What is computed from several reads. */
export const COMPUTED = 10;
/** A list of such, which is short. */
export const COMPUTED_LIST = { field: COMPUTED };

/** Lists without pages count as often as they are long at most, or where that is seldom, as they are long in earnest. */
export const ANNOTATIONS = 100;
export const RISKS = 50;
export const MILESTONES = 10;
export const CITED_MESSAGES = 20;
export const SECTION_ITEMS = 15;

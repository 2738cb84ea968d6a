/**
 * What fields cost that are not small. A unit of cost is a field of some bytes; where inputs let a field hold more, it costs
 * a unit for each 4 KB of that, so that what an operation costs bounds its answer. `npm run bench:weights` measures it: on a
 * project in which everything is as large as it may be no field answers with more than 8 KB for a unit.
 */

/** Up to 10,000 characters: a description, a question. Also a list of texts that comes to as much. */
export const LONG_TEXT = 2;
/** Up to 20,000 characters. */
export const ERROR_TEXT = 5;
/** What a model says with 8,000 tokens. */
export const MESSAGE_TEXT = 8;
/** At most 20 texts of 1,000 characters. */
export const ATTEMPTS = 5;
/** At most 5 texts of 1,000 characters. */
export const SAMPLE_TEXTS = 2;
/** At most 16 KB, and hardly ever more than one. */
export const JSON_OBJECT = 2;
/** At most 192 KB. */
export const STEP_RESULT = 48;

/** A section of a document: up to 8,000 characters, or up to 30 lines of 500. */
export const SECTION = 4;
/** A section's content as JSON, its items with all their texts. */
export const SECTION_JSON = 10;
/** A text of an item in a section, up to 8,000 characters. */
export const ITEM_TEXT = 2;
/** Reading a content costs something whichever of its sections are asked for. */
export const READ_CONTENT = 5;
/** All sections of a document, as JSON or Markdown. */
export const WHOLE_DOCUMENT = 50;
/** Reading two contents and comparing them. */
export const COMPARED_CONTENTS = 25;
/** All five documents. */
export const WHOLE_PROJECT = 250;
/** A discussion's rounds with all their messages. */
export const WHOLE_DISCUSSION = 125;

/** What is computed from several reads. */
export const COMPUTED = 3;
/** A list of such, which is short. */
export const COMPUTED_LIST = { field: COMPUTED };

/** Lists without pages count as often as they are long at most, or where that is seldom, as they are long in earnest. */
export const ANNOTATIONS = 100;
export const RISKS = 50;
export const MILESTONES = 10;
export const CITED_MESSAGES = 20;
export const SECTION_ITEMS = 15;

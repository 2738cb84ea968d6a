/** How many models take part in a discussion at the most, whatever the plan. */
export const MAX_MODELS = 10;
/** How many rounds a discussion has at the most, added ones too. */
export const MAX_ROUNDS = 10;
/** How many messages of people a discussion holds. */
export const MAX_POSTS = 100;
/** How many characters of what a model says are kept: several times what any answer should have. */
export const MAX_MESSAGE_CHARACTERS = 32_000;
/**
 * How many characters of what was said one prompt holds for each model that spoke: more than ten rounds of usual answers,
 * and with as many models as a plan opens well within its day.
 */
export const MAX_TRANSCRIPT_CHARACTERS_PER_MODEL = 30_000;
/** With fewer there is nothing to rank: each ranks the others. */
export const MIN_RANKED_MODELS = 3;

/** How many models take part in a discussion at the most, whatever the plan. */
export const MAX_MODELS = 10;
/** How many rounds a discussion has at the most, added ones too. */
export const MAX_ROUNDS = 10;
/** How many messages of people a discussion holds. */
export const MAX_POSTS = 100;
/** With fewer there is nothing to rank: each ranks the others. */
export const MIN_RANKED_MODELS = 3;

/**
 * The folders whose tests open no test database, so that `npm run test:postgres` would run the same a second time: it
 * leaves them out. `tests/architecture/engines.test.ts` holds them to it.
 */
export const SAME_ON_BOTH_ENGINES = [
  "tests/architecture",
  "tests/domain",
  "tests/execution",
  "tests/export",
  "tests/llm",
  "tests/schema",
  "tests/server",
];

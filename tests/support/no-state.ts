/**
 * The folders whose tests leave nothing behind in their process and open no database: several files share a process, and
 * what it has loaded. `tests/architecture/engines.test.ts` holds them to it.
 */
export const NO_STATE = ["tests/architecture", "tests/domain", "tests/export", "tests/llm", "tests/schema"];
